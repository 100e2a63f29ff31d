"""How patient a caller is with a neighbour: time-outs, tries, and a breaker or none."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.demo.breaker import Rules

Failure = Literal["timeout", "unreachable", "answer", "refused"]
"""`answer`: a status ≥ 500. `refused`: our own breaker let nobody through."""


class Policy(msgspec.Struct, frozen=True):
    """`timeout`: seconds for one try, None for ever. `tries`: at most, the first included."""

    timeout: float | None = None
    tries: int = 1
    breaker: Rules | None = None


PATIENT = Policy()
"""Without any resilience: wait for ever, once."""


def payments_policy(*, resilience: bool) -> Policy:
    """1 s × 2 tries behind a breaker that opens after 5 failures for 5 s."""
    return Policy(1.0, 2, Rules()) if resilience else PATIENT


def inventory_policy(*, resilience: bool) -> Policy:
    """1 s, once: a reservation cannot be repeated blindly."""
    return Policy(1.0) if resilience else PATIENT


def may_retry(policy: Policy, tries: int, failure: Failure) -> bool:
    """Whether to try again after `tries` tries, the last of which ended in `failure`."""
    return failure != "refused" and tries < policy.tries


STATUS: dict[Failure, int] = {"timeout": 504, "unreachable": 502, "answer": 502, "refused": 503}
"""What a caller's own caller is told."""
