from __future__ import annotations

from collections.abc import Mapping

from loadtui.model.metric import MetricType
from loadtui.model.point import PointFrame, RequestPoint, RequestSum, ValuePoint, ValueSum
from loadtui.model.tags import Tags
from loadtui.outputs.samples import RUN, Expander, Sample

NAMES: dict[int, tuple[str, Tags]] = {
    0: ("home", (("method", "GET"), ("scenario", "default"))),
    1: ("", (("check", "ok"), ("scenario", "default"))),
    RUN: ("", ()),
}
KINDS: dict[str, MetricType] = {"cache": "rate", "queue": "gauge"}
ORIGIN = 1_700_000_000_000_000_000


def samples(frame: PointFrame) -> list[Sample[Mapping[str, str]]]:
    return list(Expander[Mapping[str, str]](NAMES, KINDS, lambda tags: tags).samples(frame))


def request(status: int, error: str = "", http: str = "HTTP/1.1") -> RequestPoint:
    failed = status >= 400 or bool(error)
    return RequestPoint(0, 2.5, status, error, failed, http, 21_244, 40, 30, 0, 10, 21_200, 34)


def test_a_request_is_nine_samples_in_k6s_order_and_units() -> None:
    found = samples(PointFrame(ORIGIN, requests=[request(200)]))
    assert [(each.metric, each.value) for each in found] == [
        ("http_reqs", 1.0),
        ("http_req_duration", 21.244),
        ("http_req_blocked", 0.04),
        ("http_req_connecting", 0.03),
        ("http_req_tls_handshaking", 0.0),
        ("http_req_sending", 0.01),
        ("http_req_waiting", 21.2),
        ("http_req_receiving", 0.034),
        ("http_req_failed", 0.0),
    ]
    assert {each.at for each in found} == {ORIGIN + 2_500_000_000}
    assert found[0].tags == {
        "expected_response": "true",
        "group": "",
        "method": "GET",
        "name": "home",
        "proto": "HTTP/1.1",
        "scenario": "default",
        "status": "200",
        "url": "home",
    }


def test_an_answer_of_400_and_above_has_k6s_code() -> None:
    tags = samples(PointFrame(ORIGIN, requests=[request(503)]))[0].tags
    assert (tags["error_code"], tags["expected_response"]) == ("1503", "false")
    assert "error" not in tags


def test_a_refused_connection_has_no_times() -> None:
    found = samples(PointFrame(ORIGIN, requests=[request(0, "refused", "")]))
    assert [(each.metric, each.value) for each in found] == [
        ("http_reqs", 1.0),
        ("http_req_failed", 1.0),
    ]
    tags = found[0].tags
    assert (tags["error"], tags["error_code"], tags["status"]) == ("refused", "1212", "0")
    assert "proto" not in tags


def test_a_time_out_has_its_full_wait() -> None:
    found = samples(PointFrame(ORIGIN, requests=[request(0, "timeout", "")]))
    assert ("http_req_duration", 21.244) in [(each.metric, each.value) for each in found]


def test_requests_without_times_still_count() -> None:
    many = RequestSum(0, 2.0, 503, "", True, "HTTP/1.1", 3)
    found = samples(PointFrame(ORIGIN, request_sums=[many]))
    assert [(each.metric, each.value) for each in found] == [
        ("http_reqs", 3.0),
        *[("http_req_failed", 1.0)] * 3,
    ]


def test_sums_of_values_keep_their_meaning() -> None:
    sums = [
        ValueSum("checks", 1, 2.0, 3, 2.0),
        ValueSum("queue", 1, 2.0, 5, 7.0),
        ValueSum("order_created", 1, 2.0, 4, 8.0),
    ]
    found = samples(PointFrame(ORIGIN, value_sums=sums))
    assert [(each.metric, each.value) for each in found] == [
        ("checks", 1.0),
        ("checks", 1.0),
        ("checks", 0.0),
        ("queue", 7.0),
        ("order_created", 8.0),
    ]
    assert found[0].tags == {"check": "ok", "group": "", "scenario": "default"}


def test_samples_of_the_run_have_the_runs_tags_alone() -> None:
    (found,) = samples(PointFrame(ORIGIN, values=[ValuePoint("vus", RUN, 1.0, 2.0)]))
    assert found.tags == {}
