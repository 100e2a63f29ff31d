"""Seconds in which somebody missed are known, and left out of every sum over a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.gaps import Gaps
from loadtui.measure.histogram import Histogram
from loadtui.measure.store import Store
from loadtui.model.row import Batch, IterationRow, Row


def report(worker: int, second: int, n: int = 10) -> Batch:
    histogram = Histogram()
    for _ in range(n):
        histogram.record(1000 * (worker + 1))
    row = Row(second, "a", n, duration=histogram.to_distribution(), statuses={200: n})
    return Batch(worker, second, second + 0.9, 5, 0, (row,), (IterationRow(second, ended=n),))


def two_workers(until: int, *, lost_at: int) -> Store:
    """Seconds 10 … until - 1; worker 1 misses from a second on."""
    store = Store()
    for second in range(10, until):
        store.ingest(report(0, second))
        if second < lost_at:
            store.ingest(report(1, second))
    store.refresh(until, 10.0)
    return store


def test_a_gap_touches_the_seconds_from_its_first_to_its_last_moment() -> None:
    gaps = Gaps().opened(1, 12.7, whole=False)
    assert [gaps.at(s) for s in (11, 12, 13, 99)] == [False, True, True, True]
    closed = gaps.closed((1,), 14.2)
    assert [closed.at(s) for s in (11, 12, 13, 14, 15)] == [False, True, True, True, False]
    assert closed.seconds(0, 100) == closed.total(99.0) == 3
    assert closed.closed(None, 50.0) == closed


def test_a_worker_that_misses_already_opens_no_second_gap() -> None:
    gaps = Gaps().opened(1, 12.0, whole=False).opened(1, 15.0, whole=True)
    (gap,) = gaps.spans
    assert (gap.since, gap.whole) == (12.0, True)


def test_rates_are_over_the_seconds_that_were_measured_whole() -> None:
    store = two_workers(20, lost_at=15)
    assert store.stats(10, 20).rate == pytest.approx(15.0)
    store.missed(Gaps().opened(1, 15.2, whole=False), 19.9)
    assert store.stats(10, 20).rate == pytest.approx(20.0)
    assert store.window(10, 20).requests == 100
    assert store.iteration_window(10, 20).ended == 100
    assert store.total().requests == 150, "totals hold whatever was reported"


def test_sums_that_were_kept_are_made_anew_when_a_gap_closes() -> None:
    store = two_workers(20, lost_at=15)
    open_gap = Gaps().opened(1, 15.2, whole=False)
    store.missed(open_gap, 17.5)
    assert store.window(10, 20).requests == 100
    store.missed(open_gap.closed((1,), 16.5), 17.5)
    assert store.window(10, 20).requests == 100 + 30


def test_charts_keep_what_the_others_measured_and_know_no_sum() -> None:
    store = two_workers(20, lost_at=15)
    store.missed(Gaps().opened(1, 15.2, whole=False).closed((1,), 16.5), 19.9)
    store.refresh(20, 10.0)
    points = {round(point.at) + 9: point for point in store.last_points(10)}
    assert [points[s].rate for s in (14, 15, 16, 17)] == [20.0, None, None, 10.0]
    assert points[15].vus is None
    assert points[15].p95 == pytest.approx(1.0, rel=0.02), "the other worker's"


def test_where_nobody_measured_there_is_nothing_to_draw() -> None:
    store = two_workers(20, lost_at=15)
    store.missed(Gaps().opened(0, 15.2, whole=True).closed((0,), 15.5), 19.9)
    store.refresh(20, 10.0)
    point = store.points_between(15, 16)[0]
    assert (point.rate, point.vus, point.p95, point.failed) == (None, None, None, None)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.floats(0, 60), st.floats(0, 10), st.booleans()), max_size=8
    ),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_seconds_are_counted_once_however_many_missed(
    made: list[tuple[int, float, float, bool]], start: int, end: int
) -> None:
    gaps = Gaps()
    for worker, since, lasts, whole in made:
        gaps = gaps.opened(worker, since, whole=whole).closed((worker,), since + lasts)
    counted = sum(gaps.at(s) for s in range(start, end))
    assert gaps.seconds(start, end) == counted
    assert gaps.total(1000.0) == sum(gaps.at(s) for s in range(100))


def test_old_gaps_are_forgotten_but_counted() -> None:
    gaps = Gaps()
    for second in range(0, 3000, 10):
        gaps = gaps.opened(1, float(second), whole=False).closed((1,), second + 1.5)
        gaps = gaps.recent(second - 100)
    assert len(gaps.spans) < 13
    assert gaps.total(3000.0) == 600
