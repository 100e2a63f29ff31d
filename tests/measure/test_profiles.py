"""What profiles are run for, from the seconds of a run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.drift import drift
from loadtui.measure.knee import knee
from loadtui.measure.within import Return, back, judged
from loadtui.model.history import Point
from loadtui.model.threshold import parse
from loadtui.model.verdict import ThresholdStatus, WindowValue

LIMITS = (parse("http_req_duration", "p(95)<100"), parse("http_req_failed", "rate<0.05"))


def values(*all_: float) -> list[tuple[float, float]]:
    """One value a second."""
    return [(float(at), value) for at, value in enumerate(all_, start=1)]


def seconds(*values: float | None, since: float = 0.0, vus: int = 5) -> list[Point]:
    """One second each, of that p95."""
    return [
        Point(since + place, vus, rate=50.0, p95=value, failed=0.0)
        for place, value in enumerate(values, start=1)
    ]


def test_a_system_that_never_left_its_limits_was_back_at_once() -> None:
    assert back(seconds(*[50.0] * 20), 0, 20, LIMITS) == Return(0.0, 20, 0)


def test_back_is_the_first_of_ten_good_seconds_in_a_row() -> None:
    run = seconds(*[300.0] * 7, *[50.0] * 4, 300.0, *[50.0] * 10)
    assert back(run, 0, 22, LIMITS) == Return(12.0, 22, 8)
    assert back(run, 0, 21, LIMITS) == Return(None, 21, 8)


def test_failures_and_silence_are_outside_the_limits() -> None:
    failing = [Point(p.at, p.vus, p95=p.p95, failed=0.05) for p in seconds(*[50.0] * 12)]
    assert back(failing, 0, 12, LIMITS).bad == 12
    assert back(seconds(*[None] * 12), 0, 12, LIMITS) == Return(None, 12, 12)


def test_gaps_and_seconds_without_users_are_not_judged() -> None:
    gap = Point(3, None)
    idle = seconds(*[None] * 5, since=20, vus=0)
    run = [p for p in seconds(*[50.0] * 12) if p.at != 3]
    assert back([*run, gap, *idle], 0, 25, LIMITS) == Return(0.0, 11, 0)


@given(st.lists(st.sampled_from([50.0, 300.0, None]), max_size=40))
def test_what_is_called_back_was_good_for_ten_seconds(values: list[float | None]) -> None:
    run = seconds(*values)
    found = back(run, 0, len(values), LIMITS)
    assert found.bad == sum(value != 50.0 for value in values)
    if found.seconds is not None:
        at = int(found.seconds)
        assert values[at : at + 10] == [50.0] * 10


def test_latency_that_creeps_is_drift_and_a_hiccup_is_none() -> None:
    creeping = drift(values(*[100 + 0.1 * s for s in range(400)]), 0, 400)
    assert creeping is not None
    assert creeping.per_hour == pytest.approx(360, rel=0.02)
    assert creeping.last > creeping.first + 25
    steady = [100.0] * 400
    steady[350:380] = [900.0] * 30
    hiccup = drift(values(*steady), 0, 400)
    assert hiccup is not None
    assert (hiccup.first, hiccup.last, hiccup.per_hour) == (100.0, 100.0, 0.0)
    assert drift(values(*[100.0] * 19), 0, 19) is None


def test_the_trend_of_hours_costs_no_more_than_that_of_minutes() -> None:
    hours = drift(values(*[100 + 0.001 * s for s in range(14_400)]), 0, 14_400)
    assert hours is not None
    assert hours.per_hour == pytest.approx(3.6, rel=0.02)


def broken(metric: str, since: float, value: float) -> ThresholdStatus:
    window = WindowValue(since, since + 10, value)
    return ThresholdStatus(metric, metric=metric, rule="rate<1 over 10s", first=window)


def climb(*, bad_from: int) -> list[Point]:
    """A VU more each second; slow from some second on."""
    return [
        Point(float(s), s, rate=10.0 * s, p95=50.0 if s < bad_from else 900.0, failed=0.0)
        for s in range(1, 61)
    ]


SLOW = parse("http_req_duration", "p(95)<500 over 10s")
OTHER = parse("checks", "rate<1 over 10s")


def test_the_knee_is_the_load_before_the_first_threshold_went_bad() -> None:
    statuses = [broken("b", 45, 0.2), ThresholdStatus("fine"), broken("a", 35, 612)]
    found = knee(climb(bad_from=42), statuses, (OTHER, OTHER, SLOW))
    assert found is not None
    assert (found.at, found.vus, found.rate) == (41, 41, 400.0)
    assert [each.metric for each in found.breaks] == ["a", "b"]
    assert knee(climb(bad_from=99), [ThresholdStatus("fine")], (SLOW,)) is None


def test_a_threshold_that_no_second_can_be_held_against_broke_when_its_window_ended() -> None:
    found = knee(climb(bad_from=99), [broken("checks", 35, 0.2)], (OTHER,))
    assert found is not None
    assert (found.at, found.vus) == (44, 44)


def test_what_was_bad_from_the_start_has_no_load_before_it() -> None:
    found = knee(climb(bad_from=1), [broken("a", 0, 900)], (SLOW,))
    assert found is not None
    assert (found.at, found.vus, found.rate) == (0, 0, None)


def test_only_limits_of_what_a_second_knows_are_held_against_it() -> None:
    rules = (
        parse("http_req_duration", "p(95)<500"),
        parse("http_req_duration{name:a}", "p(95)<5"),
        parse("http_req_duration", "p(99)<=9"),
        parse("http_req_duration", "avg<9"),
        parse("http_req_duration", "p(95)>9"),
        parse("http_reqs", "count>9"),
        parse("http_req_failed", "rate<0.1"),
    )
    assert [each.source for each in judged(rules)] == ["p(95)<500", "p(99)<=9", "rate<0.1"]
    tail = [Point(p.at, p.vus, p95=5.0, p99=9.0 + (p.at > 12)) for p in seconds(*[1.0] * 14)]
    assert back(tail, 0, 14, judged(rules)).bad == 2
