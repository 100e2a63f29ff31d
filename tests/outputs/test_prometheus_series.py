from __future__ import annotations

import pytest

from loadtui.model.metric import MetricType
from loadtui.outputs.prometheus_series import Series, TagSet, encode_tags
from loadtui.outputs.samples import Sample

KINDS: dict[str, MetricType] = {"wait": "trend", "queue": "gauge", "my_rate": "rate"}
TAGS = encode_tags({"scenario": "default"})


def told(series: Series, now: int = 1) -> dict[str, float]:
    return {dict(each.labels)["__name__"]: each.value for each in series.readings(now)}


def samples(metric: str, *values: float) -> list[Sample[TagSet]]:
    return [Sample(metric, TAGS, at, value) for at, value in enumerate(values)]


@pytest.mark.parametrize(
    ("metric", "values", "expected"),
    [
        ("http_reqs", (1, 1, 3), {"k6_http_reqs_total": 5}),
        ("http_req_failed", (1, 0, 0, 0), {"k6_http_req_failed_rate": 0.25}),
        ("my_rate", (1, 0), {"k6_my_rate_rate": 0.5}),
        ("vus", (3, 7), {"k6_vus": 7}),
        ("queue", (3, 2), {"k6_queue": 2}),
    ],
)
def test_names_and_meanings_are_k6s(
    metric: str, values: tuple[float, ...], expected: dict[str, float]
) -> None:
    series = Series(("p(99)",))
    assert series.add(samples(metric, *values), KINDS) == len(values)
    assert told(series) == expected


def test_times_are_seconds_and_numbers_without_a_unit_are_not() -> None:
    series = Series(("p(99.9)", "avg", "min", "max", "count"))
    series.add(samples("http_req_duration", 10.0, 30.0), KINDS)
    series.add(samples("wait", 10.0, 30.0), KINDS)
    found = told(series)
    assert found["k6_http_req_duration_avg"] == pytest.approx(0.02)
    assert found["k6_http_req_duration_min"] == pytest.approx(0.01)
    assert found["k6_http_req_duration_count"] == 2
    assert found["k6_http_req_duration_p999"] == pytest.approx(0.02998, rel=0.004)
    assert found["k6_wait_max"] == 30.0


def test_only_what_has_changed_is_told_again_and_never_at_the_same_time() -> None:
    series = Series(("p(99)",))
    series.add(samples("http_reqs", 1.0), KINDS)
    series.add(samples("vus", 1.0), KINDS)
    first = series.readings(100)
    assert len(first) == 2
    series.add(samples("http_reqs", 1.0), KINDS)
    (again,) = series.readings(100)
    assert (again.value, again.at) == (2.0, 101)
    assert series.readings(200) == []


def test_what_a_write_missed_is_in_the_next() -> None:
    series = Series(("p(99)",))
    series.add(samples("http_reqs", 1.0), KINDS)
    series.again(series.readings(100))
    assert told(series, 200) == {"k6_http_reqs_total": 1.0}
