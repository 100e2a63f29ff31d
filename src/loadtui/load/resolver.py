"""Host names looked up once in a while for all VUs of a worker."""

from __future__ import annotations

import asyncio
import math
import socket
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from loadtui.load.failure import Failure

Resolve = Callable[[str], Awaitable[list[str]]]
"""Returns the addresses of a host name in the order to try them; raises OSError."""

FRESH = 30.0
"""Seconds an answer is used: a target that moves is followed within one life of its record."""
FAILED = 1.0
"""Seconds a failed look-up stands, so that a thousand VUs do not ask a dead name server at once."""
MOST = 1024
"""Names remembered; redirects may bring new ones."""


class Resolver:
    """A cache in front of the system's look-up; VUs that ask at the same time share one."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        resolve: Resolve | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = loop
        self._resolve = resolve or self._ask_system
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    async def addresses(self, host: str) -> list[str] | Failure:
        """Return the addresses of `host`, the one that last worked first; a literal is its own."""
        entry = self._entries.get(host)
        if entry is None or entry.until <= self._clock():
            entry = self._remember(host)
        if entry.task.done():
            return entry.task.result()
        # Shielded: the VU that asked first may be cut while others wait for the same answer.
        return await asyncio.shield(entry.task)

    def prefer(self, host: str, address: str) -> None:
        """Put the address that just worked first."""
        entry = self._entries.get(host)
        if entry is None or not entry.task.done():
            return
        found = entry.task.result()
        if isinstance(found, list) and address in found[1:]:
            found.remove(address)
            found.insert(0, address)

    def _remember(self, host: str) -> _Entry:
        if len(self._entries) >= MOST:
            self._entries.clear()
        entry = _Entry()
        entry.task = self._loop.create_task(self._look_up(host, entry))
        self._entries[host] = entry
        return entry

    async def _look_up(self, host: str, entry: _Entry) -> list[str] | Failure:
        if _is_literal(host):
            return [host]
        try:
            found = list(dict.fromkeys(await self._resolve(host)))
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            entry.until = self._clock() + FAILED
            return Failure("dns", f"{host} cannot be looked up: {why or error}")
        entry.until = self._clock() + FRESH
        return found or Failure("dns", f"{host} has no address")

    async def _ask_system(self, host: str) -> list[str]:
        found = await self._loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return [str(each[4][0]) for each in found]


class _Entry:
    """One look-up: under way, or its answer and until when it stands."""

    __slots__ = ("task", "until")

    def __init__(self) -> None:
        self.task: asyncio.Task[list[str] | Failure]
        self.until = math.inf


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
