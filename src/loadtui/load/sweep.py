"""The open connections of a worker, and the one timer that ends requests whose time is up."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from loadtui.load.http_protocol import HttpProtocol

SHORTEST, LONGEST = 0.01, 0.1
"""Seconds between two looks: a timer for each request would cost more than the request."""


class Sweep:
    """Connections whose deadlines are looked at ten times a second, sooner when one is near.

    A request ends at most 10 ms late when its deadline lay 0.1 s ahead or more, else at most 0.1 s.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Callable[[], float]) -> None:
        self._loop = loop
        self._clock = clock
        self._connections: set[HttpProtocol] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._connections)

    def add(self, connection: HttpProtocol) -> None:
        """Watch a connection until it is discarded."""
        self._connections.add(connection)
        if self._timer is None:
            self._timer = self._loop.call_later(LONGEST, self._look)

    def discard(self, connection: HttpProtocol) -> None:
        """Stop watching; without connections there is no timer."""
        self._connections.discard(connection)
        if not self._connections and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def abort(self) -> None:
        """Drop every connection at once; requests in flight are `cut`."""
        for connection in tuple(self._connections):
            connection.abort()

    def _look(self) -> None:
        now = self._clock()
        soonest = math.inf
        for connection in tuple(self._connections):
            deadline = connection.deadline
            if deadline <= now:
                connection.expire()
            elif deadline < soonest:
                soonest = deadline
        pause = min(max(soonest - now, SHORTEST), LONGEST)
        self._timer = self._loop.call_later(pause, self._look) if self._connections else None
