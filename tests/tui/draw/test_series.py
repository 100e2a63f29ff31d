from __future__ import annotations

from loadtui.model.history import Point
from loadtui.tui.draw.axis import axis
from loadtui.tui.draw.series import Series, point_at

P95 = Series(field="p95", hue="p95")


def point(at: int, p95: float | None) -> Point:
    return Point(at, 1, 1.0, None, p95, None)


def test_seconds_without_a_measurement_leave_a_gap() -> None:
    points = (point(10, 1.0), point(11, 1.0), point(12, None), point(13, 1.0))
    steps = list(P95.steps(points, axis(13, 240)))
    assert [joined for _, _, joined in steps] == [False, True, False]


def test_missing_seconds_leave_a_gap() -> None:
    steps = list(P95.steps((point(10, 1.0), point(13, 1.0)), axis(13, 240)))
    assert [joined for _, _, joined in steps] == [False, False]


def test_the_highest_of_several_seconds_in_one_column_is_drawn() -> None:
    points = tuple(point(at, float(at % 7)) for at in range(1, 121))
    steps = list(P95.steps(points, axis(120, 10)))
    assert len(steps) <= 21
    assert all(value >= 5.0 for _, value, _ in steps[1:-1])


def test_shares_become_percent() -> None:
    failed = Series(field="failed", hue="bad", factor=100)
    assert failed.value(Point(1, 1, failed=0.25)) == 25


def test_the_second_under_the_cursor() -> None:
    points = (point(10, 1.0), point(11, 2.0))
    assert point_at(points, 10.4) == points[1]
    assert point_at(points, None) == points[1]
    assert point_at(points, 50) is None
