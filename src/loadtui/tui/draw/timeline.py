"""The timeline: every marker, newest first, with what came of it."""

from __future__ import annotations

from typing import NamedTuple

from loadtui.model.marker import Marker, MarkerKind
from loadtui.model.units import moment
from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, clean, cut, pen, spread, width
from loadtui.tui.draw.figures import circled, plural
from loadtui.tui.draw.head import tail_hue
from loadtui.tui.draw.title import title
from loadtui.tui.draw.track import HUES

_SIGNS: dict[MarkerKind, str] = {
    "act": "▸",
    "fault": "▲",
    "bad": "✗",
    "good": "✓",
    "note": "•",
    "panic": "■",
    "loss": "✗",
}
_LOUD = frozenset({"fault", "bad", "panic", "loss"})


class Listed(NamedTuple):
    """The pane's rows, and which marker's number stands in which of them."""

    rows: Rows
    places: dict[int, int]


def timeline(
    markers: tuple[Marker, ...], tabs: str, chosen: int, cells: int, height: int, *, focused: bool
) -> Listed:
    """The pane, scrolled so far that the marker numbered `chosen` is to be seen (0: none is)."""
    head = title("timeline", tabs or plural(len(markers), "marker"), cells, focused=focused)
    if not markers:
        words = "  nothing yet: every act, fault and outcome lands here"
        return Listed((head, ((cut(words, cells), pen("quiet")),)), {})
    lines, last = _until(markers, chosen, cells, height - 1)
    start = max(0, min(last + 1, len(lines)) - max(1, height - 1))
    shown = lines[start : start + max(0, height - 1)]
    rows = (_raised(row) if focused and number == chosen else row for number, row in shown)
    return Listed((head, *rows), {y: number for y, (number, _) in enumerate(shown, 1)})


def _until(
    markers: tuple[Marker, ...], chosen: int, cells: int, height: int
) -> tuple[list[tuple[int, Row]], int]:
    """Lines from the newest on, as many as are needed, and the last one of the chosen marker."""
    lines: list[tuple[int, Row]] = []
    last, sought = 0, any(marker.number == chosen for marker in markers)
    for marker in reversed(markers):
        lines += ((marker.number, row) for row in _lines(marker, cells))
        if marker.number == chosen:
            last, sought = len(lines) - 1, False
        if len(lines) >= height and not sought:
            break
    return lines, last


def _raised(row: Row) -> Row:
    return tuple((text, hand._replace(bg="raise")) for text, hand in row)


def _lines(marker: Marker, cells: int) -> list[Row]:
    line = _line(marker, cells)
    outcome, tail = clean(marker.outcome), clean(marker.tail)
    if not tail:
        return [line]
    hue = tail_hue(tail)
    arm: Cell = ("    ╰ ", pen("fault"))
    if not outcome:
        return [line, (arm, (cut(tail, cells - 6), pen(hue, bold=True)))]
    said: Cell = (cut(outcome, cells - 6), pen("ink", bold=True))
    if width(outcome) + width(tail) + 9 <= cells:
        return [line, (arm, said, (f" · {tail}", pen(hue, bold=True)))]
    return [line, (arm, said), ((f"      {cut(tail, cells - 6)}", pen(hue, bold=True)),)]


def _line(marker: Marker, cells: int) -> Row:
    hue: Hue = HUES[marker.kind]
    end = " ● on " if marker.open and marker.kind == "fault" else ""
    start: list[Cell] = [
        (f" {moment(marker.at)} ", pen("quiet")),
        (f"{circled(marker.number)} {_SIGNS[marker.kind]} ", pen(hue, bold=True)),
    ]
    room = cells - sum(width(text) for text, _ in start) - len(end)
    what = cut(clean(marker.what), max(0, room))
    loud = marker.kind in _LOUD
    start.append((what, pen(hue if loud else "ink", bold=marker.kind == "fault")))
    room -= width(what) + 2
    if marker.detail and room > 3:
        start.append((f"  {cut(clean(marker.detail), room)}", pen("quiet")))
    return spread(start, [(end, pen("fault", bold=True))], cells, pen())
