from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import cast

import pytest

from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.sweep import LONGEST, SHORTEST, Sweep


class FakeTimer:
    def __init__(self, after: float, call: Callable[[], None]) -> None:
        self.after, self.call, self.is_cancelled = after, call, False

    def cancel(self) -> None:
        self.is_cancelled = True


class FakeLoop:
    """A loop's timers, run by hand; `now` is what the clock says."""

    def __init__(self) -> None:
        self.now = 50.0
        self.timers: list[FakeTimer] = []

    def call_later(self, after: float, call: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(after, call))
        return self.timers[-1]

    def pass_timer(self) -> None:
        timer = self.timers[-1]
        self.now += timer.after
        timer.call()


class FakeConnection:
    def __init__(self, deadline: float = math.inf) -> None:
        self.deadline = deadline
        self.fate = ""

    def expire(self) -> None:
        self.fate, self.deadline = "expired", math.inf

    def abort(self) -> None:
        self.fate, self.deadline = "aborted", math.inf


def watched(loop: FakeLoop, *connections: FakeConnection) -> Sweep:
    sweep = Sweep(cast("asyncio.AbstractEventLoop", loop), lambda: loop.now)
    for each in connections:
        sweep.add(cast("HttpProtocol", each))
    return sweep


def test_only_what_is_overdue_expires() -> None:
    loop = FakeLoop()
    late, near, far, idle = (FakeConnection(at) for at in (50.05, 50.4, 60.0, math.inf))
    watched(loop, late, near, far, idle)
    loop.pass_timer()
    assert [each.fate for each in (late, near, far, idle)] == ["expired", "", "", ""]


@pytest.mark.parametrize("timeout", [0.11, 0.25, 1.0, 1.7])
def test_a_request_ends_at_most_ten_ms_late(timeout: float) -> None:
    loop = FakeLoop()
    connection = FakeConnection(50.0 + timeout)
    watched(loop, connection, FakeConnection())
    for _ in range(200):
        if connection.fate:
            break
        loop.pass_timer()
    assert connection.fate == "expired"
    assert timeout - 1e-9 <= loop.now - 50.0 <= timeout + SHORTEST + 1e-9


def test_looks_are_no_denser_than_deadlines_ask_for() -> None:
    loop = FakeLoop()
    watched(loop, *(FakeConnection(50.0 + count / 1000) for count in range(1000)))
    while loop.now < 51.0:
        loop.pass_timer()
    assert all(SHORTEST <= timer.after <= LONGEST for timer in loop.timers)


def test_without_connections_there_is_no_timer() -> None:
    loop = FakeLoop()
    connection = FakeConnection()
    sweep = watched(loop, connection)
    assert len(sweep) == 1
    sweep.discard(cast("HttpProtocol", connection))
    sweep.discard(cast("HttpProtocol", connection))
    assert len(sweep) == 0
    assert loop.timers[-1].is_cancelled
    sweep.add(cast("HttpProtocol", connection))
    assert not loop.timers[-1].is_cancelled


def test_a_hard_stop_drops_every_connection() -> None:
    connections = [FakeConnection(51.0), FakeConnection()]
    watched(FakeLoop(), *connections).abort()
    assert [each.fate for each in connections] == ["aborted", "aborted"]
