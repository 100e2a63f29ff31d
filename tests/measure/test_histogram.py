from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.histogram import Histogram, bounds, quantiles
from loadtui.model.row import Distribution

# Up to a day, and often the small numbers where the two forms of bucket meet.
TIMES = st.one_of(st.integers(0, 600), st.integers(0, 86_400_000_000))


def recorded(values: list[int]) -> Histogram:
    out = Histogram()
    for value in values:
        out.record(value)
    return out


def bucket_of(us: int) -> int:
    (index,) = recorded([us]).buckets
    return index


def quantile(values: list[int], q: float) -> float:
    return quantiles(recorded(values).to_distribution(), (q,))[0]


def exact_quantile(values: list[int], q: float) -> float:
    """k6's: linear between the order statistics next to q × (n - 1)."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@given(TIMES)
def test_every_time_lies_within_its_bucket(us: int) -> None:
    lowest, highest = bounds(bucket_of(us))
    assert lowest <= us <= highest
    assert highest - lowest <= us / 128


def test_buckets_follow_each_other_without_gap_or_overlap() -> None:
    for index in range(4000):
        assert bounds(index + 1)[0] == bounds(index)[1] + 1
        assert bucket_of(bounds(index)[0]) == bucket_of(bounds(index)[1]) == index


@given(st.lists(TIMES, min_size=1), st.floats(0, 1))
def test_a_quantile_is_at_most_half_a_percent_off(values: list[int], q: float) -> None:
    truth = exact_quantile(values, q)
    assert quantile(values, q) == pytest.approx(truth, rel=0.005, abs=0.001)


@given(st.lists(TIMES), st.lists(TIMES))
def test_merging_equals_recording_everything(left: list[int], right: list[int]) -> None:
    both = recorded(left + right).to_distribution()
    a, b = recorded(left), recorded(left)
    a.merge(recorded(right))
    b.merge(recorded(right).to_distribution())
    assert a.to_distribution() == b.to_distribution() == both


@given(st.lists(TIMES, min_size=1))
def test_sum_count_and_both_ends_are_exact(values: list[int]) -> None:
    seen = recorded(values).to_distribution()
    assert (seen.count, seen.total) == (len(values), sum(values))
    assert (seen.low, seen.high) == (min(values), max(values))
    assert quantiles(seen, (0.0, 1.0)) == (min(values), max(values))


def test_quantiles_between_few_values_are_interpolated_as_k6_does() -> None:
    seen = recorded([10, 20, 30, 40]).to_distribution()
    assert quantiles(seen, (0.95, 0.5, 0.9)) == pytest.approx((38.5, 25, 37))


def test_nothing_recorded_reads_as_zero() -> None:
    assert quantiles(Distribution(), (0.5, 0.99)) == (0.0, 0.0)
    assert Histogram().to_distribution() == Distribution()


def test_equal_values_read_back_exactly() -> None:
    assert quantile([123_457] * 50, 0.95) == 123_457


def test_zeros_added_on_the_way_out_count_as_values() -> None:
    assert recorded([7]).to_distribution(zeros=3) == recorded([7, 0, 0, 0]).to_distribution()
    assert Histogram().to_distribution(zeros=2) == recorded([0, 0]).to_distribution()


def test_clearing_starts_anew_and_leaves_what_was_handed_out() -> None:
    seen = recorded([5, 5000])
    before = seen.to_distribution()
    seen.clear()
    seen.record(9)
    assert before.count == 2
    assert seen.to_distribution() == Distribution(1, 9, 9, 9, {9: 1})
