"""The shell of everything that is drawn: hands a picture's rows to the terminal, line by line.

A pane holds a function that draws frozen values into rows. It draws when it is shown something
new, when its size, focus or theme changes, and repaints only the lines that differ.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from loadtui.tui.draw.cells import Hue, Pen, Row, Rows
from loadtui.tui.draw.keyed import key_at, keyed
from loadtui.tui.keys import ACTIONS

Draw = Callable[[int, int, bool], Rows]
"""Cells, rows, focused → what to paint; fewer rows leave the rest empty."""


class Pane(Widget, can_focus=True):
    """Paints what it is shown. `ground`: the role of its background."""

    ALLOW_SELECT = False
    ground: Hue = "bg"

    class Clicked(Message):
        """Somebody clicked into the pane, at a cell of its own."""

        def __init__(self, pane: Pane, x: int, y: int) -> None:
            super().__init__()
            self.pane, self.x, self.y = pane, x, y

        @property
        def control(self) -> Pane:
            """The pane, for selectors of handlers."""
            return self.pane

    def __init__(self, *, id: str, classes: str = "", can_focus: bool = True) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = can_focus
        self._draw: Draw | None = None
        self._key: object = None
        self._rows: Rows = ()
        self._styles_of: dict[Pen, Style] = {}

    def show(self, draw: Draw, key: object = None) -> None:
        """Paint what `draw` draws; where `key` is given and equals the last one, nothing is new."""
        if key is not None and key == self._key:
            return
        self._draw, self._key = draw, key
        self.paint()

    def paint(self) -> None:
        """Draw again and repaint the lines that differ."""
        cells, height = self.size
        if self._draw is None or cells < 1 or height < 1:
            return
        keymap = getattr(self.app, "keymap_of_keys", {})
        drawn = self._draw(cells, height, self.has_focus)[:height]
        rows, before = tuple(keyed(row, keymap) for row in drawn), self._rows
        self._rows = rows
        changed = [
            Region(0, y, cells, 1)
            for y in range(max(len(rows), len(before)))
            if rows[y : y + 1] != before[y : y + 1]
        ]
        if changed:
            self.refresh(*changed)

    def pen(self, hand: Pen) -> Style:
        """The colours of a pen in the theme of the moment."""
        style = self._styles_of.get(hand)
        if style is None:
            colours = self.app.theme_variables
            style = Style(
                color=colours[hand.fg], bgcolor=colours[hand.bg or self.ground], bold=hand.bold
            )
            self._styles_of[hand] = style
        return style

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        row: Row = self._rows[y] if y < len(self._rows) else ()
        segments = [Segment(text, self.pen(hand)) for text, hand in row]
        return Strip(segments).adjust_cell_length(cells, self.pen(Pen()))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles_of = {}
        self.paint()
        self.refresh()

    def on_resize(self) -> None:
        self._rows = ()
        self.paint()
        self.refresh()

    def on_focus(self) -> None:
        self.paint()

    def on_blur(self) -> None:
        self.paint()

    async def press(self, name: str) -> None:
        """Do what the key with that id does."""
        await self.app.run_action(ACTIONS[name], self.screen)

    async def on_click(self, event: events.Click) -> None:
        row: Row = self._rows[event.y] if 0 <= event.y < len(self._rows) else ()
        if (name := key_at(row, event.x)) in ACTIONS:
            event.stop()
            await self.press(name)
        else:
            self.post_message(self.Clicked(self, event.x, event.y))
