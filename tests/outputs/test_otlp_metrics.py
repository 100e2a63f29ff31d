from __future__ import annotations

import struct
from collections.abc import Iterator

from loadtui.model.metric import MetricType
from loadtui.outputs import protobuf
from loadtui.outputs.otlp_metrics import OtlpMetrics, refused
from loadtui.outputs.samples import Sample
from loadtui.outputs.series_sums import SeriesSums, encode_tags

KINDS: dict[str, MetricType] = {"wait": "trend", "change": "counter"}
TAGS = encode_tags({"name": "home"})


def within(data: bytes, *path: int) -> Iterator[bytes]:
    """The messages at a path of field numbers."""
    if not path:
        yield data
        return
    for number, value in protobuf.fields(data):
        if number == path[0] and isinstance(value, bytes):
            yield from within(value, *path[1:])


def exported(metric: str, *values: float) -> bytes:
    sums = SeriesSums()
    sums.add([Sample(metric, TAGS, at, value) for at, value in enumerate(values)], KINDS)
    body = OtlpMetrics({"service.name": "loadtui"}, 5).request(list(sums.entries()), 7)
    assert list(within(body, 1, 1, 1, 2, 1)) == [b"loadtui"]
    (found,) = within(body, 1, 2, 2)
    return found


def test_a_counter_is_a_cumulative_sum_since_the_start() -> None:
    found = exported("data_sent", 1.0, 2.0)
    assert list(within(found, 1)) == [b"data_sent"]
    assert list(within(found, 3)) == [b"By"]
    (told,) = within(found, 7)
    assert dict(protobuf.fields(told)).items() >= {2: 2, 3: 1}.items()
    (point,) = within(told, 1)
    start, now, value = struct.unpack("<xQxQxd", point[-27:])
    assert (start, now, value) == (5, 7, 3.0)


def test_a_counter_that_went_down_is_not_called_monotonic() -> None:
    (told,) = within(exported("change", 1.0, -2.0), 7)
    assert dict(protobuf.fields(told))[3] == 0


def test_a_rate_is_one_counter_by_condition_as_in_k6() -> None:
    found = exported("http_req_failed", 1.0, 0.0, 0.0)
    assert list(within(found, 1)) == [b"http_req_failed.total"]
    points = list(within(found, 7, 1))
    assert [list(within(point, 7, 2, 1)) for point in points] == [
        [b"home", b"nonzero"],
        [b"home", b"zero"],
    ]
    assert [struct.unpack("<d", point[-8:])[0] for point in points] == [1.0, 2.0]


def test_a_gauge_is_what_it_was_last() -> None:
    (point,) = within(exported("vus", 3.0, 2.0), 5, 1)
    assert struct.unpack("<d", point[-8:]) == (2.0,)


def test_a_trend_is_an_exponential_histogram() -> None:
    found = exported("wait", 0.0, 1.5, 3.0, -3.0)
    assert list(within(found, 3)) == []
    assert dict(protobuf.fields(next(within(found, 10))))[2] == 2
    (point,) = within(found, 10, 1)
    (positive,) = within(point, 8)
    offset = dict(protobuf.fields(positive))[1]
    (counts,) = within(positive, 2)
    assert (offset, counts) == (2 * 18, b"\x01" + bytes(31) + b"\x01")
    (negative,) = within(point, 9, 2)
    assert negative == b"\x01"
    assert struct.unpack("<dxd", point[-17:]) == (-3.0, 3.0)


def test_nothing_is_an_export_too() -> None:
    assert OtlpMetrics({}, 5).request([], 7) == b""


def test_an_answer_says_what_it_did_not_take() -> None:
    said = protobuf.message(1, protobuf.whole(1, 3) + protobuf.text(2, "too old"))
    assert refused(said) == (3, "too old")
    assert refused(b"") == (0, "")
    assert refused(b"<html>") == (0, "")
