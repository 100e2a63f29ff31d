"""Our own workers under load."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

from bench import journey
from bench.contender import CROWD_SETTLE, WARM_UP, Failed, has_crowd, wait_for_quiet
from bench.cores import SENDER, first_served, on_core, serve_first
from bench.job import ORDER, Job
from bench.peers import ALL
from bench.reading import Crowd, Rate, Reading, Truth, resident_kib
from bench.server import Server
from loadtui.load.planned import lead
from loadtui.load.pool import Pool
from loadtui.measure.histogram import Histogram, quantiles
from loadtui.model.executor import Entry
from loadtui.model.journey import Code
from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.text import Text, Variable, constant

T = TypeVar("T")

_CHECKS = (
    Check("status is 201", statuses=((201, 201),)),
    Check("has order id", json_path="id"),
)
_HEADERS = (
    ("content-type", constant("application/json")),
    ("x-api-key", constant("test-key")),
    ("x-request-id", Text((Variable("vu"), "-", Variable("iteration")))),
)
_CODE = Code(file=str(Path(journey.__file__)), function="post", written="journey.py:post")


def scenario(job: Job, base: str) -> Scenario:
    """The job as a request list, or as a journey."""
    if job.kind == "journey":
        return Scenario(name="bench", target=base, code=msgspec.structs.replace(_CODE, target=base))
    think = Think(job.think, job.think)
    if job.kind == "get":
        request = RequestTemplate(name="order", url=constant(f"{base}/order"), think=think)
    else:
        request = RequestTemplate(
            name="create_order",
            method="POST",
            url=constant(f"{base}/api/orders"),
            headers=_HEADERS,
            body=constant(ORDER),
            tags={"endpoint": "create_order"},
            checks=_CHECKS,
            think=think,
        )
    return Scenario(name="bench", target=base, requests=(request,))


@dataclass
class Heard:
    """What workers reported: latencies, how late starts were, and what went wrong."""

    latency: Histogram = field(default_factory=Histogram)
    late: Histogram = field(default_factory=Histogram)
    ended: int = 0
    dropped: int = 0
    wrong: int = 0

    async def hear(self, pool: Pool) -> None:
        """Until the pool stops."""
        async for event in pool.events():
            if not isinstance(event, Batch):
                continue
            for row in event.rows:
                self.latency.merge(row.duration)
                self.wrong += row.failed + sum(failed for _, failed in row.checks.values())
            for iterations in event.iterations:
                self.late.merge(iterations.late)
                self.dropped += iterations.dropped
                self.ended += iterations.ended


@dataclass(frozen=True)
class Engine:
    """One worker on the last core, or two on the last two."""

    workers: int = 1
    name: str = "loadtui"
    version: str = version("loadtui")
    parts: frozenset[str] = ALL | {"journey"}

    def rate(self, job: Job, server: Server, seconds: float) -> Rate:
        """Requests and CPU between two readings."""

        async def measure() -> Rate:
            async with self._pool(job, server) as (pool, _):
                pool.retarget(job.vus)
                await asyncio.sleep(WARM_UP)
                first = Reading(pids(pool), server)
                await asyncio.sleep(seconds)
                return first.until(Reading(pids(pool), server))

        return run(measure())

    def crowd(self, job: Job, server: Server) -> Crowd:
        """Memory once everybody is there."""
        wait_for_quiet(server)
        began = time.perf_counter()

        async def measure() -> Crowd:
            async with self._pool(job, server) as (pool, _):
                pool.retarget(job.vus)
                is_there = await asyncio.to_thread(has_crowd, server, job.vus)
                started = time.perf_counter() - began if is_there else None
                first = Reading(pids(pool), server)
                await asyncio.sleep(CROWD_SETTLE)
                rate = first.until(Reading(pids(pool), server))
                return Crowd(sum(map(resident_kib, pids(pool))), started, rate.cpu_us)

        return run(measure())

    def truth(self, job: Job, server: Server, delay: float) -> Truth:
        """What the rows say."""
        wait_for_quiet(server)

        async def measure() -> Truth:
            async with self._pool(job, server) as (pool, heard):
                before = server.count()
                pool.retarget(job.vus)
                await asyncio.sleep(job.seconds)
                after = server.look()
            middle, high = quantiles(heard.latency.to_distribution(), (0.5, 0.99))
            rate = (after.requests - before) / job.seconds
            return Truth(middle / 1000 - delay, high / 1000 - delay, rate, after.late)

        return run(measure())

    def _pool(self, job: Job, server: Server) -> AbstractAsyncContextManager[tuple[Pool, Heard]]:
        return opened(scenario(job, server.base), self.workers, at_once=job.is_bounded)


@asynccontextmanager
async def opened(
    scenario: Scenario, workers: int, *, at_once: bool
) -> AsyncIterator[tuple[Pool, Heard]]:
    """A pool, and what it reports; raises Failed when anything but answers and passed checks did.

    `at_once`: as in `first_served`.
    """
    with tempfile.TemporaryDirectory() as folder:
        pool = Pool(workers=workers, scenario=scenario, seed=1, log_dir=Path(folder), stop_fd=None)
        with first_served(SENDER, at_once=at_once):
            await pool.start()
        for number, pid in enumerate(pids(pool)):
            os.sched_setaffinity(pid, {max(0, SENDER - number)})
            serve_first(pid)
        heard = Heard()
        hearing = asyncio.create_task(heard.hear(pool))
        try:
            yield pool, heard
        finally:
            await pool.stop(grace=5.0)
            await hearing
    if heard.wrong:
        raise Failed(f"{heard.wrong} requests or checks failed")


@asynccontextmanager
async def following(
    entries: tuple[Entry, ...], server: Server
) -> AsyncIterator[tuple[Pool, Heard, float]]:
    """One worker that follows a plan of GETs, as `opened`, and the moment at which that begins."""
    planned = msgspec.structs.replace(scenario(Job("get"), server.base), scenarios=entries)
    async with opened(planned, 1, at_once=False) as (pool, heard):
        began = time.monotonic() + lead(entries)
        pool.follow(began)
        yield pool, heard, began


async def until(moment: float) -> None:
    """Wait until then, in seconds of `time.monotonic`."""
    await asyncio.sleep(moment - time.monotonic())


def pids(pool: Pool) -> list[int]:
    """The worker processes."""
    return [link.pid for link in pool._links]  # noqa: SLF001 - only a benchmark cares


def run(measure: Coroutine[None, None, T]) -> T:
    """On the first core, where the server is: the worker's core is the worker's alone."""
    with on_core(0):
        return asyncio.run(measure)
