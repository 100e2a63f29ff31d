from __future__ import annotations

import pytest

from loadtui.load.planned import Wanted, is_by_rate, wanted, words
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Manual,
    RampingRate,
    RampingVus,
    SharedIterations,
    Stage,
)

RAMP = Entry("default", RampingVus((Stage(120, 50), Stage(300, 50), Stage(60, 0)), start_vus=1))
BROWSE = Entry("browse", RampingRate((Stage(10, 100),), 5, 10))
BUY = Entry("buy", ConstantVus(30, 10), start_time=5)


@pytest.mark.parametrize(
    ("entry", "elapsed", "said"),
    [
        (RAMP, 48, "stage 1 of 3 → 50 VUs, 1m12s left"),
        (RAMP, 450, "stage 3 of 3 → 0 VUs, 30s left"),
        (RAMP, 481, "over"),
        (Entry("a", RampingRate((Stage(10, 60),), 1, 1, time_unit=60)), 4, None),
        (Entry("a", ConstantVus(30, 7)), 12, "7 VUs, 18s left"),
        (Entry("a", ConstantRate(50, 30, 1, 1)), 12, "50/s, 18s left"),
        (Entry("a", Manual(1)), 12, "1 VU"),
        (Entry("a", SharedIterations(4, 50)), 12, "4 VUs, 50 iterations"),
        (Entry("a", ConstantVus(30, 7), start_time=20), 12, "begins in 8s"),
    ],
)
def test_a_plan_says_where_it_is(entry: Entry, elapsed: float, said: str | None) -> None:
    assert words((entry,), elapsed) == (said or "stage 1 of 1 → 60 per 1m, 6s left")


def test_several_entries_say_what_each_wants() -> None:
    assert words((BROWSE, BUY), 7.5) == "browse 75/s · buy 10 VUs"
    assert words((BROWSE, BUY), 20) == "buy 10 VUs"


def test_what_is_wanted_adds_up() -> None:
    assert wanted((BROWSE, BUY), 5) == Wanted(vus=10, rate=50)
    assert wanted(
        (Entry("a", SharedIterations(vus=4, iterations=9, max_duration=5)),), 4
    ) == Wanted(4)
    assert (
        wanted((Entry("a", SharedIterations(vus=4, iterations=9, max_duration=5)),), 5) == Wanted()
    )


def test_a_plan_of_rates_alone_is_driven_by_rate() -> None:
    assert is_by_rate((BROWSE,))
    assert not is_by_rate((BROWSE, BUY))
    assert not is_by_rate(())
