from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.demo.breaker import Breaker, Event, Rules, decide, wait_left

RULES = Rules(failures=5, rest=5.0)


def after(*events: tuple[Event, float], breaker: Breaker | None = None) -> tuple[Breaker, bool]:
    """Where these events lead, and what the last one was told."""
    breaker, allowed = breaker or Breaker(), True
    for event, now in events:
        breaker, allowed = decide(breaker, event, now, RULES)
    return breaker, allowed


def failures(count: int, now: float = 0.0) -> list[tuple[Event, float]]:
    return [("failed", now)] * count


def test_four_failures_in_a_row_are_borne() -> None:
    assert after(*failures(4), ("asked", 0.0)) == (Breaker(failures=4), True)


def test_the_fifth_opens_it() -> None:
    breaker, allowed = after(*failures(5, 2.0), ("asked", 2.1))
    assert (breaker.state, breaker.since, breaker.opened, allowed) == ("open", 2.0, 1, False)


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker, _ = after(*failures(4), ("succeeded", 1.0), *failures(4))
    assert breaker.state == "closed"


@pytest.mark.parametrize(
    ("now", "allowed"), [(0.0, False), (4.99, False), (5.0, True), (60.0, True)]
)
def test_it_rests_for_five_seconds(now: float, allowed: bool) -> None:
    assert after(*failures(5), ("asked", now))[1] is allowed


def test_only_one_probe_goes_out() -> None:
    breaker, first = after(*failures(5), ("asked", 5.0))
    assert (breaker.state, first) == ("half-open", True)
    assert after(("asked", 5.1), ("asked", 99.0), breaker=breaker) == (breaker, False)


def test_a_good_probe_closes_it() -> None:
    breaker, allowed = after(*failures(5), ("asked", 5.0), ("succeeded", 5.1), ("asked", 5.1))
    assert (breaker.state, breaker.failures, allowed) == ("closed", 0, True)


def test_a_bad_probe_opens_it_for_another_rest() -> None:
    breaker, allowed = after(*failures(5), ("asked", 5.0), ("failed", 6.0), ("asked", 10.9))
    assert (breaker.state, breaker.since, breaker.opened, allowed) == ("open", 6.0, 2, False)


@pytest.mark.parametrize("late", ["failed", "succeeded"])
def test_calls_that_began_before_it_opened_change_nothing(late: Event) -> None:
    opened, _ = after(*failures(5))
    assert after((late, 3.0), breaker=opened)[0] == opened


@pytest.mark.parametrize(
    ("events", "now", "left"),
    [([], 3.0, 0.0), (failures(5, 2.0), 3.0, 4.0), (failures(5, 2.0), 9.0, 0.0)],
)
def test_how_long_to_wait(events: list[tuple[Event, float]], now: float, left: float) -> None:
    assert wait_left(after(*events)[0], now, RULES) == left


steps = st.tuples(st.sampled_from(["asked", "succeeded", "failed"]), st.floats(0, 3))


@given(st.lists(steps, max_size=60))
def test_a_sick_neighbour_is_asked_at_most_once_in_a_rest(
    events: list[tuple[Event, float]],
) -> None:
    breaker, now, let_through = Breaker(), 0.0, None
    for event, pause in events:
        now += pause
        before = breaker
        breaker, allowed = decide(breaker, event, now, RULES)
        assert breaker.opened >= before.opened
        if event == "asked" and before.state != "closed" and allowed:
            assert let_through is None or before.since >= let_through
            assert now >= before.since + RULES.rest
            let_through = now
        if breaker.state == "closed":
            assert breaker.failures < RULES.failures
