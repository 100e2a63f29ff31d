"""Real worker processes against a real server in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from loadtui.errors import SetupFailed
from loadtui.load import supervision
from loadtui.load.link import Link
from loadtui.load.pool import Pool, PoolEvent
from loadtui.load.supervised import Back, Lost, Replaced, Silent
from loadtui.load.supervision import REPLACEMENTS
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    PerVuIterations,
    SharedIterations,
)
from loadtui.model.frame import Ack, Said
from loadtui.model.request import Check, RequestTemplate
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from tests.support.counting_server import CountingServer, counting_server

E = TypeVar("E")


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def scenario(url: str, *, save: bool = False) -> Scenario:
    request = RequestTemplate(
        name="order",
        url=constant(url),
        checks=(Check("is 200", statuses=((200, 200),)), Check("open", json_path="state")),
        count={"orders": "is 200"},
        save={"missing": "nowhere"} if save else {},
    )
    return Scenario(name="orders", target=url, requests=(request,))


def pids(pool: Pool) -> list[int]:
    """Process ids of the workers that are alive."""
    return [link.pid for link in pool.alive]


class Ear:
    """Hears everything that a pool reports."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.heard: list[PoolEvent] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self.pool.events():
            self.heard.append(event)
            self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10.0):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def end(self) -> None:
        await asyncio.wait_for(self._task, 5.0)

    @property
    def batches(self) -> list[Batch]:
        return self.of(Batch)

    @property
    def lost(self) -> list[Lost]:
        return self.of(Lost)

    @property
    def last_active(self) -> dict[int, int]:
        """VUs of each worker, as it last acknowledged or reported."""
        return {each.worker: each.active for each in self.heard if isinstance(each, Ack | Batch)}

    def of(self, kind: type[E]) -> list[E]:
        """Everything heard of one kind."""
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def replaced(self) -> list[Replaced]:
        return self.of(Replaced)

    @property
    def iterations(self) -> int:
        return sum(row.ended for batch in self.batches for row in batch.iterations)

    def total(self, what: str) -> int:
        return sum(int(getattr(row, what)) for batch in self.batches for row in batch.rows)


@asynccontextmanager
async def running(
    folder: Path,
    plan: Scenario,
    *,
    workers: int = 2,
    stop_fd: int | None = None,
    graceful: float = 30.0,
) -> AsyncIterator[tuple[Pool, Ear]]:
    pool = Pool(
        workers=workers,
        scenario=plan,
        seed=1,
        log_dir=folder / "logs",
        stop_fd=stop_fd,
        graceful=graceful,
    )
    await pool.start()
    ear = Ear(pool)
    started = pids(pool)
    try:
        yield pool, ear
    finally:
        await pool.stop(grace=5.0)
        await ear.end()
        for pid in started:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


async def test_the_workers_count_exactly_what_the_server_counts(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    async with running(tmp_path, scenario(server.url("/slow/10"))) as (pool, ear):
        pool.retarget(21)
        await ear.until(lambda: ear.total("requests") > 500)
        pool.retarget(0)
        await ear.until(lambda: (pool.active, pool.draining) == (0, 0))
    came = server.count() - before
    assert ear.total("requests") == came
    assert ear.total("failed") == ear.total("cut") == 0
    rows = [row for batch in ear.batches for row in batch.rows]
    assert sum(row.duration.count for row in rows) == came
    assert sum(row.statuses[200] for row in rows) == came
    assert sum(row.checks["open"][0] for row in rows) == came
    assert sum(row.counters["orders"] for row in rows) == came
    ended = sum(row.ended for batch in ear.batches for row in batch.iterations)
    assert ended == came, "draining lets every iteration finish"
    assert not ear.lost


async def test_five_hundred_users_are_under_way_at_once(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/50"))) as (pool, ear):
        began = time.monotonic()
        seq = pool.retarget(500)
        await ear.until(lambda: pool.active == 500)
        reached = time.monotonic() - began
        acks = [event for event in ear.heard if isinstance(event, Ack) and event.seq == seq]
        print(f"500 VUs on 2 workers: known here after {reached * 1000:.0f} ms")  # noqa: T201 - for `pytest -s`
        assert {ack.worker for ack in acks} == {0, 1}
        assert reached < 2.0  # a tenth of it on an idle machine
        await ear.until(lambda: sum(b.health.connections for b in ear.batches[-2:]) == 500)


async def test_shares_are_level_and_lowering_drains(tmp_path: Path, server: CountingServer) -> None:
    async with running(tmp_path, scenario(server.url("/slow/300"))) as (pool, ear):
        pool.retarget(7)
        await ear.until(lambda: pool.active == 7)
        await ear.until(lambda: ear.last_active == {0: 4, 1: 3})
        pool.retarget(2)
        await ear.until(lambda: (pool.active, pool.draining) == (2, 5))
        await ear.until(lambda: (pool.active, pool.draining) == (2, 0))
        assert ear.total("cut") == 0


async def test_cut_counts_what_was_in_flight_as_cut_and_nothing_else(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    async with running(tmp_path, scenario(server.url("/slow/60000"))) as (pool, ear):
        pool.retarget(10)
        await asyncio.to_thread(server.count, before + 10)
        pool.retarget(0)
        pool.cut()
        await ear.until(lambda: (pool.active, pool.draining) == (0, 0))
        await ear.until(lambda: ear.total("cut") == 10)
    assert ear.total("requests") == ear.total("failed") == 0
    assert sum(row.cut for batch in ear.batches for row in batch.iterations) == 10


async def test_rows_and_batches_are_in_this_process_clock(
    tmp_path: Path, server: CountingServer
) -> None:
    began = time.monotonic()
    async with running(tmp_path, scenario(server.url("/slow/5"))) as (pool, ear):
        pool.retarget(4)
        await ear.until(lambda: ear.total("requests") > 50)
        now = time.monotonic()
        for batch in ear.batches:
            assert began - 1 < batch.at < now + 1
            assert all(int(began) - 1 <= row.second <= int(now) + 1 for row in batch.rows)


async def test_a_sentence_for_the_operator_arrives_once_a_worker(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/5"), save=True)) as (pool, ear):
        pool.retarget(6)
        await ear.until(lambda: ear.total("requests") > 50)
        said = [event.text for event in ear.heard if isinstance(event, Said)]
        assert len(said) == 2
        assert "nothing at nowhere to save as missing" in said[0]
        failed = sum(row.failed for batch in ear.batches for row in batch.iterations)
        assert failed > 0


async def test_what_a_killed_worker_ran_the_others_take_over_until_a_fresh_one_is_there(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/20"))) as (pool, ear):
        pool.retarget(10)
        await ear.until(lambda: pool.active == 10)
        first, other = pids(pool)
        os.kill(first, signal.SIGKILL)
        await ear.until(lambda: bool(ear.lost))
        (lost,) = ear.lost
        assert (lost.worker, lost.why, lost.vus) == (0, "was killed by SIGKILL", 5)
        assert (lost.heirs, lost.is_replaced) == ((1,), True)
        await ear.until(lambda: pool.active == 10)
        await ear.until(lambda: bool(ear.replaced))
        fresh, same = pids(pool)
        assert same == other
        assert fresh != first
        await ear.until(lambda: (pool.active, pool.draining) == (10, 0))
        await ear.until(lambda: ear.last_active == {0: 5, 1: 5})


def workers_of(pid: int) -> list[int]:
    """Worker processes that a process has, zombies included."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, words in lines if "load.worker" in words or "defunct" in words]


async def count_each(server: CountingServer, seconds: float) -> int:
    """Requests that the server gets within some time."""
    before = server.count()
    await asyncio.sleep(seconds)
    return server.count() - before


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stopped_worker_is_seen_within_three_seconds_and_the_load_is_back_within_four(
    tmp_path: Path, server: CountingServer, workers: int
) -> None:
    plan = scenario(server.url("/slow/50"))
    async with running(tmp_path, plan, workers=workers) as (pool, ear):
        pool.retarget(20)
        await ear.until(lambda: pool.active == 20)
        usual = await count_each(server, 1.0)
        frozen = pids(pool)[0]
        began = time.monotonic()
        os.kill(frozen, signal.SIGSTOP)
        await ear.until(lambda: bool(ear.lost))
        seen = time.monotonic() - began
        assert seen < 3.0
        assert ear.lost[0].why.startswith("was stopped by a signal")
        await ear.until(lambda: pool.active == 20)
        back = time.monotonic() - began
        assert back < 4.0
        print(f"{workers} workers, SIGSTOP: seen after {seen:.2f} s, back after {back:.2f} s")  # noqa: T201 - for `pytest -s`
        assert await count_each(server, 1.0) > 0.8 * usual
        await ear.until(lambda: bool(ear.replaced))
        with pytest.raises(ProcessLookupError):
            os.kill(frozen, 0)


async def test_a_stopped_worker_that_goes_on_in_time_is_left_alone(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/50"))) as (pool, ear):
        pool.retarget(6)
        await ear.until(lambda: pool.active == 6)
        before = pids(pool)
        os.kill(before[0], signal.SIGSTOP)
        await asyncio.sleep(1.0)
        os.kill(before[0], signal.SIGCONT)
        heard = len(ear.batches)
        await ear.until(lambda: {b.worker for b in ear.batches[heard:]} == {0, 1})
        assert not ear.lost
        assert pids(pool) == before


async def test_stopping_while_a_worker_is_frozen_takes_no_longer_than_its_grace(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/50"))) as (pool, ear):
        pool.retarget(6)
        await ear.until(lambda: pool.active == 6)
        os.kill(pids(pool)[0], signal.SIGSTOP)
        began = time.monotonic()
        await pool.stop(grace=0.5)
        assert time.monotonic() - began < 2.5


async def test_fresh_workers_for_all_take_over_from_a_frozen_one(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/slow/50"))) as (pool, ear):
        pool.retarget(6)
        await ear.until(lambda: pool.active == 6)
        before = pids(pool)
        os.kill(before[0], signal.SIGSTOP)
        pool.retarget(0)
        pool.cut()
        await pool.respawn()
        assert not set(pids(pool)) & set(before)
        assert not ear.lost
        pool.retarget(4)
        await ear.until(lambda: pool.active == 4)


async def test_a_worker_that_is_being_started_ends_with_the_pool(
    tmp_path: Path, server: CountingServer
) -> None:
    pool = Pool(
        workers=1, scenario=scenario(server.url("/")), seed=1, log_dir=tmp_path, stop_fd=None
    )
    await pool.start()
    ear = Ear(pool)
    os.kill(pids(pool)[0], signal.SIGKILL)
    await ear.until(lambda: bool(ear.lost))
    await asyncio.wait_for(pool.stop(grace=0.5), 5.0)
    await ear.end()
    assert pids(pool) == []
    assert not ear.replaced
    assert workers_of(os.getpid()) == []


async def test_all_workers_killed_at_once_come_back_to_the_same_rate(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/"))) as (pool, ear):
        pool.set_rate(100)
        await ear.until(lambda: ear.iterations >= 20)
        for pid in pids(pool):
            os.kill(pid, signal.SIGKILL)
        await ear.until(lambda: len(ear.replaced) == 2)
        assert await count_each(server, 1.0) == pytest.approx(100, abs=15)


async def test_a_worker_killed_at_the_beginning_of_a_rate_repeats_no_start(
    tmp_path: Path, server: CountingServer
) -> None:
    rate = ConstantRate(rate=200, duration=3.0, pre_allocated_vus=10, max_vus=10)
    plan = msgspec.structs.replace(scenario(server.url("/")), scenarios=(Entry("default", rate),))
    before = server.count()
    async with running(tmp_path, plan, workers=1) as (pool, ear):
        pool.follow(time.monotonic() + 0.2)
        await ear.until(lambda: ear.iterations >= 20)
        os.kill(pids(pool)[0], signal.SIGKILL)
        await ear.until(lambda: bool(ear.replaced))
        await ear.until(lambda: pool.is_plan_over)
        began = ear.replaced[0].at - ear.lost[0].since
    came = server.count() - before
    assert 200 * (3.0 - began) * 0.8 < came < 600


async def test_a_pause_outlives_a_killed_worker(tmp_path: Path, server: CountingServer) -> None:
    async with running(tmp_path, scenario(server.url("/")), workers=1) as (pool, ear):
        pool.retarget(4)
        await ear.until(lambda: pool.active == 4)
        pool.hold(True)
        os.kill(pids(pool)[0], signal.SIGKILL)
        await ear.until(lambda: bool(ear.replaced))
        await ear.until(lambda: pool.active == 4)
        assert await count_each(server, 0.3) == 0
        pool.hold(False)
        assert await count_each(server, 0.3) > 0


@pytest.mark.parametrize("kind", [SharedIterations, PerVuIterations])
@pytest.mark.parametrize(("workers", "killed"), [(1, 1), (2, 1), (2, 2)])
async def test_iterations_that_are_counted_stay_exact_over_a_killed_worker(
    tmp_path: Path,
    server: CountingServer,
    kind: type[SharedIterations | PerVuIterations],
    workers: int,
    killed: int,
) -> None:
    wanted = 120
    each = wanted if kind is SharedIterations else wanted // 4
    entry = Entry("default", kind(vus=4, iterations=each))
    plan = msgspec.structs.replace(scenario(server.url("/slow/50")), scenarios=(entry,))
    async with running(tmp_path, plan, workers=workers) as (pool, ear):
        pool.follow(time.monotonic() + 0.1)
        await ear.until(lambda: ear.iterations >= 20)
        for pid in pids(pool)[:killed]:
            os.kill(pid, signal.SIGKILL)
        await ear.until(lambda: len(ear.replaced) == killed)
        assert not pool.is_plan_over
        await ear.until(lambda: pool.is_plan_over)
        await ear.until(lambda: ear.iterations >= wanted)
        assert ear.iterations == wanted


async def test_a_worker_that_dies_again_and_again_stays_lost(
    tmp_path: Path, server: CountingServer
) -> None:
    async with running(tmp_path, scenario(server.url("/")), workers=1) as (pool, ear):
        for died in range(1, 1 + REPLACEMENTS):
            os.kill(pids(pool)[0], signal.SIGKILL)
            await ear.until(lambda: len(ear.replaced) == died)  # noqa: B023 - awaited at once
        os.kill(pids(pool)[0], signal.SIGKILL)
        await ear.until(lambda: len(ear.lost) == 1 + REPLACEMENTS)
        assert [event.is_replaced for event in ear.lost] == [True] * REPLACEMENTS + [False]
        assert pids(pool) == []


async def test_a_silent_worker_that_runs_is_told_of_and_told_of_again_when_it_answers(
    tmp_path: Path, server: CountingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Link, "is_stopped", lambda _: False)  # as one that blocks its loop
    async with running(tmp_path, scenario(server.url("/slow/50"))) as (pool, ear):
        pool.retarget(6)
        await ear.until(lambda: pool.active == 6)
        began = time.monotonic()
        os.kill(pids(pool)[0], signal.SIGSTOP)
        await ear.until(lambda: bool(ear.of(Silent)))
        assert time.monotonic() - began < 3.0
        os.kill(pids(pool)[0], signal.SIGCONT)
        await ear.until(lambda: bool(ear.of(Back)))
        (silent,), (back,) = ear.of(Silent), ear.of(Back)
        assert (silent.worker, silent.vus, back.worker) == (0, 3, 0)
        assert began - 0.5 < silent.since < began + 0.5 < back.at
        assert not ear.lost


async def test_a_worker_that_never_answers_again_is_replaced_although_it_runs(
    tmp_path: Path, server: CountingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Link, "is_stopped", lambda _: False)
    monkeypatch.setattr(supervision, "HOPELESS", 3.0)
    async with running(tmp_path, scenario(server.url("/slow/50")), workers=1) as (pool, ear):
        pool.retarget(4)
        await ear.until(lambda: pool.active == 4)
        os.kill(pids(pool)[0], signal.SIGSTOP)
        await ear.until(lambda: bool(ear.replaced))
        assert ear.lost[0].why == "did not answer for 3 s"
        await ear.until(lambda: pool.active == 4)


async def test_nobody_is_blamed_while_the_session_takes_nothing(
    tmp_path: Path, server: CountingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtui.load.reports.WAITING", 2)
    for limit in ("STOPPED", "SILENT", "HOPELESS"):
        monkeypatch.setattr(supervision, limit, 1.5)
    pool = Pool(
        workers=2, scenario=scenario(server.url("/slow/5")), seed=1, log_dir=tmp_path, stop_fd=None
    )
    await pool.start()
    before = server.count()
    pool.retarget(20)
    await asyncio.sleep(2.5)  # nobody listens: the queue is full, and rows add up in the workers
    ear = Ear(pool)
    await ear.until(lambda: ear.total("requests") > 1000)
    pool.retarget(0)
    await ear.until(lambda: (pool.active, pool.draining) == (0, 0))
    await pool.stop(grace=5.0)
    await ear.end()
    assert not ear.lost
    assert not ear.of(Silent)
    assert ear.total("requests") == server.count() - before, "nothing that was measured is missing"


async def test_a_plan_goes_on_whole_when_a_worker_is_killed(
    tmp_path: Path, server: CountingServer
) -> None:
    entry = Entry("default", ConstantVus(duration=2.5, vus=6))
    plan = msgspec.structs.replace(scenario(server.url("/slow/20")), scenarios=(entry,))
    async with running(tmp_path, plan) as (pool, ear):
        pool.follow(time.monotonic() + 0.1)
        await ear.until(lambda: pool.active == 6)
        os.kill(pids(pool)[0], signal.SIGKILL)
        await ear.until(lambda: bool(ear.lost))
        await ear.until(lambda: pool.active == 6)
        assert not pool.is_plan_over
        await ear.until(lambda: pool.is_plan_over)
        assert (pool.active, pool.draining) == (0, 0)


async def test_a_rate_by_hand_is_shared_by_the_workers(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    async with running(tmp_path, scenario(server.url("/"))) as (pool, ear):
        pool.set_rate(100)
        await asyncio.sleep(0.5)
        pool.set_rate(0)
        await ear.until(lambda: ear.iterations >= 49)
        await asyncio.sleep(0.3)
        assert server.count() - before == pytest.approx(50, abs=4)


async def test_the_stop_line_ends_all_workers_and_fresh_ones_take_over(
    tmp_path: Path, server: CountingServer
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        plan = scenario(server.url("/slow/20"))
        async with running(tmp_path, plan, stop_fd=theirs.fileno()) as (pool, ear):
            pool.retarget(6)
            await ear.until(lambda: pool.active == 6)
            first = pids(pool)
            ours.send(b"!")
            await ear.until(lambda: len(ear.lost) == 2)
            assert {event.why for event in ear.lost} == {"was stopped by the watchdog"}
            assert all(event.is_ordered and not event.is_replaced for event in ear.lost)
            assert (pool.active, pool.draining) == (0, 0)
            theirs.recv(1)
            await pool.respawn()
            assert not set(pids(pool)) & set(first)
            assert pool.active == 0
            pool.retarget(4)
            await ear.until(lambda: pool.active == 4)
            assert len(ear.lost) == 2


async def test_a_pause_outlives_fresh_workers(tmp_path: Path, server: CountingServer) -> None:
    async with running(tmp_path, scenario(server.url("/"))) as (pool, ear):
        pool.hold(True)
        await pool.respawn()
        assert not ear.lost
        before = server.count()
        pool.retarget(4)
        await ear.until(lambda: pool.active == 4)
        await asyncio.sleep(0.1)
        assert server.count() == before
        pool.hold(False)
        await ear.until(lambda: ear.total("requests") > 0)


async def test_stopping_hands_over_the_last_batches_even_if_nobody_listened_before(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    pool = Pool(
        workers=2,
        scenario=scenario(server.url("/slow/30")),
        seed=1,
        log_dir=tmp_path,
        stop_fd=None,
    )
    await pool.start()
    pool.retarget(8)
    await asyncio.to_thread(server.count, before + 8)
    await pool.stop(grace=5.0)
    rows = [row async for event in pool.events() if isinstance(event, Batch) for row in event.rows]
    assert sum(row.requests + row.cut for row in rows) == server.count() - before


async def test_a_worker_that_hangs_is_killed_after_the_grace(
    tmp_path: Path, server: CountingServer
) -> None:
    pool = Pool(
        workers=1, scenario=scenario(server.url("/")), seed=1, log_dir=tmp_path, stop_fd=None
    )
    await pool.start()
    (pid,) = pids(pool)
    os.kill(pid, signal.SIGSTOP)
    await asyncio.wait_for(pool.stop(grace=0.2), 5.0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_scenario_that_no_worker_can_run_is_one_clear_error(tmp_path: Path) -> None:
    pool = Pool(
        workers=2,
        scenario=scenario("http://user:word@127.0.0.1/"),
        seed=1,
        log_dir=tmp_path,
        stop_fd=None,
    )
    with pytest.raises(SetupFailed, match=r"cannot run the scenario: .*user name or password"):
        await pool.start()
    assert pids(pool) == []
