"""Keys that say one thing to the session: each sends its command and nothing else.

What they change is seen in the next snapshot; the screen shows facts, not wishes.
"""

from __future__ import annotations

from collections.abc import Callable

from loadtui.model.command import (
    AddBookmark,
    AnyCommand,
    HandBack,
    MarkBaseline,
    Panic,
    Rearm,
    RestartServer,
    Spike,
    Step,
    SwitchMode,
    TogglePause,
    ToggleTour,
    Zero,
)


class Acts:
    """Actions for a screen that can `send` commands."""

    send: Callable[[AnyCommand], None]

    def action_step(self, steps: int) -> None:
        self.send(Step(steps))

    def action_spike(self) -> None:
        self.send(Spike())

    def action_hand_back(self) -> None:
        self.send(HandBack())

    def action_switch_mode(self) -> None:
        self.send(SwitchMode())

    def action_pause(self) -> None:
        self.send(TogglePause())

    def action_zero(self) -> None:
        self.send(Zero())

    def action_panic(self) -> None:
        self.send(Panic("key"))

    def action_rearm(self) -> None:
        self.send(Rearm())

    def action_restart(self) -> None:
        self.send(RestartServer())

    def action_bookmark(self) -> None:
        self.send(AddBookmark())

    def action_baseline(self) -> None:
        self.send(MarkBaseline())

    def action_tour(self) -> None:
        self.send(ToggleTour())
