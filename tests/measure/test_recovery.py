"""Back inside the baseline band: five seconds in a row, measured from the lift."""

from __future__ import annotations

import pytest

from loadtui.measure.recovery import band, recovery
from loadtui.model.history import Point

STEADY = tuple(Point(at=float(i), vus=1, rate=10.0, p95=200.0, failed=0.0) for i in range(1, 31))


def after(*p95s: float | None, failed: float = 0.0) -> list[Point]:
    return [
        Point(at=41.0 + i, vus=1, rate=10.0, p95=p95, failed=failed) for i, p95 in enumerate(p95s)
    ]


def test_the_time_is_that_of_the_first_of_five_good_seconds() -> None:
    points = after(900, 700, 300, 210, 205, 200, 190, 200)
    assert recovery(STEADY, points, 40.0) == pytest.approx(3.0)


def test_four_good_seconds_are_not_five() -> None:
    assert recovery(STEADY, after(200, 200, 200, 200), 40.0) is None


def test_an_excursion_starts_the_count_again() -> None:
    assert recovery(STEADY, after(200, 200, 200, 900, 200, 200, 200, 200, 200), 40.0) == 4.0


def test_a_second_without_requests_is_not_good() -> None:
    assert recovery(STEADY, after(200, 200, None, 200, 200, 200, 200, 200), 40.0) == 3.0


def test_fast_failures_are_no_recovery() -> None:
    assert recovery(STEADY, after(*[150] * 9, failed=0.4), 40.0) is None


def test_without_a_baseline_there_is_nothing_to_come_back_to() -> None:
    assert recovery((), after(*[200] * 9), 40.0) is None


@pytest.mark.parametrize(
    ("values", "limit"),
    [([200.0] * 9, 220.0), ([10.0] * 9, 15.0), ([100, 110, 120, 130, 140], 120 + 3 * 1.4826 * 10)],
)
def test_the_band_follows_the_spread_but_is_never_a_hairline(
    values: list[float], limit: float
) -> None:
    assert band(values, slack=5.0) == pytest.approx(limit)
