"""Watch a Toxiproxy's control API while something is done to the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.reading import open_files, waited_for_a_core
from tests.support.toxiproxy_pair import Toxi

PATIENCE = 1.0
"""Seconds within which every single call has to be answered, on a machine that is busy."""


@dataclass
class Calls:
    """How long the calls of the control API took, in seconds; not what the server waited for a
    core that others used.
    """

    took: list[float] = field(default_factory=list)

    def assert_prompt(self) -> None:
        """Every call was answered, and a usual one within a tenth of a second."""
        assert len(self.took) >= 3
        assert max(self.took) < PATIENCE, f"the slowest took {max(self.took):.3f} s"
        assert median(self.took) < 0.1, f"a usual one took {median(self.took):.3f} s"


@asynccontextmanager
async def watched(server: Toxi) -> AsyncIterator[Calls]:
    """Ask for all proxies again and again while the block runs, then once more."""
    calls = Calls()

    async def ask() -> None:
        waited, began = waited_for_a_core(server.process.pid), time.monotonic()
        reply = await server.call("GET /proxies")
        took = time.monotonic() - began
        calls.took.append(took - (waited_for_a_core(server.process.pid) - waited))
        assert reply.status == 200

    async def go_on() -> None:
        while True:
            await ask()
            await asyncio.sleep(0.01)

    asking = asyncio.create_task(go_on())
    try:
        yield calls
    finally:
        asking.cancel()
        await asyncio.wait({asking})
    if not asking.cancelled():
        asking.result()  # raises what went wrong
    for _ in range(3):
        await ask()


def descriptors(server: Toxi) -> int:
    """How many descriptors the server has open (Linux)."""
    return open_files(server.process.pid)


async def settles(server: Toxi, count: int) -> None:
    """Wait until the server has no more than so many descriptors open."""
    await until(lambda: descriptors(server) <= count, f"no more than {count} descriptors")


async def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something that nothing tells of, for five seconds at most."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not within 5 s: {what}")
