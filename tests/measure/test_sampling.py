from __future__ import annotations

from dataclasses import dataclass

import pytest

from loadtui.measure.recorder import Recorder
from loadtui.measure.sampling import SamplingRecorder, Tap
from loadtui.model.point import PointFrame

TAGS = (("endpoint", "orders"), ("method", "POST"), ("scenario", "default"))


@dataclass
class Seen:
    """What an exchange tells."""

    status: int = 201
    error: str = ""
    duration_us: int = 1000
    blocked: int = 40
    connecting: int = 0
    tls_handshaking: int = 0
    sending: int = 10
    waiting: int = 900
    receiving: int = 90
    bytes_in: int = 200
    bytes_out: int = 100
    ended: float = 7.25
    head: bytes = b"HTTP/1.1 201 Created\r\n"


@pytest.fixture
def recorder() -> SamplingRecorder:
    return SamplingRecorder(Tap(lambda: 7.5))


def named(frame: PointFrame) -> dict[int, tuple[str, dict[str, str]]]:
    return {each.series: (each.name, dict(each.tags)) for each in frame.named}


def values(frame: PointFrame) -> list[tuple[str, float, float]]:
    return [(each.metric, each.at, each.value) for each in frame.values]


def test_a_request_is_kept_with_the_name_and_tags_of_its_series(
    recorder: SamplingRecorder,
) -> None:
    recorder.series("create", TAGS).at(7).request(Seen(), failed=False, response_us=1200)
    frame = recorder.tap.take(5, 100)
    (point,) = frame.requests
    assert named(frame)[point.series] == ("create", dict(TAGS))
    assert (point.at, point.status, point.duration, point.response) == (7.25, 201, 1000, 1200)
    assert point.http == "HTTP/1.1"
    assert frame.origin == 5


def test_names_are_sent_once(recorder: SamplingRecorder) -> None:
    recorder.series("create", TAGS).at(7).request(Seen(), failed=False)
    assert recorder.tap.take(0, 100).named
    recorder.series("create", TAGS).at(8).request(Seen(), failed=False)
    assert not recorder.tap.take(0, 100).named


def test_checks_and_counters_carry_tags_but_no_request(recorder: SamplingRecorder) -> None:
    cell = recorder.series("create", TAGS).at(7)
    cell.check("status is 201", passed=False)
    cell.count("order_created", 2.0)
    frame = recorder.tap.take(0, 100)
    assert values(frame) == [("checks", 7.5, 0.0), ("order_created", 7.5, 2.0)]
    check, counter = (named(frame)[each.series] for each in frame.values)
    plain = {"endpoint": "orders", "scenario": "default"}
    assert check == ("", {**plain, "check": "status is 201"})
    assert counter == ("", plain)
    assert frame.kinds == {"order_created": "counter"}


def test_iterations_tell_how_long_how_late_and_how_they_ended(recorder: SamplingRecorder) -> None:
    cell = recorder.iterations(7)
    cell.begin(2500)
    cell.end(12_000, failed=True)
    cell.dropped += 3
    recorder.drain()
    assert values(recorder.tap.take(0, 100)) == [
        ("iteration_lateness", 7.5, 2.5),
        ("iterations", 7.5, 1.0),
        ("iteration_duration", 7.5, 12.0),
        ("iteration_failed", 7.5, 1.0),
        ("dropped_iterations", 7.5, 3.0),
    ]


def test_bytes_are_told_as_sums(recorder: SamplingRecorder) -> None:
    for _ in range(3):
        recorder.series("create", TAGS).at(7).request(Seen(), failed=False)
    recorder.drain()
    assert values(recorder.tap.take(0, 100)) == [
        ("data_sent", 7.5, 300.0),
        ("data_received", 7.5, 600.0),
    ]


def test_custom_metrics_are_kept_unless_refused(recorder: SamplingRecorder) -> None:
    recorder.trend("wait", 1.5, TAGS, at=3.0)
    with pytest.raises(ValueError, match="no finite number"):
        recorder.trend("wait", float("nan"), TAGS, at=3.0)
    frame = recorder.tap.take(0, 100)
    assert values(frame) == [("wait", 3.0, 1.5)]
    assert frame.kinds == {"wait": "trend"}


def test_seconds_that_become_one_add_no_point_and_lose_none(recorder: SamplingRecorder) -> None:
    for second in range(200):
        cell = recorder.series("create", TAGS).at(second)
        cell.request(Seen(), failed=False)
        cell.count("order_created")
    rows, _ = recorder.drain()
    assert sum(row.counters["order_created"] for row in rows) == 200
    frame = recorder.tap.take(0, 1000)
    assert len(frame.requests) == 200
    assert sum(each.value for each in frame.values if each.metric == "order_created") == 200


def test_rows_are_those_of_a_plain_recorder(recorder: SamplingRecorder) -> None:
    plain = Recorder()
    for each in (recorder, plain):
        cell = each.series("create", TAGS).at(7)
        cell.request(Seen(), failed=True)
        cell.check("ok", passed=True)
    assert recorder.drain() == plain.drain()
