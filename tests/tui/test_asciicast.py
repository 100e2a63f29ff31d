"""A recording of the screen, played into a terminal emulator."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path

import pyte
import pytest

from loadtui.errors import BadInput
from loadtui.tui.asciicast import Asciicast, create
from tests.tui.test_app import Terminal, terminals

__all__ = ["terminals"]


def played(path: Path) -> tuple[pyte.Screen, list[float]]:
    """What a player shows before the terminal is given back, and when things happened."""
    header, *events = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert header["version"] == 2
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    for _, kind, data in events:
        if kind == "r":
            columns, rows = map(int, data.split("x"))
            screen.resize(rows, columns)
        elif "?1049l" in data:
            break
        else:
            # pyte does not know how kitty's keyboard is given back.
            stream.feed(data.replace("\x1b[<u", ""))
    return screen, [at for at, _, _ in events]


def test_played_it_shows_what_the_terminal_showed(
    terminals: list[Terminal],
    tmp_path: Path,
) -> None:
    path = tmp_path / "demo.cast"
    terminal = Terminal("fault", "--presenter", f"--record={path}")
    terminals.append(terminal)
    terminal.until("▲ FAULT ON")
    terminal.press("q")
    terminal.until("Quit?")
    shown = list(terminal.screen.display)
    terminal.press("y")
    assert terminal.ended() == 0
    screen, times = played(path)
    assert screen.display[1:6] == shown[1:6]
    assert "▲ FAULT ON" in screen.display[0]
    assert times == sorted(times)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    terminal.close()


def test_another_size_is_told_before_what_is_painted_in_it() -> None:
    file, sizes = io.StringIO(), iter([(80, 24), (80, 24), (100, 30)])
    tape = Asciicast(file, iter([10.0, 10.5, 11.0]).__next__, sizes.__next__)
    tape.header(1.5e9, {"TERM": "xterm"})
    tape.painted("a")
    tape.painted("\x1b[31mé")
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert lines == [
        {
            "version": 2,
            "width": 80,
            "height": 24,
            "timestamp": 1500000000,
            "env": {"TERM": "xterm"},
        },
        [0.5, "o", "a"],
        [1.0, "r", "100x30"],
        [1.0, "o", "\x1b[31mé"],
    ]


def test_a_disk_that_refuses_ends_the_recording_and_nothing_else() -> None:
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as full:
        tape = Asciicast(full, lambda: 0.0, lambda: (80, 24))
        tape.painted("x" * 100_000)
        tape.painted("more")
        assert "No space left" in tape.problem
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


def test_a_file_that_cannot_be_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--record"):
        create(tmp_path / "nowhere" / "x.cast")
