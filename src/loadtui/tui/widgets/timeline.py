"""The timeline: remembers which marker is chosen, by number, whatever is added or removed."""

from __future__ import annotations

from textual.message import Message

from loadtui.model.marker import Marker
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.timeline import timeline
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.wheel import Wheel


class TimelinePane(Wheel, Pane):
    """Shows markers, newest first, and lets one be chosen while it has the focus."""

    class Opened(Message):
        """Somebody clicked the marker that was chosen already."""

        def __init__(self, marker: Marker) -> None:
            super().__init__()
            self.marker = marker

    def __init__(self) -> None:
        super().__init__(id="timeline", classes="slot")
        self._markers: tuple[Marker, ...] = ()
        self._tabs, self._number = "", 0
        self._places: dict[int, int] = {}

    def feed(self, markers: tuple[Marker, ...], tabs: str) -> None:
        """Show these markers; `tabs`: the other panes of its place."""
        self._markers, self._tabs = markers, tabs
        self._redraw()

    @property
    def chosen(self) -> Marker | None:
        """The chosen marker: the newest until another is chosen."""
        if not self._markers:
            return None
        known = (marker for marker in self._markers if marker.number == self._number)
        return next(known, self._markers[-1])

    def move(self, by: int) -> None:
        """Choose a line further down (`by` 1) or up; past the newest one it follows the newest."""
        if (chosen := self.chosen) is not None:
            at = self._markers.index(chosen) - by
            is_newest = at >= len(self._markers) - 1
            self._number = 0 if is_newest else self._markers[max(0, at)].number
            self._redraw()

    def _redraw(self) -> None:
        markers, tabs = self._markers, self._tabs
        number = 0 if (chosen := self.chosen) is None else chosen.number

        def draw(cells: int, height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            rows, self._places = timeline(markers, tabs, number, cells, height, focused=focused)
            return rows

        self.show(draw)

    def on_pane_clicked(self, event: Pane.Clicked) -> None:
        number = self._places.get(event.y)
        chosen = self.chosen
        if number is None or chosen is None:
            return
        if number == chosen.number:
            self.post_message(self.Opened(chosen))
        else:
            self._number = number
            self._redraw()
