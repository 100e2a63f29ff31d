"""A system that lives and dies with a session, seen from the session: the demo, in practice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

Progress = Callable[[str, str], None]
"""Called with a part's name and its words ("starting…"); empty words: the part is up."""


class Surroundings(Protocol):
    """What a session starts before its load and stops after it."""

    async def start(self, progress: Progress, proxies_ready: Awaitable[object]) -> None:
        """Start every part, those that need the scenario's proxies after `proxies_ready`.

        Raises SetupFailed with one clear line.
        """

    async def stop(self) -> None:
        """End every part and verify; never raises."""
