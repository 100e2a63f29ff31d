"""What a virtual user needs of its client."""

from __future__ import annotations

import asyncio
from typing import Protocol

from loadtui.load.exchange import Exchange
from loadtui.load.head import Call


class NotSent(asyncio.CancelledError):
    """Cancelled before anything of the request was sent: there is nothing to count."""


class Sender(Protocol):
    """Sends requests over the connections of one VU."""

    def begin(self) -> None:
        """Enter an iteration."""

    async def send(self, call: Call) -> Exchange:
        """Send and return what came of it."""

    def with_kept(self, call: Call) -> Call:
        """The call with the cookies that are kept for it."""

    def close(self) -> None:
        """Close idle connections."""
