"""Turns to send: evenly spaced, in order, none while held, and none lost on whoever left."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.sender import NotSent
from loadtui.load.throttle import Throttle, parts

clock = time.perf_counter


async def taken(throttle: Throttle, count: int) -> list[float]:
    """When each of so many got its turn, all of whom asked at once."""
    times: list[float] = []

    async def one() -> None:
        await throttle.turn()
        times.append(clock())

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())
    return times


async def test_turns_are_evenly_spaced() -> None:
    throttle = Throttle(clock)
    throttle.limit(200)
    times = await taken(throttle, 60)
    assert 59 / 200 <= times[-1] - times[0] + 0.001 < 0.6
    assert max(later - at for at, later in pairwise(times)) < 0.2
    throttle.close()


async def test_a_rate_far_above_a_timers_grain_is_kept() -> None:
    throttle = Throttle(clock)
    throttle.limit(20_000)
    times = await taken(throttle, 10_000)
    assert 0.49 < times[-1] - times[0] < 2.0
    throttle.close()


async def test_nothing_is_saved_up_while_nobody_asks() -> None:
    throttle = Throttle(clock)
    throttle.limit(50)
    await throttle.turn()
    await asyncio.sleep(0.2)
    times = await taken(throttle, 3)
    assert times[-1] - times[0] >= 2 / 50 - 0.001
    throttle.close()


async def test_without_a_share_nobody_sends_until_there_is_one() -> None:
    throttle = Throttle(clock)
    waiting = asyncio.create_task(throttle.turn())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    throttle.limit(100)
    await asyncio.wait_for(waiting, 5)
    throttle.limit(0)
    waiting = asyncio.create_task(throttle.turn())
    await asyncio.sleep(0.03)
    assert not waiting.done()
    waiting.cancel()
    throttle.close()


async def test_a_new_rate_holds_at_once_for_who_waits() -> None:
    throttle = Throttle(clock)
    throttle.limit(0.01)
    await throttle.turn()
    waiting = asyncio.create_task(throttle.turn())
    await asyncio.sleep(0)
    throttle.limit(1000)
    await asyncio.wait_for(waiting, 5)
    throttle.close()


async def test_nobody_gets_a_turn_while_load_is_held() -> None:
    throttle = Throttle(clock)
    throttle.limit(1000)
    throttle.hold(on=True)
    waiting = asyncio.create_task(throttle.turn())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    throttle.hold(on=False)
    await asyncio.wait_for(waiting, 5)
    throttle.close()


async def test_who_is_cancelled_has_sent_nothing_and_takes_no_turn() -> None:
    throttle = Throttle(clock)
    throttle.limit(20)
    await throttle.turn()
    gone = [asyncio.create_task(throttle.turn()) for _ in range(100)]
    await asyncio.sleep(0)
    for each in gone:
        each.cancel()
    ends = await asyncio.gather(*gone, return_exceptions=True)
    assert {type(end) for end in ends} <= {NotSent, asyncio.CancelledError}
    began = clock()
    await throttle.turn()
    assert clock() - began < 0.2
    throttle.close()


@given(st.floats(1, 1e6), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_the_parts_are_the_whole_and_go_to_who_has_users(limit: float, weights: list[int]) -> None:
    shares = parts(limit, weights)
    assert sum(shares) == pytest.approx(limit)
    if any(weights):
        assert [share > 0 for share in shares] == [weight > 0 for weight in weights]
