"""Every key, from the table that also makes them work."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size

from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.help import help_rows
from loadtui.tui.keys import Key, Keymap
from loadtui.tui.screens.dialog import Dialog
from loadtui.tui.widgets.pane import Pane


class _Page(Pane):
    ground = "tile"

    def __init__(self, keymap: Keymap, table: tuple[Key, ...]) -> None:
        super().__init__(id="page", can_focus=False)
        self._keymap, self._table = keymap, table

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return len(help_rows(self._keymap, width, self._table))

    def on_mount(self) -> None:
        def draw(cells: int, _height: int, _focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            return help_rows(self._keymap, cells, self._table)

        self.show(draw)


class HelpDialog(Dialog):
    """Shows the keys; any of the keys that open it closes it."""

    heading = "keys"
    hint = "esc back · ↑ ↓ scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,enter,q", "dismiss", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, keymap: Keymap, table: tuple[Key, ...]) -> None:
        super().__init__()
        self._keymap, self._table = keymap, table

    def content(self) -> ComposeResult:
        yield _Page(self._keymap, self._table)

    def action_scroll(self, by: int) -> None:
        self.query_one("#box").scroll_relative(y=by, animate=False)
