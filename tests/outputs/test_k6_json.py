"""Lines as the real k6 2.2.0 wrote them, where loadtui has the same data."""

from __future__ import annotations

import json

import msgspec

from loadtui.model.metric import MetricType
from loadtui.model.threshold import parse
from loadtui.outputs.k6_json import JsonLines, definitions, encode_tags, rfc3339
from loadtui.outputs.samples import Sample

AT = 1_795_422_069_906_990_055
"""2026-11-23T08:21:09.906990055Z"""

HOME = {
    "expected_response": "true",
    "group": "::shop",
    "method": "GET",
    "name": "home",
    "proto": "HTTP/1.1",
    "scenario": "default",
    "status": "200",
    "url": "home",
}


def lines(*samples: Sample[str], kinds: dict[str, MetricType] | None = None) -> list[str]:
    thresholds = [
        parse("http_req_duration", "p(95)<500"),
        parse("http_req_duration", "p(99.9)<1"),
        parse("http_req_duration{name:home}", "avg<300"),
    ]
    encoder = JsonLines(definitions(thresholds), kinds or {})
    return encoder.encode(samples).decode().splitlines()


def test_points_are_k6s_to_the_byte() -> None:
    _, duration, _, checks, _, vus = lines(
        Sample("http_req_duration", encode_tags(HOME), AT, 21.244061),
        Sample(
            "checks",
            encode_tags({"check": "status is 200", "group": "::shop", "scenario": "default"}),
            AT + 267_286,
            1.0,
        ),
        Sample("vus", encode_tags({}), AT, 2.0),
    )
    assert duration == (
        '{"metric":"http_req_duration","type":"Point","data":{"time":'
        '"2026-11-23T08:21:09.906990055Z","value":21.244061,"tags":{"expected_response":"true",'
        '"group":"::shop","method":"GET","name":"home","proto":"HTTP/1.1","scenario":"default",'
        '"status":"200","url":"home"}}}'
    )
    assert checks == (
        '{"metric":"checks","type":"Point","data":{"time":"2026-11-23T08:21:09.907257341Z",'
        '"value":1,"tags":{"check":"status is 200","group":"::shop","scenario":"default"}}}'
    )
    assert vus == (
        '{"metric":"vus","type":"Point","data":{"time":"2026-11-23T08:21:09.906990055Z",'
        '"value":2,"tags":{}}}'
    )


def test_a_metric_has_its_line_once_before_its_first_point() -> None:
    found = lines(
        Sample("http_req_duration", "{}", AT, 1.0), Sample("http_req_duration", "{}", AT, 2.0)
    )
    assert [json.loads(line)["type"] for line in found] == ["Metric", "Point", "Point"]
    assert json.loads(found[0]) == {
        "type": "Metric",
        "metric": "http_req_duration",
        "data": {
            "name": "http_req_duration",
            "type": "trend",
            "contains": "time",
            "thresholds": ["p(95)<500", "p(99.9)<1"],
            "submetrics": [
                {
                    "name": "http_req_duration{expected_response:true}",
                    "suffix": "expected_response:true",
                    "tags": {"expected_response": "true"},
                },
                {
                    "name": "http_req_duration{name:home}",
                    "suffix": "name:home",
                    "tags": {"name": "home"},
                },
            ],
        },
    }


def test_types_and_units_are_k6s() -> None:
    kinds: dict[str, MetricType] = {"my_gauge": "gauge", "wait": "trend"}
    names = ("my_gauge", "wait", "data_sent", "http_reqs", "iteration_duration")
    found = lines(*(Sample(name, "{}", AT, 1.0) for name in names), kinds=kinds)
    told = [json.loads(line)["data"] for line in found[::2]]
    assert [(each["type"], each["contains"]) for each in told] == [
        ("gauge", "default"),
        ("trend", "default"),
        ("counter", "data"),
        ("counter", "default"),
        ("trend", "time"),
    ]
    assert told[0]["submetrics"] is None
    assert told[0]["thresholds"] == []


def test_a_threshold_that_aborts_is_an_object() -> None:
    threshold = msgspec.structs.replace(
        parse("http_req_failed", "rate<0.1"), abort_on_fail=True, delay_abort=10.0
    )
    assert definitions([threshold])["http_req_failed"].thresholds == (
        {"threshold": "rate<0.1", "abortOnFail": True, "delayAbortEval": "10s"},
    )


def test_zeros_at_the_end_of_a_time_are_cut() -> None:
    assert rfc3339(1_700_000_000_120_000_000) == "2023-11-14T22:13:20.12Z"
    assert rfc3339(1_700_000_000_000_000_000) == "2023-11-14T22:13:20Z"


def test_awkward_names_stay_json() -> None:
    _, point = lines(Sample("http_reqs", encode_tags({"name": 'a "b"\n\\ é'}), AT, 1.5))
    assert json.loads(point)["data"]["tags"] == {"name": 'a "b"\n\\ é'}
    assert json.loads(point)["data"]["value"] == 1.5
