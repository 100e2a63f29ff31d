"""The time axis that all charts share: the last seconds up to now, in cells of two dot columns.

Columns belong to absolute time: a picture scrolls by whole cells and nothing in it shimmers.
"""

from __future__ import annotations

import math

import msgspec

SPAN = 120.0
"""Seconds from the left edge to now."""


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


def axis(now: float, cells: int) -> Axis:
    """The axis that ends at `now` in its last cell."""
    per = cells * 2 / SPAN
    first = math.floor(now * per) - cells * 2 + 1
    return Axis(cells, per, first + (first & 1))


def axis_text(left: int, cells: int, tail: int) -> str:
    """The line below a chart: `left` cells, then how long ago, then `tail` cells."""
    row = [" "] * (left + cells + tail)
    for ago in (120, 90, 60, 30, 0) if cells > 44 else (120, 60, 0) if cells > 20 else (0,):
        text = f"−{ago}\u00a0s" if ago == 120 else f"−{ago}" if ago else "now"
        shift = 0 if ago == 120 else len(text) // 2 if ago else len(text) - 1
        at = left + (cells - 1) * (120 - ago) // 120 - shift
        row[at : at + len(text)] = text
    return "".join(row)[: left + cells + tail]
