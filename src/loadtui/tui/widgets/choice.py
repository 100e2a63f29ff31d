"""One of several options, chosen with ← and → or a click."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from loadtui.tui.draw.cells import Hue, Rows
from loadtui.tui.draw.chips import Spot, chips
from loadtui.tui.widgets.pane import Pane


class Choice(Pane):
    """Holds `options` and which is `chosen`, by index."""

    ground = "tile"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right", "turn(1)", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    class Changed(Message):
        """Another option was chosen."""

    def __init__(self, options: tuple[str, ...], chosen: int, *, id: str, hue: Hue) -> None:
        super().__init__(id=id)
        self.options, self.chosen, self._hue = options, chosen, hue
        self._spots: tuple[Spot, ...] = ()

    @property
    def value(self) -> str:
        """The chosen option."""
        return self.options[self.chosen]

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        rows, _ = chips(
            self.options, self.chosen, width, focused=False, hue=self._hue, ground="tile"
        )
        return len(rows)

    def on_mount(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        def draw(cells: int, _height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            rows, self._spots = chips(
                self.options, self.chosen, cells, focused=focused, hue=self._hue, ground="tile"
            )
            return rows

        self.show(draw)

    def choose(self, index: int) -> None:
        """Choose an option."""
        if index != self.chosen:
            self.chosen = index
            self._redraw()
            self.post_message(self.Changed())

    def action_turn(self, by: int) -> None:
        self.choose((self.chosen + by) % len(self.options))

    def on_pane_clicked(self, event: Pane.Clicked) -> None:
        event.stop()
        for row, start, end, index in self._spots:
            if event.y == row and start <= event.x < end:
                self.choose(index)
