"""A limit of requests per second over real workers, against a server that counts them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from loadtui.load.pool import Pool
from tests.load.test_pool import Ear, pids, running, scenario
from tests.support.counting_server import CountingServer, counting_server

LIMIT = 100


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as counting:
        yield counting


def by_second(ear: Ear) -> list[int]:
    """Requests of each second that is whole: without the first and the last."""
    counts: Counter[int] = Counter()
    for batch in ear.batches:
        for row in batch.rows:
            counts[row.second] += row.requests
    return [counts[second] for second in range(min(counts) + 1, max(counts))]


async def after(ear: Ear, requests: int) -> None:
    await ear.until(lambda: ear.total("requests") >= requests)


async def drained(pool: Pool, ear: Ear) -> None:
    pool.retarget(0)
    await ear.until(lambda: (pool.active, pool.draining) == (0, 0))


@pytest.mark.parametrize("vus", [1, 40])
async def test_all_workers_together_send_no_more_and_hardly_less(
    vus: int, tmp_path: Path, server: CountingServer
) -> None:
    plan = msgspec.structs.replace(scenario(server.url("/slow/1")), rps=LIMIT)
    before = server.count()
    async with running(tmp_path, plan) as (pool, ear):
        pool.retarget(vus)
        await after(ear, 3 * LIMIT)
        await drained(pool, ear)
    seconds = by_second(ear)
    assert max(seconds) <= LIMIT * 1.03 + 2
    assert min(seconds[1:]) >= LIMIT * 0.8
    assert ear.total("requests") == server.count() - before
    assert ear.total("cut") == 0


async def test_the_share_of_a_lost_worker_goes_to_the_others(
    tmp_path: Path, server: CountingServer
) -> None:
    plan = msgspec.structs.replace(scenario(server.url("/slow/1")), rps=LIMIT)
    async with running(tmp_path, plan, workers=2) as (pool, ear):
        pool.retarget(10)
        await after(ear, LIMIT)
        os.kill(pids(pool)[0], signal.SIGKILL)
        await ear.until(lambda: bool(ear.lost))
        lost_at = ear.total("requests")
        await after(ear, lost_at + 2 * LIMIT)
        await ear.until(lambda: bool(ear.replaced))
        await after(ear, ear.total("requests") + LIMIT)
        assert sum(link.limit for link in pool.alive) == pytest.approx(LIMIT)
        await drained(pool, ear)
    assert max(by_second(ear)) <= LIMIT * 1.03 + 2


async def test_who_waits_for_a_turn_is_cut_without_a_request(
    tmp_path: Path, server: CountingServer
) -> None:
    plan = msgspec.structs.replace(scenario(server.url("/slow/1")), rps=5)
    before = server.count()
    async with running(tmp_path, plan) as (pool, ear):
        pool.retarget(50)
        await after(ear, 3)
        pool.hold(True)
        await asyncio.sleep(0.5)
        held = server.count()
        await asyncio.sleep(0.5)
        assert server.count() == held
        pool.retarget(0)
        pool.cut()
        await ear.until(lambda: (pool.active, pool.draining) == (0, 0))
    assert ear.total("requests") + ear.total("cut") == server.count() - before
