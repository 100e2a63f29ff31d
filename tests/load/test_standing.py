"""A fresh worker is told what the others were told, as if it had been there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.standing import Hand, Plan, Standing
from loadtui.model.frame import Follow, Retarget, SetRate


def test_nothing_was_told_yet() -> None:
    assert Standing().order(1, 0.0, 5.0) is None
    assert Standing().held(5.0, on=True).order(1, 0.0, 6.0) is None


def test_a_hands_target_and_the_plans_beginning_in_the_workers_own_clock() -> None:
    assert Standing().driven(Hand(7), 1.0).order(3, 100.0, 9.0) == Retarget(3, 7)
    follows = Standing().driven(Plan(200.0), 200.0)
    assert follows.follows
    assert follows.order(3, 100.0, 230.0) == Follow(3, 100.0)


def test_a_plan_that_stood_still_is_as_far_for_a_fresh_worker_as_for_the_others() -> None:
    held = Standing().driven(Plan(100.0), 100.0).held(110.0, on=True)
    assert held.order(1, 0.0, 125.0) == Follow(1, 115.0), "10 s into the plan, at 125"
    assert held.elapsed(125.0) == 10.0
    resumed = held.held(130.0, on=False)
    assert resumed.order(2, 0.0, 131.0) == Follow(2, 120.0), "11 s into the plan, at 131"


def test_pausing_twice_is_pausing_once() -> None:
    once = Standing().driven(Plan(0.0), 0.0).held(10.0, on=True)
    assert once.held(12.0, on=True) == once


@given(
    rates=st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(0.0, 500.0)), min_size=1, max_size=8),
    after=st.floats(0.0, 10.0),
)
def test_the_starts_of_a_rate_add_up_over_every_change(
    rates: list[tuple[float, float]], after: float
) -> None:
    standing, now, due = Standing(), 100.0, 0.0
    for seconds, rate in rates:
        standing = standing.at_rate(rate, now)
        now += seconds
        due += seconds * rate
    order = standing.at_rate(1.0, now).order(1, 5.0, now + after)
    assert isinstance(order, SetRate)
    assert order.at == now + after - 5.0
    assert abs(order.area - due - after) <= 1e-6 * max(1.0, due)


def test_while_load_is_held_nothing_becomes_due() -> None:
    flowing = Standing().at_rate(10.0, 0.0)
    held = flowing.held(3.0, on=True).at_rate(20.0, 50.0)
    order = held.held(60.0, on=False).order(1, 0.0, 60.0)
    assert order == SetRate(1, 60.0, 20.0, 30.0)
