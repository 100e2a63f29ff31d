from __future__ import annotations

import pytest

from loadtui.model.metric import MetricType
from loadtui.outputs.prometheus_series import Series
from loadtui.outputs.samples import Sample
from loadtui.outputs.series_sums import SeriesSums, encode_tags

KINDS: dict[str, MetricType] = {"wait": "trend", "queue": "gauge", "my_rate": "rate"}
TAGS = encode_tags({"scenario": "default"})


def told(stats: tuple[str, ...], **metrics: tuple[float, ...]) -> dict[str, object]:
    sums = SeriesSums()
    for metric, values in metrics.items():
        sums.add([Sample(metric, TAGS, at, value) for at, value in enumerate(values)], KINDS)
    found = Series(stats).readings(sums.entries(), 1)
    return {dict(each.labels)["__name__"]: each.value for each in found}


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
    assert told(("p(99)",), **{metric: values}) == expected


def test_times_are_seconds_and_numbers_without_a_unit_are_not() -> None:
    stats = ("p(99.9)", "avg", "min", "max", "count")
    found = told(stats, http_req_duration=(10.0, 30.0), wait=(10.0, 30.0))
    assert found["k6_http_req_duration_avg"] == pytest.approx(0.02)
    assert found["k6_http_req_duration_min"] == pytest.approx(0.01)
    assert found["k6_http_req_duration_count"] == 2
    assert found["k6_http_req_duration_p999"] == pytest.approx(0.02998, rel=0.004)
    assert found["k6_wait_max"] == 30.0
