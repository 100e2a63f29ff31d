"""One line to type into, above the keys: a target or a note."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label

from loadtui.errors import BadInput
from loadtui.model.command import AnyCommand
from loadtui.model.replay import SeekTo

Read = Callable[[str], AnyCommand | SeekTo]
"""What was typed → the command it means; raises BadInput."""


class Prompt(Horizontal):
    """Hidden until asked; enter tells what was meant, escape takes it back."""

    class Done(Message):
        """The prompt is closed; `command` is what was meant, None after escape."""

        def __init__(self, command: AnyCommand | SeekTo | None) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._read: Read | None = None
        self.came_from: Widget | None = None

    def compose(self) -> ComposeResult:
        yield Label("", id="prompt-title", markup=False)
        yield Input(select_on_focus=False, compact=True)
        yield Label("", id="prompt-words", markup=False)

    @property
    def asking(self) -> bool:
        """Whether it is open."""
        return self.has_class("asking")

    def ask(self, title: str, hint: str, read: Read, text: str = "") -> None:
        """Open for typing, with `text` to change; `hint` shows while nothing is typed."""
        self._read, self.came_from = read, self.screen.focused
        self.add_class("asking")
        self.query_one("#prompt-title", Label).update(f" {title} ")
        self._say("enter takes it · esc goes back")
        field = self.query_one(Input)
        field.placeholder, field.value = hint, text
        field.action_end()
        field.focus()

    def close(self, command: AnyCommand | SeekTo | None = None) -> None:
        """Hide again."""
        self.remove_class("asking")
        self.post_message(self.Done(command))

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self.set_class(wrong, "wrong")
        self.query_one("#prompt-words", Label).update(words)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._read is None:
            return
        try:
            meant = self._read(event.value)
        except BadInput as error:
            self._say(f"✗ {error}", wrong=True)
        else:
            self.close(meant)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.has_class("wrong"):
            self._say("enter takes it · esc goes back")

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.asking:
            event.stop()
            self.close()
