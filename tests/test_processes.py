"""Other processes, seen through the one module that looks at them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.processes import Process, is_running, pid_in
from tests.support.grower import grower

NOBODY = 2**22 + 1
"""More than Linux gives to a process."""


def test_memory_and_files_are_those_of_the_process() -> None:
    with grower() as watched:
        process = Process(watched.pid)
        before = process.read()
        assert before is not None
        assert before.cpu is None
        watched.take(50_000_000)
        watched.open(40)
        after = process.read()
        assert after is not None
        assert before.memory is not None
        assert before.files is not None
        assert after.memory is not None
        assert 45e6 < after.memory - before.memory < 60e6
        assert after.files == before.files + 40
        assert after.cpu is not None


def test_files_are_the_same_counted_or_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    with grower() as watched:
        process = Process(watched.pid)
        watched.open(7)
        counted = process.read()
        monkeypatch.setattr("loadtui.processes._counted", lambda _: 0)
        listed = process.read()
        assert counted is not None
        assert listed is not None
        assert counted.files == listed.files


def test_a_process_that_ended_is_gone_buried_or_not() -> None:
    with grower() as watched:
        process = Process(watched.pid)
        assert is_running(watched.pid)
        watched.die()
        os.waitid(os.P_PID, watched.pid, os.WEXITED | os.WNOWAIT)
        assert process.read() is None
        assert not is_running(watched.pid)
        watched.kill()
        assert process.read() is None
        with pytest.raises(LookupError):
            Process(watched.pid)
    assert not is_running(NOBODY)


@pytest.mark.parametrize(
    ("text", "pid"),
    [("123\n", 123), (" 7", 7), ("42 extra\n9\n", 42), ("", None), ("x", None), ("0", None)],
)
def test_a_pid_file_begins_with_the_number(text: str, pid: int | None, tmp_path: Path) -> None:
    file = tmp_path / "x.pid"
    file.write_text(text)
    assert pid_in(file) == pid
    file.write_bytes(b"\xff\xfe")
    assert pid_in(file) is None
