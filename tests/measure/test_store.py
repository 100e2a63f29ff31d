"""What the session remembers of measurements: exact sums, bounded memory, gaps as gaps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.measure.histogram import Histogram
from loadtui.measure.store import KEEP, Store
from loadtui.measure.tally import Tally, reasons
from loadtui.model.row import Batch, Distribution, IterationRow, Row


def times(*milliseconds: float) -> Distribution:
    histogram = Histogram()
    for value in milliseconds:
        histogram.record(round(value * 1000))
    return histogram.to_distribution()


def row(second: int, *milliseconds: float, name: str = "a", **fields: object) -> Row:
    return Row(second, name, len(milliseconds), duration=times(*milliseconds), **fields)  # type: ignore[arg-type]


def batch(*rows: Row, worker: int = 0, at: float = 0.0, active: int = 1) -> Batch:
    return Batch(worker, 0, at, active, 0, rows)


def test_a_window_sums_its_seconds_and_no_other() -> None:
    store = Store()
    store.ingest(batch(row(10, 1, 2), row(11, 3), row(12, 4)))
    assert store.window(10, 12).requests == 3
    assert store.stats(10, 12).rate == 1.5


def test_a_window_of_one_name_leaves_the_others_out() -> None:
    store = Store()
    store.ingest(batch(row(10, 1, 2), row(10, 9, name="b")))
    assert store.window(10, 11, frozenset({"b"})).requests == 1


def test_two_workers_make_one_second() -> None:
    store = Store()
    store.ingest(batch(row(10, 1), worker=0, at=11.2, active=3))
    store.ingest(batch(row(10, 3), worker=1, at=11.1, active=4))
    store.refresh(11, 10.0)
    (point,) = store.last_points(120)
    assert (point.rate, point.at) == (2.0, 1.0)
    assert store.crews.active == 7


def test_a_second_is_complete_when_every_worker_has_passed_it() -> None:
    store = Store()
    store.ingest(batch(worker=0, at=11.9))
    store.ingest(batch(worker=1, at=10.9))
    assert store.crews.complete(11.95) == 10
    assert store.crews.complete(15.0) == 12, "a silent worker holds nothing up for more than 3 s"


def test_rows_that_come_late_mend_their_point() -> None:
    store = Store()
    store.ingest(batch(row(10, 1), at=12.0))
    store.refresh(12, 10.0)
    store.ingest(batch(row(10, 1, 1), at=13.0))
    store.refresh(13, 10.0)
    assert store.last_points(120)[0].rate == 3.0


def test_seconds_without_requests_are_gaps() -> None:
    store = Store()
    store.ingest(batch(row(10, 5), row(12, 5)))
    store.refresh(13, 10.0)
    points = store.last_points(120)
    assert [p.rate for p in points] == [1.0, 0.0, 1.0]
    assert [p.p95 for p in points] == [
        pytest.approx(5, rel=0.005),
        None,
        pytest.approx(5, rel=0.005),
    ]


def test_the_most_frequent_reason_is_named() -> None:
    store = Store()
    store.ingest(
        batch(row(10, 1, 1, 1, failed=2, statuses={503: 2, 200: 1}, errors={"timeout": 1}))
    )
    store.refresh(11, 10.0)
    (point,) = store.last_points(1)
    assert point.worst == "503"
    assert point.failed == pytest.approx(2 / 3)


def test_old_seconds_go_and_totals_stay() -> None:
    store = Store()
    for second in range(3 * KEEP):
        store.ingest(batch(row(second, 1)))
    assert store.first == 2 * KEEP
    assert store.total().requests == 3 * KEEP


def test_a_refused_connection_has_no_latency() -> None:
    store = Store()
    store.ingest(batch(Row(10, "a", 5, failed=5, errors={"refused": 5})))
    stats = store.stats(10, 11)
    assert (stats.requests, stats.p95, stats.failed) == (5, None, 1.0)


def test_iterations_are_counted_apart() -> None:
    store = Store()
    store.ingest(Batch(0, 0, 1.0, 1, 0, (), (IterationRow(5, 4, 1, 0, times(9)),)))
    assert store.iterations.ended == 4
    assert store.iteration_window(5, 6).failed == 1


def test_a_lost_worker_runs_nothing() -> None:
    store = Store()
    store.ingest(batch(worker=0, active=5))
    store.crews.lose(0)
    assert store.crews.active == 0


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(1, 10**7), min_size=1, max_size=20), min_size=1, max_size=5))
def test_merging_parts_equals_recording_all(parts: list[list[int]]) -> None:
    merged, everything = Tally(), Histogram()
    for part in parts:
        one = Histogram()
        for value in part:
            one.record(value)
            everything.record(value)
        merged.add(Row(1, "a", len(part), duration=one.to_distribution()))
    assert merged.duration.freeze() == everything.to_distribution()


def test_expected_statuses_are_no_reasons() -> None:
    tally = Tally()
    tally.add(Row(1, "a", 3, statuses={404: 2, 500: 1}))
    assert reasons(tally, expected=frozenset({404})) == {"500": 1}
