"""The inside of a chart, row by row, in layers.

Grid, limit and fault bands lie lowest, then the edges of markers, then areas, then lines, then the
numbers of thresholds that changed, each where its line crossed the limit.
"""

from __future__ import annotations

from loadtui.model.marker import Marker
from loadtui.tui.draw.cells import Cell, Hue, pen, width
from loadtui.tui.draw.figures import circled
from loadtui.tui.draw.plot import Fill, Plot
from loadtui.tui.draw.track import HUES, Span, is_window


class Ground:
    """Composes what a Plot holds with the markers `spans`. `limit`: the limit's row, `cursor`: its
    cell; `chart`: the name by which thresholds belong to this chart.
    """

    def __init__(
        self,
        plot: Plot,
        spans: tuple[Span, ...],
        *,
        chart: str,
        limit: int | None,
        cursor: int | None,
    ) -> None:
        """Sort the markers into bands, edges and answers."""
        self._plot, self._limit = plot, limit
        self._tint: list[Hue | None] = [None] * plot.cells
        self._edges: dict[int, tuple[str, Hue]] = {}
        self._answers: dict[int, list[tuple[int, Marker]]] = {}
        for span in spans:
            self._mark(span, chart)
        if cursor is not None:
            self._edges[cursor] = ("│", "accent")

    def _mark(self, span: Span, chart: str) -> None:
        marker, first = span.marker, span.first
        if is_window(marker):
            for cell in range(max(0, first), span.last + 1):
                self._tint[cell] = "fault-tint"
            self._edges[first] = ("┊", "fault")
            if not marker.open:
                self._edges[span.last] = ("┊", "fault")
        elif marker.kind in {"act", "note", "panic", "loss"}:
            hue: Hue = "act-line" if marker.kind == "act" else HUES[marker.kind]
            self._edges[first] = ("┊", hue)
        elif marker.chart == chart:
            row = self._plot.rows - 1 if self._limit is None else self._limit
            self._answers.setdefault(row, []).append((first, marker))

    def row(self, row: int, *, is_tick: bool) -> list[Cell]:
        """One row, cell by cell."""
        out = self._base(row, is_tick=is_tick)
        for cell, (ch, hue) in self._edges.items():
            if 0 <= cell < len(out):
                out[cell] = (ch, pen(hue, self._tint[cell]))
        fills = self._plot.fills(row)
        self._areas(out, fills)
        self._dots(out, fills, row)
        for first, marker in self._answers.get(row, ()):
            for cell, ch in enumerate(circled(marker.number), first):
                if 0 <= cell < len(out) and width(ch) == 1:
                    out[cell] = (ch, pen(HUES[marker.kind], out[cell][1].bg, bold=True))
        return out

    def _base(self, row: int, *, is_tick: bool) -> list[Cell]:
        ch, hue = self._grid(row, is_tick=is_tick)
        plain, hot = (ch, pen(hue)), (ch, pen(hue, "fault-tint"))
        return [hot if tint else plain for tint in self._tint]

    def _grid(self, row: int, *, is_tick: bool) -> tuple[str, Hue]:
        if row == self._limit:
            return "╌", "limit"
        if is_tick:
            return "─" if row == self._plot.rows - 1 else "┈", "line"
        return " ", "line"

    def _areas(self, out: list[Cell], fills: list[Fill]) -> None:
        for cell, (under, part, hue) in enumerate(fills):
            if part:
                out[cell] = (part, pen(hue, under or self._tint[cell]))
            elif under and cell in self._edges:
                ch, edge = self._edges[cell]
                out[cell] = (ch, pen(edge, under))
            elif under:
                # Ink on its own ground: no seams, and still there in plain text.
                out[cell] = ("█", pen(under, under))

    def _dots(self, out: list[Cell], fills: list[Fill], row: int) -> None:
        owner = self._plot.owner[row]
        for cell, bits in enumerate(self._plot.bits[row]):
            if bits:
                under, part, hue = fills[cell] if fills else (None, "", "ink")
                bg = hue if part > "▃" else under or self._tint[cell]
                out[cell] = (chr(0x2800 + bits), pen(owner[cell], bg))
