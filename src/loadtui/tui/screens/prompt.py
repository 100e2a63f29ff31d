"""A screen with a line to type into: targets, notes, and other words for notes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import on
from textual.screen import Screen

from loadtui.model.command import AnyCommand
from loadtui.model.marker import Marker
from loadtui.model.replay import SeekTo
from loadtui.model.snapshot import Snapshot
from loadtui.tui import fields
from loadtui.tui.draw.figures import circled
from loadtui.tui.widgets.chaos import ChaosPane
from loadtui.tui.widgets.prompt import Prompt
from loadtui.tui.widgets.timeline import TimelinePane


class PromptScreen(Screen[None]):
    """Asks for a line, and sends what it means."""

    snapshot: Snapshot
    send: Callable[[AnyCommand], None]

    def action_type_target(self) -> None:
        shot = self.snapshot
        most, ceiling, what = shot.max_vus, "max_vus", "virtual users"
        if shot.by_rate:
            most, ceiling, what = shot.max_rate, "max_rate", "starts per second"
        self.query_one(Prompt).ask(
            "target", f"0 to {most} {what}", lambda text: fields.target(text, most, ceiling)
        )

    def action_note(self) -> None:
        self.query_one(Prompt).ask("note", "what everybody should see in the timeline", fields.note)

    def edit_note(self, marker: Marker | None) -> None:
        """Ask for other words for a note of the operator's own; nothing else can be edited."""
        if marker is None or marker.kind != "note":
            words = "Notes, bookmarks and baselines can be edited; choose one with ↑ ↓."
            self.app.notify(words, markup=False)
            return
        title, hint = f"note {circled(marker.number)}", "no words: enter removes it"
        read = partial(fields.edited_note, marker.number)
        self.query_one(Prompt).ask(title, hint, read, marker.what)

    @on(TimelinePane.Opened)
    def _opened(self, event: TimelinePane.Opened) -> None:
        self.edit_note(event.marker)

    def take_typed(self, command: AnyCommand | SeekTo) -> None:
        """What was typed into the prompt."""
        if not isinstance(command, SeekTo):
            self.send(command)

    @on(Prompt.Done)
    def _typed(self, event: Prompt.Done) -> None:
        if event.command is not None:
            self.take_typed(event.command)
        (self.query_one(Prompt).came_from or self.query_one(ChaosPane)).focus()
