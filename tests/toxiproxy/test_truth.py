"""Whether faults are what they say: delays, rates, sizes and draws, in figures."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Iterator
from statistics import quantiles
from typing import NamedTuple

import pytest

from loadtui.toxiproxy.chain import EARLY
from loadtui.toxiproxy.flow import Latency, Slicer
from loadtui.toxiproxy.piece import Chunk, End
from tests.support.toxiproxy_pair import Toxi, start
from tests.support.toxiproxy_watch import until
from tests.support.toxiproxy_wire import Pair, wire


@pytest.fixture(scope="module")
def running() -> Iterator[Toxi]:
    """Give one server for all."""
    with start("embedded", "--seed", "1") as server:
        yield server


@pytest.fixture
def server(running: Toxi) -> Iterator[Toxi]:
    """Give it empty."""
    yield running
    running.tidy()


def uniform_distance(drawn: list[int], low: int, high: int) -> float:
    """Return the Kolmogorov-Smirnov distance from the uniform whole numbers low … high - 1."""
    ordered, n, width = sorted(drawn), len(drawn), high - low
    return max(
        max(
            abs((index + 1) / n - (value - low + 1) / width), abs(index / n - (value - low) / width)
        )
        for index, value in enumerate(ordered)
    )


@pytest.mark.parametrize("seed", range(5))
def test_jitter_is_uniform(seed: int) -> None:
    dice, jitter, n = random.Random(seed), 5000, 4000
    drawn = []
    for _ in range(n):
        flow = Latency({"latency": 6000, "jitter": jitter}, dice)
        flow.take(Chunk(memoryview(b"x"), 0.0), 0.0)
        assert flow.due is not None
        drawn.append(round(flow.due * 1000) - 6000)
    assert uniform_distance(drawn, -jitter, jitter) < 1.95 / math.sqrt(n)  # 0.1 % level


def test_the_distance_tells_other_draws_apart() -> None:
    dice = random.Random(1)
    halved = [dice.randrange(-5000, 0) for _ in range(4000)]
    assert uniform_distance(halved, -5000, 5000) > 0.4


@pytest.mark.parametrize(("average", "variation"), [(100, 0), (100, 50), (1000, 1000), (1, 0)])
def test_slices_are_no_larger_than_promised_and_lose_nothing(average: int, variation: int) -> None:
    data = random.Random(average).randbytes(20_000)
    attributes = {"average_size": average, "size_variation": variation, "delay": 0}
    flow = Slicer(attributes, random.Random(2))
    pieces: list[bytes] = []
    flow.take(Chunk(memoryview(data), 0.0), 0.0)
    while flow.busy or flow.out:
        while flow.out:
            piece = flow.out.popleft()
            assert not isinstance(piece, End)
            pieces.append(bytes(piece.data))
        if flow.due is not None:
            flow.ripen(flow.due)
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= average + variation
    assert all(pieces)


async def test_latency_of_100_ms_delays_by_100_ms(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs = [await proxy.connect() for _ in range(20)]
        direct = min(await delays(pairs))
        await proxy.add("latency", latency=100)
        added: list[float] = []
        latest: list[float] = []
        for _ in range(5):  # a machine that is busy makes many late, but not all for seconds
            latest = [each - direct for each in await delays(pairs)]
            added += latest
            if quantiles(latest, n=10)[0] < 0.102:
                break
        assert min(added) > 0.1 - EARLY - direct
        assert quantiles(latest, n=10)[0] < 0.102


async def delays(pairs: list[Pair]) -> list[float]:
    """How long one byte takes downstream, on one connection after the other, 100 in all."""
    took = []

    async def ask(pair: Pair, after: float) -> None:
        await asyncio.sleep(after)
        for _ in range(5):
            have = len(pair.client.data)
            sent = pair.peer.send(b"x")
            took.append(await pair.client.got(have + 1) - sent)

    await asyncio.gather(*(ask(pair, number * 0.007) for number, pair in enumerate(pairs)))
    return took


async def test_bandwidth_is_kept_within_3_percent(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.add("bandwidth", rate=1000)
        size = 2_000_000
        began = time.monotonic()
        pair.peer.send(bytes(size))
        took = await pair.client.got(size) - began
        assert abs(took / (size / 1_000_000) - 1) < 0.03


@pytest.mark.parametrize("limit", [1, 4096, 32 * 1024, 32 * 1024 + 1, 1_000_003])
async def test_limit_data_is_kept_to_the_byte(server: Toxi, limit: int) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=limit)
        pair = await proxy.connect()
        pair.peer.send(bytes(limit + 100_000))
        await pair.client.over()
        assert len(pair.client.data) == limit


class Draws(NamedTuple):
    """What a seed decides, connection by connection; none of it takes time to tell."""

    affected: list[bool]
    first_slices: list[int]
    early: list[bool]
    """Whether jitter shortened the delay to nothing, or else made it hours."""


async def draws(server: Toxi) -> Draws:
    async with wire(server) as proxy:
        await proxy.add("limit_data", toxicity=0.5, bytes=1)
        affected = [await _is_cut(await proxy.connect()) for _ in range(50)]
        await proxy.remove("limit_data_downstream")
        await proxy.add("slicer", average_size=500, size_variation=400, delay=3_600_000_000)
        slices = [await _first_slice(await proxy.connect()) for _ in range(20)]
        await proxy.remove("slicer_downstream")
        await proxy.add("latency", latency=0, jitter=100_000_000)
        early = [await _is_early(await proxy.connect()) for _ in range(50)]
    return Draws(affected, slices, early)


async def _is_cut(pair: Pair) -> bool:
    pair.peer.send(b"xy")
    await until(lambda: len(pair.client.data) == 2 or pair.client.ended is not None, "its fate")
    return pair.client.data == b"x"


async def _first_slice(pair: Pair) -> int:
    pair.peer.send(bytes(4000))
    await pair.client.got(1)
    return len(pair.client.data)


async def _is_early(pair: Pair) -> bool:
    pair.peer.send(b"x")
    for count in (1, 2, 3):  # what comes at once is there before the last of these has passed
        pair.client.send(b"?")
        await pair.peer.got(count)
    return pair.client.data == b"x"


async def test_a_seed_gives_the_same_draws_twice() -> None:
    runs = []
    for seed in ("11", "11", "12"):
        with start("embedded", "--seed", seed) as server:
            runs.append(await draws(server))
    first, again, other = runs
    assert first == again
    assert 10 < sum(first.affected) < 40
    assert 10 < sum(first.early) < 40
    assert all(1 <= size <= 900 for size in first.first_slices)
    assert all(one != two for one, two in zip(first, other, strict=True))
