from __future__ import annotations

from math import log10
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.history import Point
from loadtui.outputs.scale import (
    clock,
    clock_ticks,
    linear_ticks,
    log_ticks,
    needs_log,
    squeezed,
)


def test_a_long_run_keeps_its_peaks_and_its_gaps() -> None:
    values = [1.0, 9.0, None, None, 2.0, None, 3.0, 4.0]
    points = [Point(at=float(i), vus=1, p95=value) for i, value in enumerate(values)]
    assert squeezed(points, 4, lambda p: p.p95) == [(0, 9), (2, None), (4, 2), (6, 4)]
    assert squeezed(points, 4, lambda p: p.p95, pick=fmean) == [(0, 5), (2, None), (4, 2), (6, 3.5)]
    assert squeezed([], 4, lambda p: p.p95) == []


def test_seconds_that_are_missing_are_gaps() -> None:
    points = [Point(at=at, vus=1, rate=5.0) for at in (1.0, 2.0, 5.0)]
    assert squeezed(points, 100, lambda p: p.rate) == [(1, 5), (2, 5), (3, None), (4, None), (5, 5)]


@given(st.integers(1, 3000), st.integers(1, 200))
def test_a_run_never_takes_more_columns_than_there_are(seconds: int, columns: int) -> None:
    points = [Point(at=float(i), vus=1, rate=1.0) for i in range(seconds)]
    assert 1 <= len(squeezed(points, columns, lambda p: p.rate)) <= columns


def test_log_only_where_a_linear_axis_would_crush_what_is_usual() -> None:
    assert needs_log([20, 21, 22, 2000])
    assert not needs_log([20, 21, 22, 90])
    assert not needs_log([])


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (104, ["0", "50", "100", "150"]),
        (0.3, ["0", "0.1", "0.2", "0.3"]),
        (9000, ["0", "5\u00a0000", "10\u00a0000"]),
        (0, ["0"]),
    ],
)
def test_linear_ticks_are_round(top: float, labels: list[str]) -> None:
    assert [label for _, label in linear_ticks(top, 3)] == labels


@given(st.floats(0.001, 1e7), st.integers(1, 10))
def test_linear_ticks_reach_the_top(top: float, count: int) -> None:
    ticks = linear_ticks(top, count)
    assert ticks[0][0] == 0
    assert ticks[-1][0] >= top * 0.999
    assert len(ticks) <= count + 2


@given(st.floats(0.002, 1e6), st.floats(1, 1e4))
def test_log_ticks_enclose_the_values(low: float, factor: float) -> None:
    ticks = [position for position, _ in log_ticks(low, low * factor)]
    assert ticks[0] <= log10(low) + 1e-9
    assert ticks[-1] >= log10(low * factor) - 1e-9
    assert ticks == sorted(ticks)


def test_log_ticks_are_one_two_five() -> None:
    assert [label for _, label in log_ticks(180, 2250)] == [
        "100",
        "200",
        "500",
        "1\u00a0000",
        "2\u00a0000",
        "5\u00a0000",
    ]


def test_moments_are_round_too() -> None:
    assert clock_ticks(1, 125, 5) == [(30, "0:30"), (60, "1:00"), (90, "1:30"), (120, "2:00")]
    assert clock_ticks(0, 7200, 4)[-1] == (7200, "2:00:00")
    assert clock(59.9) == "0:59"
    assert clock(3661) == "1:01:01"
