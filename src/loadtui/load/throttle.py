"""A limit of requests per second: who wants to send waits for a turn.

Turns come evenly spaced and in the order in which they were asked for, as with k6's `--rps`; none
are saved up while nobody asks. The wait belongs to the iteration, and to no time of a request.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from loadtui.load.alarm import new_alarm
from loadtui.load.exchange import Exchange
from loadtui.load.head import Call
from loadtui.load.sender import NotSent, Sender

SLACK = 0.02
"""Seconds of turns that a loop that came late may still give at once."""


class Throttle:
    """One worker's part of the limit; must be made inside the loop."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """No turn is given before `limit` says how many there are."""
        self._clock = clock
        self._alarm = new_alarm(clock, self._give)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._rate, self._due = 0.0, 0.0
        self._is_held = False

    @property
    def _is_open(self) -> bool:
        return self._rate > 0 and not self._is_held

    def limit(self, rate: float) -> None:
        """From now on so many turns a second; 0: none."""
        now = self._clock()
        if rate > 0:
            # What is left of the wait for the next turn lasts as much longer or shorter.
            self._due = now + max(0.0, self._due - now) * self._rate / rate
        self._rate = rate
        self._set()

    def hold(self, *, on: bool) -> None:
        """Give no turn while load is held."""
        self._is_held = on
        self._set()

    async def turn(self) -> None:
        """Wait for a turn; raises NotSent where cancelled meanwhile."""
        now = self._clock()
        if self._is_open and now >= self._due and not self._waiting:
            self._due = now + 1 / self._rate
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if len(self._waiting) == 1:
            self._set()
        try:
            await waiter
        except asyncio.CancelledError as error:
            raise NotSent(*error.args) from None

    def close(self) -> None:
        """Give no more turns."""
        self._alarm.close()

    def _set(self) -> None:
        if self._waiting and self._is_open:
            self._alarm.set(self._due)
        else:
            self._alarm.off()

    def _give(self) -> None:
        """Give every turn that is due."""
        now = self._clock()
        self._due = max(self._due, now - SLACK)
        while self._is_open and self._waiting and self._due <= now:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                self._due += 1 / self._rate
        self._set()


class Throttled:
    """A client that waits for its turn before each request, redirected ones included."""

    __slots__ = ("_client", "_throttle", "begin", "close", "with_kept")

    def __init__(self, client: Sender, throttle: Throttle) -> None:
        self._client, self._throttle = client, throttle
        self.begin, self.close, self.with_kept = client.begin, client.close, client.with_kept

    async def send(self, call: Call) -> Exchange:
        """Wait, then send."""
        await self._throttle.turn()
        return await self._client.send(call)


def parts(limit: float, weights: Sequence[int]) -> tuple[float, ...]:
    """Each worker's part of a limit, by the VUs that it has; the same for all while none has any.

    A worker without VUs gets nothing, so that the others may use all of it.
    """
    total = sum(weights)
    if not total:
        return tuple(limit / len(weights) for _ in weights)
    return tuple(limit * weight / total for weight in weights)
