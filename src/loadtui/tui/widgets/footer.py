"""The line of keys; a click on one is a press."""

from __future__ import annotations

from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.footer import Spot, footer
from loadtui.tui.keys import Shown
from loadtui.tui.widgets.pane import Pane


class FooterPane(Pane):
    """Draws the entries that fit."""

    ground = "tile"

    def __init__(self) -> None:
        super().__init__(id="footer", can_focus=False)
        self._spots: tuple[Spot, ...] = ()

    def feed(self, entries: tuple[Shown, ...]) -> None:
        """Show these keys."""

        def draw(cells: int, _height: int, _focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            row, self._spots = footer(entries, cells)
            return (row,)

        self.show(draw, entries)

    async def on_pane_clicked(self, event: Pane.Clicked) -> None:
        for start, end, entry in self._spots:
            if start <= event.x < end:
                signs = entry.signs.split(" ")
                at = event.x - start
                index = min(at // 2, len(entry.keys) - 1) if at < len(entry.signs) else 0
                key = entry.keys[index if len(signs) > 1 else 0]
                await self.app.run_action(key.action, self.screen)
