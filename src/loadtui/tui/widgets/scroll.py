"""A pane that can be scrolled by whole lines."""

from __future__ import annotations

from collections.abc import Callable

from loadtui.tui.draw.cells import Rows
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.wheel import Wheel

ScrolledDraw = Callable[[int, int, int, bool], Rows]
"""Lines scrolled, cells, rows, focused → what to paint."""


class ScrollPane(Wheel, Pane):
    """Holds how far it is scrolled; `limit` is the furthest."""

    def __init__(self, *, id: str, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._offset, self._limit = 0, 0
        self._scrolled: ScrolledDraw | None = None

    def feed(self, draw: ScrolledDraw, limit: int) -> None:
        """Show what `draw` draws."""
        self._scrolled, self._limit = draw, max(0, limit)
        self._redraw()

    def move(self, by: int) -> None:
        """Scroll."""
        self._offset = max(0, min(self._offset + by, self._limit))
        self._redraw()

    def _redraw(self) -> None:
        if (scrolled := self._scrolled) is None:
            return
        offset = self._offset = min(self._offset, self._limit)
        self.show(lambda cells, height, focused: scrolled(offset, cells, height, focused))
