"""The table of endpoints: one of them can be chosen, to be shown alone in every pane."""

from __future__ import annotations

from textual.message import Message

from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.endpoints import HEADS, Table, endpoints, first_shown
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.wheel import Wheel


class EndpointsPane(Wheel, Pane):
    """Remembers the chosen name, whatever comes and goes."""

    class Chosen(Message):
        """Somebody clicked an endpoint."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self.choice = ""
        self._snapshot: Snapshot | None = None
        self._tabs = self._only = ""
        self._start = 0

    def feed(self, snapshot: Snapshot, tabs: str, only: str) -> None:
        """Show the table; `only`: the name that is shown alone."""
        self._snapshot, self._tabs, self._only = snapshot, tabs, only
        names = self._names
        if self.choice not in names:
            self.choice = names[0] if names else ""
        self._redraw()

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(e.name for e in self._snapshot.endpoints) if self._snapshot else ()

    def move(self, by: int) -> None:
        """Choose another row."""
        if self.choice in (names := self._names):
            at = names.index(self.choice) + by
            self.choice = names[max(0, min(at, len(names) - 1))]
            self._redraw()

    def _redraw(self) -> None:
        if (snapshot := self._snapshot) is None:
            return
        names, tabs, only, choice = self._names, self._tabs, self._only, self.choice
        chosen = names.index(choice) if choice in names else 0

        def draw(cells: int, height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            self._start = first_shown(self._start, chosen, len(names), height)
            table = Table(tabs=tabs, start=self._start, chosen=choice, only=only, focused=focused)
            return endpoints(snapshot, table, cells, height)

        self.show(draw)

    def on_pane_clicked(self, event: Pane.Clicked) -> None:
        at = self._start + event.y - HEADS
        if event.y >= HEADS and at < len(names := self._names):
            event.stop()
            self.choice = names[at]
            self.post_message(self.Chosen(self.choice))
