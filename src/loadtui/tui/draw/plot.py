"""A field of dots for lines (2 × 4 a cell) and of eighths for areas.

An area is painted as a ground, so that a line stays readable on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from loadtui.tui.draw.cells import Hue

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_EIGHTHS = " ▁▂▃▄▅▆▇"

Step = tuple[int, float, bool]
"""A dot column, a value, and whether the line reaches it from the step before without a gap."""


Fill = tuple[Hue | None, str, Hue]
"""A cell's full ground, the partial block in front of it ("" for none), and that block's hue."""


class Plot:
    """`bits` and `owner`: each cell's dots and the hue of the last line through it, row by row."""

    def __init__(self, cells: int, rows: int) -> None:
        """An empty field of that many cells and rows."""
        self.cells, self.rows = cells, rows
        self.bits = [bytearray(cells) for _ in range(rows)]
        self.owner: list[list[Hue]] = [["ink"] * cells for _ in range(rows)]
        self._areas: list[tuple[list[int], list[Hue]]] = []

    def level(self, unit: float) -> int:
        """The dot row, from the top, of a value's place between 0 and 1."""
        top = self.rows * 4 - 1
        return min(top, max(0, top - round(unit * top)))

    def line(
        self, steps: Iterable[tuple[int, int, bool]], hue: Callable[[int], Hue], *, thick: bool
    ) -> None:
        """Draw a stepped line through (dot column, dot row, joined); `hue` by dot row."""
        x, y = 0, 0
        for column, row, joined in steps:
            if joined:
                for between in range(x + 1, column):
                    self._column(between, y, y + thick, hue)
                self._column(column, min(y, row), max(y, row) + thick, hue)
            else:
                self._column(column, row, row + thick, hue)
            x, y = column, row

    def _column(self, column: int, top: int, low: int, hue: Callable[[int], Hue]) -> None:
        if not 0 <= column < self.cells * 2:
            return
        cell, side = column >> 1, column & 1
        for row in range(top, min(low, self.rows * 4 - 1) + 1):
            self.bits[row >> 2][cell] |= _DOTS[row & 3][side]
            self.owner[row >> 2][cell] = hue(row)

    def area(
        self, steps: Iterable[Step], unit: Callable[[float], float], hue: Callable[[float], Hue]
    ) -> None:
        """Fill below (dot column, value, joined); `hue` by value. Later areas lie in front."""
        heights = [0] * self.cells
        hues: list[Hue] = ["rate"] * self.cells
        last = 0
        for column, value, joined in steps:
            height = max(1, round(unit(value) * self.rows * 8)) if value > 0 else 0
            for cell in range((last + 1 if joined else column) >> 1, (column >> 1) + 1):
                if 0 <= cell < self.cells and height > heights[cell]:
                    heights[cell], hues[cell] = height, hue(value)
            last = column
        if any(heights):
            self._areas.append((heights, hues))

    def fills(self, row: int) -> list[Fill]:
        """What areas put into each cell of a row; empty without any area."""
        if not self._areas:
            return []
        base = (self.rows - 1 - row) * 8
        out: list[Fill] = [(None, "", "rate")] * self.cells
        for heights, hues in self._areas:
            for cell, height in enumerate(heights):
                eighths = height - base
                if eighths >= 8:
                    out[cell] = (hues[cell], "", "rate")
                elif eighths > 0:
                    out[cell] = (out[cell][0], _EIGHTHS[eighths], hues[cell])
        return out
