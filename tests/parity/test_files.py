"""The files of the same run: every line of `--out json` and every key of `--summary-export`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.support.k6 import Ask, Ran, Thresholds, Traffic, both
from tests.support.slow_server import slow_server

THRESHOLDS: Thresholds = {
    "http_req_duration": [
        "p(95)<500",
        {"threshold": "max<4000", "abortOnFail": True, "delayAbortEval": "5s"},
    ],
    "http_req_duration{name:order}": ["avg<300"],
    "http_req_failed": ["rate<0.9"],
}
OURS_ALONE = {"iteration_failed", "response_time"}
"""Metrics that k6 does not have."""
SUMS = {"data_sent", "data_received"}
"""k6 writes one a VU's iteration, we one a report."""
PACED = {"vus", "vus_max", *SUMS}
"""How many points there are depends on the clock."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """k6's and ours: requests that are answered, one of them with a failed check."""
    with slow_server(20) as server:
        asks = (
            Ask("order", "/a", "POST", {"id": 1}),
            Ask("list", "/b", status=404, think=0.6),
        )
        traffic = Traffic(server.url, asks, {"vus": 2, "iterations": 4}, THRESHOLDS)
        return both(tmp_path_factory.mktemp("both"), traffic)


def points(ran: Ran) -> list[dict[str, Any]]:
    return [
        line for line in ran.lines if line["type"] == "Point" and line["metric"] not in OURS_ALONE
    ]


def test_the_metrics_are_declared_alike(ran: tuple[Ran, Ran]) -> None:
    told = [
        {
            line["metric"]: {
                **line["data"],
                "submetrics": {each["name"]: each for each in line["data"]["submetrics"] or ()},
            }
            for line in each.lines
            if line["type"] == "Metric" and line["metric"] not in OURS_ALONE
        }
        for each in ran
    ]
    assert told[1] == told[0]


def test_a_point_has_the_same_fields_of_the_same_types(ran: tuple[Ran, Ran]) -> None:
    for each in ran:
        for line in points(each):
            assert set(line) == {"type", "metric", "data"}
            data = line["data"]
            assert set(data) == {"time", "value", "tags"}
            assert isinstance(data["time"], str)
            assert data["time"].endswith("Z")
            assert isinstance(data["value"], (int, float))
            assert all(isinstance(value, str) for value in data["tags"].values())


def test_every_point_has_k6s_tags(ran: tuple[Ran, Ran]) -> None:
    told = []
    for each in ran:
        paced = {line["metric"] for line in points(each)} & PACED
        assert paced == PACED
        told.append(
            Counter(
                (line["metric"], *sorted(line["data"]["tags"].items()))
                for line in points(each)
                if line["metric"] not in PACED
            )
        )
    assert told[1] == told[0]
    for metric in sorted(PACED):
        k6s, ours = (
            {(*line["data"]["tags"].items(),) for line in points(each) if line["metric"] == metric}
            for each in ran
        )
        assert ours == k6s, metric


def test_what_is_counted_is_counted_alike(ran: tuple[Ran, Ran]) -> None:
    for metric in ("http_reqs", "iterations", "http_req_failed", "checks", "data_received"):
        k6s, ours = (
            sum(line["data"]["value"] for line in points(each) if line["metric"] == metric)
            for each in ran
        )
        assert ours == k6s, metric


def test_the_exported_summary_has_the_same_keys(ran: tuple[Ran, Ran]) -> None:
    k6s, ours = (
        {name: set(each) for name, each in each.exported["metrics"].items()} for each in ran
    )
    assert {name: keys for name, keys in ours.items() if name not in OURS_ALONE} == k6s
    assert ran[1].verdicts == ran[0].verdicts
    assert ran[1].exported["root_group"] == ran[0].exported["root_group"]
