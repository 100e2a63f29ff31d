"""What is on the screen, as plain lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from loadtui.tui.draw.cells import Row, row_width, words_of


def lines(rows: Iterable[Row]) -> list[str]:
    """Rows without colours and without the blanks at their ends."""
    return [words_of(row).rstrip() for row in rows]


def page(rows: Iterable[Row]) -> str:
    """Rows as one text."""
    return "\n".join(lines(rows))


def widest(rows: Iterable[Row]) -> int:
    """Cells of the widest row."""
    return max((row_width(row) for row in rows), default=0)


def hues(rows: Iterable[Row], text: str) -> set[str]:
    """The colours in which a piece of text is written."""
    return {hand.fg for row in rows for words, hand in row if text in words}


def seen(app: App[Any]) -> str:
    """The whole screen of a running app."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def spot(pilot: Pilot[int], text: str) -> tuple[int, int]:
    """Where that text begins on the screen, once the screen holds still."""
    before = ""
    for _ in range(50):
        await pilot.pause()
        now = seen(pilot.app)
        for y, line in enumerate(now.split("\n")):
            if text in line and now == before:
                return line.index(text), y
        before = now
    raise AssertionError(f"{text!r} is not on the screen:\n{before}")


async def until(pilot: Pilot[int], is_so: Callable[[], bool]) -> None:
    """Let the app go on until something is so."""
    for _ in range(300):
        if is_so():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"it never was so:\n{seen(pilot.app)}")
