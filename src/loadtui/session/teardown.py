"""`teardown`, called at the end of a session whose load was set up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import anyio

from loadtui.load.pool import Pool

TEARDOWN, TEARDOWN_CUT = 60.0, 1.5
"""Seconds that the `teardown` of each file has, at the end of a run and of a cut one."""
LAST = 2.0
"""Seconds that VUs have to end before, and a worker to answer beyond them."""
LOOK = 0.05
"""Seconds between two looks at whether VUs have ended, or we are in a hurry."""


async def torn_down(
    pool: Pool, hurried: Callable[[], bool], seconds: float, publish: Callable[[], None]
) -> str:
    """Have it called once all VUs have ended; return what went wrong, "" for nothing."""
    deadline = time.monotonic() + LAST
    while (pool.active or pool.draining) and time.monotonic() < deadline and not hurried():
        publish()
        await anyio.sleep(LOOK)
    calling = asyncio.create_task(pool.errands.tear_down(pool.scenario, seconds))
    while not calling.done() and not hurried():
        await asyncio.wait((calling,), timeout=LOOK)
    if calling.done():
        return calling.result()
    calling.cancel()
    return "teardown was cut short"
