"""The chaos panel: remembers which fault is chosen, by name, whatever comes and goes."""

from __future__ import annotations

from textual.message import Message

from loadtui.model.snapshot import Chaos, ProxyStatus, Slot
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.chaos import (
    Choice,
    chaos_head,
    chaos_panel,
    choices,
    chosen_slot,
)
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.wheel import Wheel

SWITCH = 4
"""Cells at the left of a row that hold its switch."""


class ChaosPane(Wheel, Pane):
    """Shows `Chaos`, lets one fault be chosen."""

    class Switched(Message):
        """Somebody clicked a fault's switch, or the fault that was chosen already."""

    def __init__(self) -> None:
        super().__init__(id="chaos")
        self.chaos = Chaos()
        self.choice: Choice | None = None
        self._tabs = ""
        self._places: dict[int, Choice] = {}

    def feed(self, chaos: Chaos, tabs: str) -> None:
        """Show the panel; `tabs`: the other panes of its place."""
        self.chaos, self._tabs = chaos, tabs
        known = choices(chaos)
        if self.choice not in known:
            self.choice = self._nearest(known)
        self._redraw()

    def _nearest(self, known: tuple[Choice, ...]) -> Choice | None:
        """After a chosen fault went away: another of its proxy, else the first."""
        proxy = self.choice[0] if self.choice is not None else ""
        return next((c for c in known if c[0] == proxy), known[0] if known else None)

    @property
    def chosen(self) -> tuple[ProxyStatus, Slot] | None:
        """The chosen proxy and fault, None where there is none."""
        return chosen_slot(self.chaos, self.choice)

    def move(self, by: int) -> None:
        """Choose another row."""
        known = choices(self.chaos)
        if self.choice in known:
            at = known.index(self.choice) + by
            self.choice = known[max(0, min(at, len(known) - 1))]
            self._redraw()

    def _redraw(self) -> None:
        chaos, choice, tabs = self.chaos, self.choice, self._tabs

        def draw(cells: int, height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            head = chaos_head(chaos, tabs, cells, focused=focused)
            picture = chaos_panel(chaos, choice, cells, height, head=head, focused=focused)
            self._places = picture.choices
            return picture.rows

        self.show(draw)

    def on_pane_clicked(self, event: Pane.Clicked) -> None:
        place = self._places.get(event.y)
        if place is None:
            return
        again = place == self.choice
        self.choice = place
        self._redraw()
        if again or event.x < SWITCH:
            self.post_message(self.Switched())
