"""What the mouse's wheel does in a pane whose lines can be moved through."""

from __future__ import annotations

from typing import Protocol

from textual import events


class _Moves(Protocol):
    def move(self, by: int) -> None:
        """Go down (`by` 1) or up."""


class Wheel:
    """A turn is one line, and goes no further than this pane."""

    def on_mouse_scroll_down(self: _Moves, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self: _Moves, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-1)
