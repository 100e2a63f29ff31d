"""What all dialogs share: a box with a title, escape to go back, F9 for panic at any time."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label

from loadtui.model.command import AnyCommand
from loadtui.tui.keys import sign_of


class Box(VerticalScroll, can_focus=False):
    """The frame; scrolls where the terminal is too low for it."""


class Dialog(ModalScreen[AnyCommand | None]):
    """A box above the main screen, which goes on living behind it; gives a command or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]
    heading = ""
    hint = "esc back · F9 PANIC works here too"

    def compose(self) -> ComposeResult:
        box = Box(id="box")
        # Titles are read as markup: none of ours has any, and names from outside stay out of them.
        own = sign_of("panic-anywhere", getattr(self.app, "keymap_of_keys", {}))
        hint = self.hint.replace("F9", own)
        box.border_title, box.border_subtitle = f" {self.heading} ", f" {hint} "
        with box:
            yield from self.content()

    def on_click(self, event: events.Click) -> None:
        """Beside the box: back. On the line of enter: what enter does."""
        if event.widget is self and self.is_current:
            self.dismiss(None)

    def content(self) -> ComposeResult:
        """What is in the box."""
        yield from ()


def row(name: str, *widgets: Widget) -> Horizontal:
    """A field: its name, then what belongs to it."""
    return Horizontal(Label(name, classes="name", markup=False), *widgets, classes="field")


class Enter(Horizontal):
    """The line that says what enter does, and does it when clicked."""

    async def on_click(self) -> None:
        await self.app.run_action("submit", self.screen)


def enter(does: str) -> Enter:
    """The line that says what enter does."""
    return Enter(
        Label("enter", classes="key", markup=False),
        Label(does, classes="does", markup=False),
        classes="buttons",
    )
