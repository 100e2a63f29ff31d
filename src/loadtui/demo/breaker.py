"""A circuit breaker: after some failures in a row nobody calls a sick neighbour for a while."""

from __future__ import annotations

from typing import Literal, assert_never

import msgspec

State = Literal["closed", "open", "half-open"]
Event = Literal["asked", "succeeded", "failed"]


class Rules(msgspec.Struct, frozen=True):
    """Opens after `failures` in a row, and lets the first probe through after `rest` seconds."""

    failures: int = 5
    rest: float = 5.0


class Breaker(msgspec.Struct, frozen=True):
    """`failures`: in a row, while closed. `since`: when it opened last. `opened`: how often."""

    state: State = "closed"
    failures: int = 0
    since: float = 0.0
    opened: int = 0


def decide(breaker: Breaker, event: Event, now: float, rules: Rules) -> tuple[Breaker, bool]:
    """The breaker after `event` at `now` (seconds), and whether a call may go out.

    `asked`: somebody wants to call. While half-open the one who was let through is the probe: its
    result decides. What calls that began earlier report while it is open changes nothing.
    """
    match event:
        case "asked":
            return _asked(breaker, now, rules)
        case "succeeded":
            closed = breaker if breaker.state == "open" else Breaker(opened=breaker.opened)
            return closed, True
        case "failed":
            return _failed(breaker, now, rules), True
    assert_never(event)


def _asked(breaker: Breaker, now: float, rules: Rules) -> tuple[Breaker, bool]:
    if breaker.state == "closed":
        return breaker, True
    if breaker.state == "open" and now - breaker.since >= rules.rest:
        return msgspec.structs.replace(breaker, state="half-open"), True
    return breaker, False


def _failed(breaker: Breaker, now: float, rules: Rules) -> Breaker:
    if breaker.state == "open":
        return breaker
    failures = breaker.failures + 1
    if breaker.state == "closed" and failures < rules.failures:
        return msgspec.structs.replace(breaker, failures=failures)
    return Breaker("open", since=now, opened=breaker.opened + 1)


def wait_left(breaker: Breaker, now: float, rules: Rules) -> float:
    """Seconds until a call may be tried; 0 when it may now or a probe is under way."""
    return max(0.0, breaker.since + rules.rest - now) if breaker.state == "open" else 0.0
