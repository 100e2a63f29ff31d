"""The seam between whoever shows a session and the session itself: commands in, snapshots out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from loadtui.model.command import AnyCommand
from loadtui.model.snapshot import Snapshot


class SessionLink(Protocol):
    """What a screen may do with a session that runs on a thread of its own."""

    def send(self, command: AnyCommand) -> None:
        """Hand over a command; thread-safe, never waits."""

    def latest(self) -> Snapshot:
        """The newest snapshot; thread-safe, never waits."""

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every new snapshot (4 Hz, and at once after a command), on the
        session's thread.
        """
