from __future__ import annotations

import pytest

from loadtui.demo.policy import (
    PATIENT,
    STATUS,
    Failure,
    inventory_policy,
    may_retry,
    payments_policy,
)


def test_payments_gets_one_second_twice_behind_a_breaker() -> None:
    policy = payments_policy(resilience=True)
    assert (policy.timeout, policy.tries) == (1.0, 2)
    assert policy.breaker is not None
    assert (policy.breaker.failures, policy.breaker.rest) == (5, 5.0)


def test_without_resilience_nobody_ever_gives_up() -> None:
    assert payments_policy(resilience=False) == inventory_policy(resilience=False) == PATIENT
    assert (PATIENT.timeout, PATIENT.tries, PATIENT.breaker) == (None, 1, None)


@pytest.mark.parametrize(
    ("tries", "failure", "again"),
    [
        (1, "timeout", True),
        (1, "unreachable", True),
        (1, "answer", True),
        (2, "timeout", False),
        (1, "refused", False),
    ],
)
def test_a_failed_try_is_repeated_once_unless_the_breaker_refused(
    tries: int, failure: Failure, again: bool
) -> None:
    assert may_retry(payments_policy(resilience=True), tries, failure) is again


def test_an_open_breaker_is_503_and_a_late_neighbour_504() -> None:
    assert STATUS == {"timeout": 504, "unreachable": 502, "answer": 502, "refused": 503}
