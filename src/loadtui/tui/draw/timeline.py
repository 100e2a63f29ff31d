"""The timeline: every marker, newest first, with what came of it."""

from __future__ import annotations

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


def timeline(
    markers: tuple[Marker, ...], tabs: str, offset: int, cells: int, height: int, *, focused: bool
) -> Rows:
    """The pane; `offset`: how many lines it is scrolled towards the past."""
    head = title("timeline", tabs or plural(len(markers), "marker"), cells, focused=focused)
    if not markers:
        words = "  nothing yet: every act, fault and outcome lands here"
        return head, ((cut(words, cells), pen("quiet")),)
    wanted = offset + height - 1
    lines: list[Row] = []
    for marker in reversed(markers):
        lines += _lines(marker, cells)
        if len(lines) >= wanted:
            break
    start = max(0, min(offset, len(lines) - (height - 1)))
    return (head, *lines[start : start + height - 1])


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
