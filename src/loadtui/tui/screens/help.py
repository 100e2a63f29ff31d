"""Every key, from the table that also makes them work; a few words find the one that is meant."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import Input

from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.help import help_rows
from loadtui.tui.keys import ACTIONS, Key, Keymap, found
from loadtui.tui.screens.dialog import Dialog
from loadtui.tui.widgets.pane import Pane


class _Page(Pane):
    ground = "tile"

    def __init__(self, keymap: Keymap, table: tuple[Key, ...]) -> None:
        super().__init__(id="page", can_focus=False)
        self._keymap, self.table = keymap, table

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return len(help_rows(self._keymap, width, self.table))

    def on_mount(self) -> None:
        self.show_table(self.table)

    def show_table(self, table: tuple[Key, ...]) -> None:
        """Show these keys."""
        self.table = table

        def draw(cells: int, _height: int, _focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            return help_rows(self._keymap, cells, table)

        self.show(draw)
        self.refresh(layout=True)

    async def press(self, name: str) -> None:
        """A click on a key leaves the help and presses it."""
        self.screen.dismiss(None)
        await self.app.run_action(ACTIONS[name], self.app.screen_stack[0])


class HelpDialog(Dialog):
    """Shows the keys; any of the keys that open it closes it."""

    heading = "keys"
    hint = "/ search · esc back · ↑ ↓ scroll"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,enter,q", "dismiss", show=False),
        Binding("slash", "search", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, keymap: Keymap, table: tuple[Key, ...]) -> None:
        super().__init__()
        self._keymap, self._table = keymap, table

    def content(self) -> ComposeResult:
        yield Input(placeholder="words, or a key", id="search", compact=True)
        yield _Page(self._keymap, self._table)

    def on_mount(self) -> None:
        self.query_one("#search").display = False

    def action_search(self) -> None:
        field = self.query_one("#search", Input)
        field.display = True
        field.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(_Page).show_table(found(self._table, event.value, self._keymap))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)

    def on_key(self, event: events.Key) -> None:
        own = self._keymap.get("help", "").split(",")
        if event.key in own and not isinstance(self.focused, Input):
            event.stop()
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        self.query_one("#box").scroll_relative(y=by, animate=False)
