from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.point_queue import PointQueue
from loadtui.model.metric import MetricType
from loadtui.model.point import PointFrame, RequestPoint, ValuePoint, decode, encode

KINDS: dict[str, MetricType] = {"orders": "counter", "queue": "gauge", "cache": "rate"}


def request(series: int, at: float, status: int, *, error: str = "") -> RequestPoint:
    failed = status >= 400 or error != ""
    return RequestPoint(series, at, status, error, failed, "HTTP/1.1", 9, 1, 1, 1, 1, 1, 1)


def counted(frame: PointFrame) -> Counter[tuple[int, int, str, bool]]:
    out: Counter[tuple[int, int, str, bool]] = Counter()
    for one in frame.requests:
        out[one.series, one.status, one.error, one.failed] += 1
    for many in frame.request_sums:
        out[many.series, many.status, many.error, many.failed] += many.count
    return out


def summed(frame: PointFrame) -> dict[str, tuple[int, float]]:
    out: dict[str, tuple[int, float]] = {}
    for one in frame.values:
        count, total = out.get(one.metric, (0, 0.0))
        out[one.metric] = count + 1, total + one.value
    for many in frame.value_sums:
        count, total = out.get(many.metric, (0, 0.0))
        out[many.metric] = count + many.count, total + many.total
    return out


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.floats(0, 5), st.sampled_from([200, 404]), st.booleans()),
        max_size=60,
    ),
    st.integers(1, 8),
)
def test_no_request_is_lost_however_little_room_there_is(
    seen: list[tuple[int, float, int, bool]], limit: int
) -> None:
    roomy, tight = PointQueue({}), PointQueue({}, limit)
    for series, at, status, is_dead in seen:
        point = request(series, at, 0 if is_dead else status, error="refused" if is_dead else "")
        roomy.request(point)
        tight.request(point)
    assert len(tight.requests) <= limit
    assert counted(tight.take(0)) == counted(roomy.take(0))


@given(
    st.lists(
        st.tuples(st.sampled_from(["orders", "cache", "checks", "iterations"]), st.integers(0, 1)),
        max_size=60,
    ),
    st.integers(1, 8),
)
def test_counters_and_rates_keep_their_sums(seen: list[tuple[str, int]], limit: int) -> None:
    roomy, tight = PointQueue(KINDS), PointQueue(KINDS, limit)
    for at, (metric, value) in enumerate(seen):
        roomy.value(ValuePoint(metric, 0, float(at), float(value)))
        tight.value(ValuePoint(metric, 0, float(at), float(value)))
    assert summed(tight.take(0)) == summed(roomy.take(0))


def test_what_has_no_room_loses_its_times_and_is_counted() -> None:
    queue = PointQueue({}, 4)
    for at in range(5):
        queue.request(request(0, float(at), 200))
    taken = queue.take(7)
    assert [one.at for one in taken.requests] == [0.0, 2.0, 4.0]
    assert taken.thinned == 2 * 7
    assert taken.origin == 7
    assert queue.is_empty


def test_values_may_have_room_of_their_own() -> None:
    queue = PointQueue({}, 1, 3)
    for at in range(3):
        queue.value(ValuePoint("orders", 0, float(at), 1.0))
    assert len(queue.take(0).values) == 3


def test_a_refused_connection_has_no_times_to_lose() -> None:
    queue = PointQueue({})
    queue.request(request(0, 1.0, 0, error="refused"))
    queue.fold_all()
    assert queue.take(0).thinned == 0


def test_a_gauge_keeps_its_last_value_and_a_trend_is_given_up() -> None:
    queue = PointQueue({**KINDS, "wait": "trend"})
    for at, value in enumerate((7.0, 3.0)):
        queue.value(ValuePoint("queue", 0, at / 4, value))
        queue.value(ValuePoint("wait", 0, at / 4, value))
    queue.fold_all()
    taken = queue.take(0)
    (gauge,) = taken.value_sums
    assert (gauge.metric, gauge.total) == ("queue", 3.0)
    assert taken.thinned == 2


def test_frames_of_others_are_added_whole() -> None:
    first = PointQueue(KINDS)
    first.request(request(0, 1.5, 200))
    first.request(request(0, 1.6, 200))
    first.value(ValuePoint("orders", 1, 1.5, 2.0))
    first.fold_all()
    frame = first.take(0)
    second = PointQueue(KINDS)
    second.add(decode(encode(frame)[4:]))
    second.request(request(0, 1.7, 200))
    second.fold_all()
    again = second.take(0)
    assert counted(again) == {(0, 200, "", False): 3}
    assert summed(again) == {"orders": (1, 2.0)}
    assert again.thinned == 3 * 7


def test_a_queue_is_taken_in_pieces_oldest_first() -> None:
    queue = PointQueue({})
    for at in range(5):
        queue.request(request(0, float(at), 200))
    assert [one.at for one in queue.take(0, 2).requests] == [0.0, 1.0]
    assert [one.at for one in queue.take(0, 9).requests] == [2.0, 3.0, 4.0]
