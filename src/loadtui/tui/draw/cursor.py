"""The line below a chart while a cursor stands in it: the moment, and what happened there."""

from __future__ import annotations

from loadtui.model.marker import Marker
from loadtui.tui.draw.axis import Axis
from loadtui.tui.draw.cells import Cell, Row, clean, cut, merged, pen, width
from loadtui.tui.draw.figures import circled, clock
from loadtui.tui.draw.track import HUES, Span

_MOST = 3
"""Markers told at once."""


def under(spans: tuple[Span, ...], cell: int) -> tuple[Marker, ...]:
    """The markers at a cell: moments and ends of windows first, then windows that cover it."""
    at = [s.marker for s in spans if cell in {s.first, s.last}]
    around = [s.marker for s in spans if s.first < cell < s.last]
    return (*at, *around)[:_MOST]


def words(marker: Marker) -> str:
    """A marker in full."""
    told = f"{circled(marker.number)} {clean(marker.what)}"
    parts = (marker.detail, marker.outcome, marker.tail)
    return " · ".join((told, *(clean(part) for part in parts if part)))


def cursor_row(
    at: float, now: float, time: Axis, spans: tuple[Span, ...], left: int, cells: int
) -> Row:
    """The line in `cells` cells, of which `left` lie before the axis."""
    moment = f" {clock(at)} · −{max(0.0, now - at):.0f} s "
    cell = time.cell(at)
    start = max(0, min(left + cell - width(moment) // 2, cells - width(moment)))
    hot: Cell = (moment, pen("bg", "accent", bold=True))
    before, after = start, cells - start - width(moment)
    room = max(before, after) - 2
    told, used = [], 0
    for marker in under(spans, cell):
        text = cut(words(marker), room - used)
        if text:
            told.append((f"  {text}", pen(HUES[marker.kind], bold=True)))
            used += width(text) + 2
    used = sum(width(text) for text, _ in told)
    if after >= before:
        return merged([(" " * before, pen()), hot, *told, (" " * max(0, after - used), pen())])
    return merged([(" " * max(0, before - used), pen()), *told, hot, (" " * after, pen())])
