from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.plan import Share, by_hand, split, weights_of
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    Manual,
    ManualRate,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.model.plan import end_of, most_at_once, plan_end, planned_vus

UP_AND_DOWN = (Stage(10, 5), Stage(20, 0))


@given(st.integers(0, 100_000), st.integers(1, 64))
def test_shares_add_up_to_the_target_and_are_level_within_one(target: int, workers: int) -> None:
    shares = split(target, workers)
    assert len(shares) == workers
    assert sum(shares) == target
    assert max(shares) - min(shares) <= 1


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 16))
def test_raising_the_target_lowers_nobodys_share(low: int, more: int, workers: int) -> None:
    before, after = split(low, workers), split(low + more, workers)
    assert all(b <= a for b, a in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("executor", "end", "vus"),
    [
        (ConstantVus(duration=30, vus=7), 30, 7),
        (RampingVus(UP_AND_DOWN, start_vus=1), 30, 5),
        (RampingVus(UP_AND_DOWN, start_vus=9), 30, 9),
        (ConstantRate(rate=5, duration=4, pre_allocated_vus=3, max_vus=8), 4, 8),
        (RampingRate(UP_AND_DOWN, pre_allocated_vus=3, max_vus=3), 30, 3),
        (SharedIterations(vus=4, iterations=9), 600, 4),
        (PerVuIterations(vus=2, iterations=9, max_duration=5), 5, 2),
        (Manual(vus=6), None, 6),
        (Manual(vus=6, duration=60), 60, 6),
        (ManualRate(rate=10, pre_allocated_vus=1, max_vus=20), None, 20),
    ],
)
def test_each_executor_knows_its_end_and_the_vus_it_can_need(
    executor: Executor, end: float | None, vus: int
) -> None:
    assert end_of(executor) == end
    assert planned_vus(executor) == vus


def test_a_plan_ends_with_its_last_entry() -> None:
    early = Entry("a", ConstantVus(duration=30))
    late = Entry("b", ConstantVus(duration=5), start_time=60)
    assert plan_end((early, late)) == 65
    assert plan_end((early, Entry("c", Manual()))) is None
    assert plan_end(()) == 0


def test_entries_that_cannot_overlap_need_no_more_vus_than_the_larger_one() -> None:
    first = Entry("a", ConstantVus(duration=30, vus=10), graceful_stop=5)
    beside = Entry("b", ConstantVus(duration=30, vus=7), start_time=34)
    after = Entry("c", ConstantVus(duration=30, vus=7), start_time=36)
    assert most_at_once((first, beside)) == 17
    assert most_at_once((first, after)) == 10


WEIGHTS = st.lists(st.integers(1, 50), min_size=1, max_size=5)


@given(st.integers(0, 300), WEIGHTS, st.integers(1, 5))
def test_a_hands_vus_are_divided_exactly_and_in_proportion(
    target: int, weights: list[int], workers: int
) -> None:
    parts = [by_hand(target, weights, Share(index, workers)) for index in range(workers)]
    assert [sum(part) for part in parts] == list(split(target, workers))
    for entry, weight in enumerate(weights):
        exact = target * weight / sum(weights)
        assert abs(sum(part[entry] for part in parts) - exact) < max(2, len(weights) - 1)


@given(st.integers(0, 100), st.integers(0, 20), WEIGHTS, st.integers(1, 5))
def test_a_raised_hand_ends_no_vu_of_any_entry(
    low: int, more: int, weights: list[int], workers: int
) -> None:
    share = Share(0, workers)
    before, after = by_hand(low, weights, share), by_hand(low + more, weights, share)
    assert all(b <= a for b, a in zip(before, after, strict=True))


def test_entries_weigh_as_much_as_the_vus_they_plan() -> None:
    browse = Entry("browse", ConstantRate(rate=9, duration=1, pre_allocated_vus=2, max_vus=30))
    assert weights_of((browse, Entry("buy", ConstantVus(duration=1, vus=10)))) == (30, 10)
    assert by_hand(8, (30, 10)) == (6, 2)
