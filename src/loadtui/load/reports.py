"""What workers report, on its way to whoever listens: each event once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

WAITING = 1000
"""Events that wait for the session; with more, workers keep their rows to themselves."""
LAST_EVENTS = 0.5
"""Seconds that the session has, at the end, to take what was still reported."""

E = TypeVar("E")


class Reports(Generic[E]):
    """Events of all workers; belongs to one asyncio loop."""

    def __init__(self) -> None:
        """Nothing is reported yet."""
        self._events: asyncio.Queue[E | None] = asyncio.Queue(WAITING)
        self._listeners = 0
        self._all_heard = asyncio.Event()
        self._is_over = False

    async def put(self, event: E) -> None:
        """Hand over an event; waits while too many do."""
        await self._events.put(event)

    def give_way(self) -> None:
        """Drop what nobody will take, where that fills the pipes and would hold up their ends."""
        if self._events.full() and not self._listeners:
            while not self._events.empty():
                self._events.get_nowait()

    async def end(self) -> None:
        """Nothing comes any more; return when whoever listens has had everything, but soon."""
        self._is_over = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._let_listeners_finish(), LAST_EVENTS)

    async def _let_listeners_finish(self) -> None:
        for _ in range(self._listeners):
            await self._events.put(None)
        if self._listeners:
            await self._all_heard.wait()

    async def events(self) -> AsyncIterator[E]:
        """Everything until the end."""
        self._listeners += 1
        self._all_heard.clear()
        try:
            while not (self._is_over and self._events.empty()):
                if (event := await self._events.get()) is None:
                    return
                yield event
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._all_heard.set()
