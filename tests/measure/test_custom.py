"""Custom metrics: signed and fractional values, merged in any order."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.custom import Measured
from loadtui.measure.recorder import FOLDED, Recorder
from loadtui.model.metric import MetricType
from loadtui.model.tags import tagset

DISTRIBUTIONS: dict[str, Callable[[random.Random], float]] = {
    "uniform": lambda dice: dice.uniform(1, 1000),
    "lognormal": lambda dice: dice.lognormvariate(3, 1.5),
    "two humps": lambda dice: dice.gauss(5, 0.2) if dice.random() < 0.8 else dice.gauss(2000, 50),
    "signed": lambda dice: dice.gauss(0, 100),
    "small fractions": lambda dice: dice.expovariate(20),
}

SIXTEENTHS = st.integers(-(2**30), 2**30).map(lambda n: n / 16)
"""Values that floats add up exactly, in any order."""


def exact(values: list[float], q: float) -> float:
    place = q * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_quantiles_are_within_half_a_per_cent(name: str) -> None:
    dice, sums = random.Random(7), Measured("trend")
    values = sorted(DISTRIBUTIONS[name](dice) for _ in range(20_000))
    for value in values:
        sums.record(value, 0.0)
    for q in (0.0, 0.01, 0.1, 0.25, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0):
        assert sums.quantile(q) == pytest.approx(exact(values, q), rel=0.005, abs=1e-6)


def filled(kind: MetricType, samples: list[tuple[float, float]]) -> Measured:
    sums = Measured(kind)
    for value, at in samples:
        sums.record(value, at)
    return sums


def numbers(sums: Measured) -> tuple[object, ...]:
    return tuple(getattr(sums, name) for name in Measured.__slots__)


@given(
    st.sampled_from(["counter", "gauge", "rate", "trend"]),
    st.lists(st.lists(st.tuples(SIXTEENTHS, st.integers(0, 50)), max_size=8), max_size=5),
    st.randoms(use_true_random=False),
)
def test_merging_parts_in_any_order_equals_recording_all(
    kind: MetricType, parts: list[list[tuple[float, float]]], dice: random.Random
) -> None:
    whole = filled(kind, [sample for part in parts for sample in part])
    rows = [filled(kind, part).row(1, "m", ()) for part in parts]
    dice.shuffle(rows)
    merged = Measured(kind)
    for row in rows:
        merged.add(row)
    assert numbers(merged) == numbers(whole)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308])
def test_what_is_no_finite_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        Recorder().trend("drift", value, at=1.0)


def test_each_type_of_metric_comes_as_a_row_of_its_second_and_tags() -> None:
    recorder, tags = Recorder(), tagset({"team": "web"})
    recorder.counter("bought", 2.5, tags, at=7.2)
    recorder.counter("bought", 0.5, tags, at=7.9)
    recorder.gauge("queue", 5, at=7.5)
    recorder.gauge("queue", -3, at=7.6)
    recorder.rate("good", 1, at=8.0)
    recorder.rate("good", 0, at=8.0)
    recorder.trend("drift", -0.25, at=8.0)
    rows = {row.metric: row for row in recorder.drain_metrics()}
    assert (rows["bought"].second, rows["bought"].tags, rows["bought"].total) == (7, tags, 3.0)
    assert (rows["queue"].last, rows["queue"].low, rows["queue"].high) == (-3, -3, 5)
    assert (rows["good"].truthy, rows["good"].count) == (1, 2)
    assert (rows["drift"].low, sum(rows["drift"].negative.values())) == (-0.25, 1)
    assert recorder.is_empty


def test_a_metric_has_one_type_and_a_proper_name() -> None:
    recorder = Recorder()
    recorder.counter("orders", 1, at=0.0)
    with pytest.raises(ValueError, match="orders is a counter, not a trend"):
        recorder.trend("orders", 1, at=0.0)
    with pytest.raises(ValueError, match="is no metric"):
        recorder.trend("with space", 1, at=0.0)
    with pytest.raises(ValueError, match="cannot go down"):
        recorder.counter("orders", -1, at=0.0)


def test_tags_beyond_the_limit_are_folded_and_it_is_said_once() -> None:
    said: list[str] = []
    recorder = Recorder(series=3, say=said.append)
    for user in range(10):
        recorder.counter("orders", 1, tagset({"user": str(user)}), at=0.0)
    rows = {row.tags: row.total for row in recorder.drain_metrics()}
    assert len(rows) == 4
    assert rows[FOLDED] == 7
    assert sum(rows.values()) == 10
    assert len(said) == 1
