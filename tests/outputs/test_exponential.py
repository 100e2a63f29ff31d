from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.custom import Measured
from loadtui.outputs.exponential import exponential

BASE = 2 ** (1 / 32)


def trend(*values: float) -> Measured:
    out = Measured("trend")
    for value in values:
        out.record(value, 0.0)
    return out


@given(st.lists(st.floats(-1e6, 1e6).filter(lambda v: not 0 < abs(v) < 1e-3), min_size=1))
def test_every_sample_is_counted_once_on_its_side(values: list[float]) -> None:
    found = exponential(trend(*values))
    assert found.count == len(values)
    assert sum(found.positive.values()) == sum(value > 0 for value in values)
    assert sum(found.negative.values()) == sum(value < 0 for value in values)
    assert found.zeros == sum(value == 0 for value in values)
    assert (found.low, found.high) == (min(values), max(values))
    assert found.total == pytest.approx(sum(values))


@given(st.floats(1e-2, 1e6))
def test_a_value_lies_in_its_bucket_or_within_our_own_error_of_it(value: float) -> None:
    (index,) = exponential(trend(value)).positive
    assert BASE**index * (1 - 1 / 256) <= value <= BASE ** (index + 1) * (1 + 1 / 256)


def test_units_shift_buckets_and_sums_alike() -> None:
    found = exponential(trend(30.0, 30.0), 1e-3)
    assert found.total == pytest.approx(0.06)
    assert found.high == pytest.approx(0.03)
    assert list(found.positive) == [math.ceil(math.log2(0.03) * 32) - 1]
