from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.arrivals import Arrivals, Flow, first_own
from loadtui.model.executor import ConstantRate, ManualRate, RampingRate, Stage

STAGES = st.lists(
    st.builds(Stage, st.sampled_from([0, 0.5, 1, 3, 7.3]), st.integers(0, 30)),
    min_size=1,
    max_size=5,
)


def constant(rate: int, duration: float, time_unit: float = 1.0) -> Arrivals:
    return Arrivals(ConstantRate(rate, duration, 1, 1, time_unit))


def ramping(start: int, *stages: Stage) -> Arrivals:
    return Arrivals(RampingRate(stages, 1, 1, start))


def all_due(arrivals: Arrivals) -> list[float]:
    due = [arrivals.due(number) for number in range(int(arrivals.total))]
    return [moment for moment in due if moment is not None]


def test_at_a_constant_rate_the_first_start_is_due_at_once_and_the_last_at_the_end() -> None:
    arrivals = constant(50, 4)
    assert arrivals.total == 201  # as k6 does
    assert (arrivals.due(0), arrivals.due(1), arrivals.due(200)) == (0, 0.02, 4)
    assert arrivals.due(201) is None


def test_a_rate_may_count_per_minute() -> None:
    assert all_due(constant(90, 2, time_unit=60)) == pytest.approx([0, 2 / 3, 4 / 3, 2])


def test_along_a_flat_stage_the_first_start_waits_for_a_whole_area() -> None:
    assert all_due(ramping(10, Stage(1, 10))) == pytest.approx([n / 10 for n in range(1, 11)])


def test_on_a_slope_start_n_is_due_when_the_area_reaches_n() -> None:
    # From 0 to 10 per second within 10 s the area is t²/2.
    due = all_due(ramping(0, Stage(10, 10)))
    assert due == pytest.approx([(2 * n) ** 0.5 for n in range(1, 51)])


def test_the_fraction_of_one_stage_counts_in_the_next() -> None:
    # 0.5 starts until 1 s, and the other half within half a second.
    assert all_due(ramping(0, Stage(1, 1), Stage(1, 1))) == pytest.approx([1.5])


def test_a_stage_of_no_length_jumps() -> None:
    arrivals = ramping(0, Stage(2, 0), Stage(0, 10), Stage(1, 10))
    assert all_due(arrivals) == pytest.approx([2 + n / 10 for n in range(1, 11)])
    assert (arrivals.rate_at(1), arrivals.rate_at(2.5), arrivals.rate_at(4)) == (0, 10, 0)


def test_a_rate_of_nothing_starts_nothing() -> None:
    assert ramping(0, Stage(5, 0)).total == 0
    assert ramping(0, Stage(5, 0)).due(0) is None


def test_a_manual_rate_has_no_end() -> None:
    arrivals = Arrivals(ManualRate(10, 1, 1))
    assert arrivals.total == inf
    assert arrivals.due(10**6) == 10**5
    assert arrivals.count(10**5) == 10**6 + 1


@given(st.integers(0, 30), STAGES)
def test_starts_come_in_order_and_their_counts_agree(start: int, stages: list[Stage]) -> None:
    arrivals = ramping(start, *stages)
    due = all_due(arrivals)
    assert all(earlier <= later for earlier, later in pairwise(due))
    for number, moment in enumerate(due):
        assert arrivals.count(moment + 1e-5) >= number + 1
        assert arrivals.count(moment - 1e-5) <= number + (moment in due[:number])
    area, rate = 0.0, float(start)
    for stage in stages:
        area, rate = area + stage.duration * (rate + stage.target) / 2, float(stage.target)
    assert len(due) == int(area + 1e-7)


@given(st.integers(1, 5000), st.sampled_from([0.5, 1, 3, 7.3]))
def test_a_constant_rate_starts_one_more_than_rate_times_time(rate: int, seconds: float) -> None:
    assert constant(rate, seconds).total == int(rate * seconds + 1e-6) + 1


@given(st.integers(0, 1000), st.integers(1, 8))
def test_every_start_belongs_to_one_worker(number: int, workers: int) -> None:
    firsts = [first_own(number, index, workers) for index in range(workers)]
    assert sorted(firsts) == list(range(number, number + workers))
    assert [first % workers for first in firsts] == list(range(workers))


def test_a_hand_that_changes_the_rate_keeps_the_fraction() -> None:
    flow = Flow(at=100.0, rate=10.0).changed(100.0, now=100.05)  # half a start is due
    assert flow.count(100.05) == 0
    assert flow.due(0) == pytest.approx(100.055)
    assert flow.due(1) == pytest.approx(100.065)
    assert Flow(100.0, 0.0).due(0) is None


@given(st.lists(st.tuples(st.floats(0.01, 2), st.integers(0, 500)), min_size=1, max_size=8))
def test_a_hand_loses_no_start_by_changing_the_rate(moves: list[tuple[float, int]]) -> None:
    now, flow, begun = 50.0, Flow(50.0, 0.0), 0
    area = 0.0
    for seconds, rate in moves:
        flow = flow.changed(rate, now)
        now += seconds
        area += seconds * rate
        while (due := flow.due(begun)) is not None and due <= now:
            begun += 1
    assert abs(begun - area) < 1.001
