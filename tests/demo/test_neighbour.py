from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing

import pytest

from loadtui.demo.breaker import Rules
from loadtui.demo.neighbour import Neighbour, Outcome
from loadtui.demo.policy import PATIENT, Policy
from tests.demo.servers import played, reply

BREAKER = Policy(timeout=5.0, breaker=Rules(failures=2, rest=5.0))


def calling(
    url: str, policy: Policy, clock: Callable[[], float] = time.monotonic
) -> aclosing[Neighbour]:
    return aclosing(Neighbour(url, policy, clock))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_good_answer_is_passed_on() -> None:
    async def answer() -> bytes:
        return reply(201, b"charged")

    async with played(answer) as server, calling(server.url, PATIENT) as neighbour:
        assert await neighbour.post(b"{}") == Outcome(b"charged")


async def test_a_failed_try_is_repeated() -> None:
    answers = [reply(500), reply(200, b"second")]

    async def answer() -> bytes:
        return answers.pop(0)

    async with (
        played(answer) as server,
        calling(server.url, Policy(timeout=5.0, tries=2)) as neighbour,
    ):
        assert await neighbour.post(b"{}") == Outcome(b"second")
    assert neighbour.retries == 1


async def test_a_late_answer_is_a_timeout_in_every_try() -> None:
    async def answer() -> bytes:
        await asyncio.Event().wait()
        return reply(200)

    async with (
        played(answer) as server,
        calling(server.url, Policy(timeout=0.05, tries=2)) as neighbour,
    ):
        assert (await neighbour.post(b"{}")).failure == "timeout"
    assert (neighbour.timeouts, neighbour.retries) == (2, 1)


async def test_an_answer_that_trickles_is_late_as_well() -> None:
    async def answer() -> bytes:
        return b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbeginning"

    async with (
        played(answer) as server,
        calling(server.url, Policy(timeout=0.05)) as neighbour,
    ):
        assert (await neighbour.post(b"{}")).failure == "timeout"


@pytest.mark.parametrize(
    ("said", "failure"),
    [(None, "unreachable"), (reply(503), "answer"), (b"nonsense\r\n\r\n", "unreachable")],
)
async def test_every_kind_of_failure_is_data(said: bytes | None, failure: str) -> None:
    async def answer() -> bytes | None:
        return said

    policy = Policy(timeout=5.0)
    async with played(answer) as server, calling(server.url, policy) as neighbour:
        assert (await neighbour.post(b"{}")).failure == failure


async def test_nobody_there_is_data() -> None:
    async def answer() -> bytes:
        return b""

    async with played(answer) as server:
        url = server.url
    async with calling(url, PATIENT) as neighbour:
        assert (await neighbour.post(b"{}")).failure == "unreachable"


async def test_an_open_breaker_asks_nobody_and_says_how_long() -> None:
    async def answer() -> bytes:
        return reply(500)

    clock = Clock()
    async with (
        played(answer) as server,
        calling(server.url, BREAKER, clock) as neighbour,
    ):
        for _ in range(2):
            await neighbour.post(b"{}")
        clock.now += 1.5
        assert await neighbour.post(b"{}") == Outcome(failure="refused", wait=3.5)
    assert len(server.requests) == 2


async def test_after_its_rest_one_good_probe_closes_it() -> None:
    answers = [reply(500), reply(500), reply(200), reply(200)]

    async def answer() -> bytes:
        return answers.pop(0)

    clock = Clock()
    async with (
        played(answer) as server,
        calling(server.url, BREAKER, clock) as neighbour,
    ):
        for _ in range(2):
            await neighbour.post(b"{}")
        clock.now += 5.0
        assert [(await neighbour.post(b"{}")).failure for _ in range(2)] == [None, None]
    assert neighbour.breaker is not None
    assert neighbour.breaker.state == "closed"


async def test_a_cancelled_probe_does_not_leave_it_half_open() -> None:
    hanging = asyncio.Event()

    async def answer() -> bytes:
        if len(server.requests) <= 2:
            return reply(500)
        hanging.set()
        await asyncio.Event().wait()
        return reply(200)

    clock = Clock()
    async with (
        played(answer) as server,
        calling(server.url, BREAKER, clock) as neighbour,
    ):
        for _ in range(2):
            await neighbour.post(b"{}")
        clock.now += 5.0
        probe = asyncio.create_task(neighbour.post(b"{}"))
        await hanging.wait()
        probe.cancel()
        with pytest.raises(asyncio.CancelledError):
            await probe
    assert neighbour.breaker is not None
    assert (neighbour.breaker.state, neighbour.breaker.opened) == ("open", 2)


async def test_without_resilience_there_is_no_breaker() -> None:
    async with calling("http://127.0.0.1:1", PATIENT) as neighbour:
        assert neighbour.breaker is None
