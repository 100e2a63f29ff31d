"""One worker of ours under load."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.cores import SENDER, on_core
from bench.reading import Reading, Result
from bench.server import Server
from loadtui.load.pool import Pool
from loadtui.model.request import Check, RequestTemplate
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant

WARM_UP = 1.0
"""Seconds before measuring, for both tools."""


def scenario(url: str) -> Scenario:
    """GET with two checks."""
    checks = (
        Check("status is 200", statuses=((200, 200),)),
        Check("is ours", json_path="id", json_is="A-7"),
    )
    request = RequestTemplate(name="order", url=constant(url), checks=checks)
    return Scenario(name="bench", target=url, requests=(request,))


async def measure_loadtui(server: Server, vus: int, seconds: float) -> Result:
    """Load for so many seconds; raises RuntimeError when anything but passed checks came of it."""
    with tempfile.TemporaryDirectory() as folder:
        pool = Pool(
            workers=1, scenario=scenario(server.url), seed=1, log_dir=Path(folder), stop_fd=None
        )
        with on_core(SENDER):
            await pool.start()
        hearing = asyncio.create_task(_hear(pool))
        pool.retarget(vus)
        await asyncio.sleep(WARM_UP)
        pid = pool._links[0].pid  # noqa: SLF001 - only a benchmark cares which process it is
        first = Reading(pid, server)
        await asyncio.sleep(seconds)
        result = first.until(Reading(pid, server))
        await pool.stop(grace=5.0)
        if await hearing:
            raise RuntimeError("requests or checks failed: the server is not what it should be")
        return result


async def _hear(pool: Pool) -> int:
    """Failures of any kind."""
    wrong = 0
    async for event in pool.events():
        for row in event.rows if isinstance(event, Batch) else ():
            wrong += row.failed + sum(failed for _, failed in row.checks.values())
    return wrong
