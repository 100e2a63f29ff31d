from __future__ import annotations

import io
import os

from loadtui.tui.terminal import _Guarded


def test_what_cannot_be_written_any_more_is_swallowed_and_told_once() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    told = []
    with open(writer, "w", encoding="utf-8", closefd=False) as file:
        guarded = _Guarded(file, lambda: told.append("lost"))
        for _ in range(3):
            assert guarded.write("x" * 100_000) == 100_000
            guarded.flush()
        assert told == ["lost"]
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)
    os.close(writer)


def test_a_terminal_that_is_there_gets_everything() -> None:
    file = io.StringIO()
    guarded = _Guarded(file, lambda: None)
    guarded.write("one ")
    guarded.write("two")
    guarded.flush()
    assert file.getvalue() == "one two"
