from __future__ import annotations

import asyncio
import sys
import time

import pytest

from loadtui.load.alarm import LoopAlarm, TimerFd, new_alarm

Kind = type[LoopAlarm | TimerFd]
KINDS: list[Kind] = [LoopAlarm, *([TimerFd] if sys.platform == "linux" else [])]


class Bell:
    def __init__(self, kind: Kind) -> None:
        self.rang: list[float] = []
        self.once = asyncio.Event()
        self.alarm = kind(time.perf_counter, self.ring)

    def ring(self) -> None:
        self.rang.append(time.perf_counter())
        self.once.set()


@pytest.mark.parametrize("kind", KINDS)
async def test_it_rings_once_at_the_moment_that_was_set_last(
    kind: Kind,
) -> None:
    bell = Bell(kind)
    now = time.perf_counter()
    bell.alarm.set(now + 60)
    bell.alarm.set(now + 0.02)
    await asyncio.wait_for(bell.once.wait(), 5.0)
    assert bell.rang[0] >= now + 0.018
    await asyncio.sleep(0.03)
    assert len(bell.rang) == 1
    bell.alarm.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_moment_that_has_passed_rings_at_once(kind: Kind) -> None:
    bell = Bell(kind)
    bell.alarm.set(time.perf_counter() - 5)
    await asyncio.wait_for(bell.once.wait(), 5.0)
    bell.alarm.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_off_and_closed_ring_no_more(kind: Kind) -> None:
    bell = Bell(kind)
    bell.alarm.set(time.perf_counter() + 0.01)
    bell.alarm.off()
    await asyncio.sleep(0.03)
    bell.alarm.set(time.perf_counter() + 0.01)
    bell.alarm.close()
    bell.alarm.close()
    bell.alarm.set(0.0)
    await asyncio.sleep(0.03)
    assert bell.rang == []


async def test_the_exact_one_is_taken_where_there_is_one() -> None:
    alarm = new_alarm(time.perf_counter, lambda: None)
    assert isinstance(alarm, KINDS[-1])
    alarm.close()
