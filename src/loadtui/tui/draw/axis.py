"""The time axis that all charts share: the last seconds up to now, in cells of two dot columns.

Columns belong to absolute time: a picture scrolls by whole cells and nothing in it shimmers.
"""

from __future__ import annotations

import math

import msgspec

SPAN = 120.0
"""Seconds from the left edge to now, unless another zoom was chosen."""


class Axis(msgspec.Struct, frozen=True):
    """`first`: the absolute number of the leftmost dot column, even; `per`: columns a second."""

    cells: int
    per: float
    first: int

    @property
    def dots(self) -> int:
        """How many dot columns there are."""
        return self.cells * 2

    def dot(self, at: float) -> int:
        """The dot column of a session second; below 0 or past `dots` when it is not on the axis."""
        return math.floor(at * self.per) - self.first

    def cell(self, at: float) -> int:
        """The cell of a session second; below 0 when it has left the axis."""
        return self.dot(at) >> 1

    def moment(self, cell: int) -> float:
        """The session second in the middle of a cell."""
        return (self.first + 2 * cell + 1) / self.per


def axis(now: float, cells: int, span: float = SPAN) -> Axis:
    """The axis that ends at `now` in its last cell."""
    per = cells * 2 / span
    first = math.floor(now * per) - cells * 2 + 1
    return Axis(cells, per, first + (first & 1))


def axis_text(left: int, cells: int, tail: int, span: float = SPAN) -> str:
    """The line below a chart: `left` cells, then how long ago, then `tail` cells."""
    row = [" "] * (left + cells + tail)
    size, unit = _unit(span)
    parts = _parts(span / size) if cells > 44 else 2 if cells > 20 else 1
    for part in range(parts if cells > 20 else 0, -1, -1):
        ago = span / size * part / parts
        text = f"−{ago:g}\u00a0{unit}" if part == parts else f"−{ago:g}" if part else "now"
        shift = 0 if part == parts else len(text) // 2 if part else len(text) - 1
        at = left + (cells - 1) * (parts - part) // parts - shift
        row[at : at + len(text)] = text
    return "".join(row)[: left + cells + tail]


def _unit(span: float) -> tuple[float, str]:
    if span <= 180:
        return 1.0, "s"
    return (60.0, "min") if span <= 7200 else (3600.0, "h")


def _parts(length: float) -> int:
    """Into how many parts that many units fall whole; two where there is none."""
    return next((n for n in (4, 5, 3) if length % n == 0), 2)
