"""The marker strip: on a chart's hairline, what the operator did at its moment, faults as bars.

A fault is a bar as long as it lasts (`③━━━┫`), readable without colour.
"""

from __future__ import annotations

from typing import NamedTuple

from loadtui.model.marker import Marker, MarkerKind
from loadtui.tui.draw.axis import Axis
from loadtui.tui.draw.cells import Cell, Hue, Pen, clean, pen, width
from loadtui.tui.draw.figures import circled

HUES: dict[MarkerKind, Hue] = {
    "act": "accent",
    "fault": "fault",
    "bad": "bad",
    "good": "good",
    "note": "ink",
    "panic": "bad",
    "loss": "bad",
}
_ON_STRIP = frozenset({"act", "fault", "note", "panic", "loss"})


class Span(NamedTuple):
    """A marker with its first and last cell, the same for a moment; `first` may be negative."""

    first: int
    last: int
    marker: Marker


def spans(markers: tuple[Marker, ...], time: Axis, now: float) -> tuple[Span, ...]:
    """The markers that reach onto the axis, oldest first."""
    out = []
    for marker in markers:
        first = time.cell(marker.at)
        end = now if marker.open else marker.ended
        last = first if end is None else max(first, time.cell(end))
        if last >= 0 and first < time.cells:
            out.append(Span(first, min(last, time.cells - 1), marker))
    return tuple(out)


def is_window(marker: Marker) -> bool:
    """Whether a marker is painted as a bar and a band."""
    return marker.kind == "fault"


def strip(on_axis: tuple[Span, ...], cells: int, rule: Pen, *, names: bool) -> list[Cell]:
    """The hairline of that many cells, one cell each; `names`: with words where there is room."""
    row: list[Cell] = [("─", rule)] * cells
    shown = [span for span in on_axis if span.marker.kind in _ON_STRIP]
    for index, span in enumerate(shown):
        after = next((s.first for s in shown[index + 1 :] if s.first > span.first), cells)
        if is_window(span.marker):
            _bar(row, span, after, names=names)
        elif span.first >= 0:
            hand = pen(HUES[span.marker.kind], bold=True)
            room = after - span.first
            _write(row, span.first, _sign(span.marker, room if names else 0), hand)
    return row


def _name(marker: Marker) -> str:
    return clean(marker.short or marker.what)


def _sign(marker: Marker, room: int) -> str:
    number, name = circled(marker.number), _name(marker)
    if width(name) + len(number) + 3 <= room:
        return f"{number} {name} "
    return number


def _bar(row: list[Cell], span: Span, after: int, *, names: bool) -> None:
    marker, hand = span.marker, pen("fault", bold=True)
    start = max(span.first, 0)
    _write(row, start, "━" * (span.last - start + 1), hand)
    ended = not marker.open and marker.ended is not None
    if ended and span.last < len(row):
        _write(row, span.last, "┫", hand)
    room = span.last - start if ended else after - start
    sign = _sign(marker, room if names else 0)
    _write(row, start, sign, hand)
    if names and ended:
        said = len(sign) > len(circled(marker.number))
        _after(row, span.last + 1, after, marker, said=said)


def _after(row: list[Cell], at: int, end: int, marker: Marker, *, said: bool) -> None:
    words: tuple[tuple[str, Hue], ...] = ((clean(marker.tail), "good"),)
    if not said:
        words = ((_name(marker), "fault"), *words)
    for text, hue in words:
        if text and at + width(text) + 2 < end:
            _write(row, at, f" {text} ", pen(hue, bold=True))
            at += width(text) + 1


def _write(row: list[Cell], at: int, text: str, hand: Pen) -> None:
    """Put text into single cells; wide characters would break the time axis and become "·"."""
    for offset, ch in enumerate(text):
        if at + offset < len(row):
            row[at + offset] = (ch if width(ch) == 1 else "·", hand)
