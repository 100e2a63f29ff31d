from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from random import Random

import pytest

from loadtui.load.exchange import Exchange
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.shared import Shared
from loadtui.load.values import Sources, Values
from loadtui.load.vu import Vu
from loadtui.load.vus import AT_ONCE, Vus
from loadtui.measure.recorder import Recorder
from loadtui.model.request import RequestTemplate
from loadtui.model.text import constant


class Server:
    """A client for every VU; answers only while its gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.open_requests = 0
        self.failure: Exception | None = None

    def begin(self) -> None:
        return

    async def send(self, call: Call) -> Exchange:
        self.open_requests += 1
        try:
            await self.gate.wait()
            await asyncio.sleep(0.001)
        finally:
            self.open_requests -= 1
        if self.failure is not None:
            raise self.failure
        out = Exchange(time.perf_counter())
        out.status = 200
        return out

    def with_kept(self, call: Call) -> Call:
        return call

    def close(self) -> None:
        return


class Bench:
    def __init__(self) -> None:
        self.server, self.recorder = Server(), Recorder()
        self.started: list[int] = []
        self.now = 0.0
        self.changed = asyncio.Event()
        request = PreparedRequest(RequestTemplate(name="a", url=constant("http://127.0.0.1/")))
        dice = Random(1)
        shared = Shared((request,), 0, self.recorder, dice, lambda: self.now, print)

        def new_vu(slot: int) -> Vu:
            self.started.append(slot)
            return Vu(shared, self.server, Values(slot, Sources(dice, dice, time.time)))

        self.vus = Vus(shared, new_vu, self.changed.set)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what must come, for five seconds at most."""
        async with asyncio.timeout(5.0):
            while not holds():
                self.changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), 0.005)

    async def run(self, target: int) -> None:
        self.vus.retarget(target)
        await self.until(lambda: self.vus.active == target == self.server.open_requests)

    def cut_requests(self) -> int:
        rows, _ = self.recorder.drain()
        return sum(row.cut for row in rows)


async def test_the_first_few_start_at_once_and_all_within_moments() -> None:
    bench = Bench()
    bench.vus.retarget(AT_ONCE + 1)
    assert bench.vus.active == AT_ONCE
    await asyncio.wait_for(bench.changed.wait(), 5.0)
    assert bench.vus.active == AT_ONCE + 1
    await bench.vus.end()


async def test_those_that_had_not_started_yet_leave_first_without_a_trace() -> None:
    bench = Bench()
    bench.vus.retarget(10 * AT_ONCE)
    bench.vus.retarget(5)
    assert (bench.vus.active, bench.vus.draining) == (5, AT_ONCE - 5)
    bench.server.gate.set()
    await bench.until(lambda: bench.vus.draining == 0)
    assert bench.vus.active == 5
    assert bench.started == list(range(AT_ONCE))
    await bench.vus.end()


async def test_draining_ends_with_the_iteration_and_is_told() -> None:
    bench = Bench()
    await bench.run(3)
    bench.vus.retarget(1)
    assert (bench.vus.active, bench.vus.draining) == (1, 2)
    bench.changed.clear()
    bench.server.gate.set()
    await asyncio.wait_for(bench.changed.wait(), 5.0)
    assert (bench.vus.active, bench.vus.draining) == (1, 0)
    await bench.vus.end()


async def test_raising_again_revives_those_that_drain() -> None:
    bench = Bench()
    await bench.run(4)
    bench.vus.retarget(1)
    bench.vus.retarget(4)
    assert (bench.vus.active, bench.vus.draining) == (4, 0)
    bench.server.gate.set()
    await asyncio.sleep(0.02)
    assert bench.vus.active == 4
    assert bench.started == [0, 1, 2, 3]
    await bench.vus.end()


async def test_one_revived_in_the_moment_of_its_end_is_replaced() -> None:
    bench = Bench()
    await bench.run(1)
    bench.vus.retarget(0)
    bench.server.gate.set()
    life = bench.vus._tasks[0]
    while not life.done():  # noqa: ASYNC110 - the very turn of the loop matters
        await asyncio.sleep(0)
    bench.vus.retarget(1)  # its end is not known yet
    await bench.until(lambda: bench.started == [0, 0])
    assert (bench.vus.active, bench.vus.draining) == (1, 0)
    await bench.vus.end()


async def test_cutting_hits_the_draining_ones_only() -> None:
    bench = Bench()
    await bench.run(5)
    bench.vus.retarget(2)
    bench.vus.cut()
    await bench.until(lambda: bench.vus.draining == 0)
    assert bench.server.open_requests == bench.vus.active == 2
    assert bench.cut_requests() == 3
    await bench.vus.end()


async def test_those_that_drain_for_too_long_are_cut() -> None:
    bench = Bench()
    await bench.run(3)
    bench.vus.retarget(2)
    bench.now = 10.0
    bench.vus.retarget(1)
    bench.vus.cut_overdue(graceful=5.0)
    await bench.until(lambda: bench.vus.draining == 1)
    assert bench.cut_requests() == 1
    await bench.vus.end()


async def test_hold_stops_new_requests_of_everybody_and_resume_lets_all_go_on() -> None:
    bench = Bench()
    target = AT_ONCE + 5
    await bench.run(target)
    bench.vus.hold(on=True)
    bench.server.gate.set()
    await bench.until(lambda: bench.server.open_requests == 0)
    assert bench.vus.active == target
    bench.server.gate.clear()
    bench.vus.hold(on=False)
    await bench.until(lambda: bench.server.open_requests == target)
    await bench.vus.end()


async def test_the_end_cuts_everybody_and_waits_for_them() -> None:
    bench = Bench()
    await bench.run(30)
    await bench.vus.end()
    assert bench.server.open_requests == 0
    assert bench.cut_requests() == 30


async def test_a_defect_in_a_user_reaches_whoever_watches() -> None:
    bench = Bench()
    bench.server.failure = RuntimeError("a defect")
    bench.server.gate.set()
    bench.vus.retarget(1)
    with pytest.raises(RuntimeError, match="a defect"):
        await asyncio.wait_for(bench.vus.watch(), 5.0)
    await bench.vus.end()
