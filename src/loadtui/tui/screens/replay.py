"""The screen of a replay: the same panes, and keys that move in time instead of acting."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual.binding import BindingType

from loadtui.model.command import AnyCommand, Quit
from loadtui.model.replay import ChangeSpeed, PlayOrPause, SeekBy, SeekMarker, SeekTo
from loadtui.session.replay import REFUSED, Replay
from loadtui.tui import fields
from loadtui.tui.bindings import bindings
from loadtui.tui.keys import IN_REPLAY, REPLAY_KEYS, Keymap
from loadtui.tui.screens.main import MainScreen
from loadtui.tui.widgets.chart import ChartPane
from loadtui.tui.widgets.prompt import Prompt


class ReplayScreen(MainScreen):
    """Shows a journal; what would act on load or faults is refused in words."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(priority=False, table=REPLAY_KEYS)

    def __init__(self, replay: Replay, keymap: Keymap) -> None:
        super().__init__(replay, keymap)
        self._replay = replay
        self.looks = msgspec.structs.replace(self.looks, table=IN_REPLAY)

    # -- in time -------------------------------------------------------------------------------
    def action_replay_pause(self) -> None:
        self._replay.send(PlayOrPause())

    def action_replay_seek(self, seconds: float) -> None:
        if isinstance(self.focused, ChartPane) and abs(seconds) < 60:
            self.action_strengthen(1 if seconds > 0 else -1)
        else:
            self._replay.send(SeekBy(seconds))

    def action_replay_marker(self, by: int) -> None:
        self._replay.send(SeekMarker(by))

    def action_replay_speed(self, by: int) -> None:
        self._replay.send(ChangeSpeed(by))

    def action_replay_to(self) -> None:
        self.query_one(Prompt).ask("go to", "a moment, such as 02:10", fields.moment)

    def take_typed(self, command: AnyCommand | SeekTo) -> None:
        self._replay.send(command)

    # -- what a replay has not -----------------------------------------------------------------
    def refuse(self) -> None:
        """Say why nothing happens."""
        self.app.notify(REFUSED, markup=False)

    def action_switch(self) -> None:
        self.refuse()

    def action_edit(self) -> None:
        self.refuse()

    def action_bookmark(self) -> None:
        self.refuse()

    def action_add(self) -> None:
        self.refuse()

    def action_create_proxy(self) -> None:
        self.refuse()

    def action_note(self) -> None:
        self.refuse()

    def action_type_target(self) -> None:
        self.refuse()

    def action_leave(self) -> None:
        self._replay.send(Quit())
