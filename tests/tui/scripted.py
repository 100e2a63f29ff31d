"""A session link that holds one snapshot, records commands, and answers only when told to."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from loadtui.model.command import AnyCommand
from loadtui.model.snapshot import Snapshot


class ScriptedLink:
    """What a screen talks to in tests: `sent` are the commands, `show` publishes a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Start with that instant."""
        self._snapshot = snapshot
        self._listeners: list[Callable[[Snapshot], None]] = []
        self.sent: list[AnyCommand] = []

    def send(self, command: AnyCommand) -> None:
        """Record a command."""
        self.sent.append(command)

    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Remember who wants to know."""
        self._listeners.append(listener)

    def show(self, snapshot: Snapshot) -> None:
        """Publish an instant."""
        self._snapshot = snapshot
        for listener in self._listeners:
            listener(snapshot)

    def change(self, **fields: object) -> None:
        """Publish the same instant with other fields."""
        self.show(msgspec.structs.replace(self._snapshot, **fields))
