"""The whole past of a session for its charts: exact, bounded, and gaps stay gaps."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from loadtui.measure.gaps import Gaps
from loadtui.measure.histogram import Histogram
from loadtui.measure.past import LEVELS, Past
from loadtui.measure.store import Store
from loadtui.model.history import SHELVES, Point, shelf_ms
from loadtui.model.row import Batch, Distribution, Row

HOUR = 3600
MOST = sum(keep for _, keep in LEVELS)


def times(*milliseconds: float) -> Distribution:
    histogram = Histogram()
    for value in milliseconds:
        histogram.record(round(value * 1000))
    return histogram.to_distribution()


def told(store: Store, second: int, *milliseconds: float, name: str = "a", failed: int = 0) -> None:
    row = Row(
        second,
        name,
        len(milliseconds),
        failed=failed,
        errors={"refused": failed} if failed else {},
        duration=times(*milliseconds),
    )
    store.ingest(Batch(0, 0, second + 1, 3, 0, (row,)))
    store.saw(second, 3)


def after(store: Store, past: Past, seconds: int) -> tuple[Point, ...]:
    store.refresh(seconds, 0.0)
    past.refresh(store, 0.0)
    return past.points


def lived(past: Past, hours: float, *, step: int = 20) -> Store:
    """A store that was fed second by second, looked at by `past` every `step` seconds."""
    store = Store()
    report = times(4, 5, 6)
    for second in range(int(hours * HOUR)):
        row = Row(second, "a", 3, duration=report)
        store.ingest(Batch(0, 0, second + 1, 3, 0, (row,)))
        if second % step == step - 1:
            after(store, past, second + 1)
    return store


def test_near_seconds_are_kept_as_they_are() -> None:
    store, past = Store(), Past()
    for second in range(30):
        told(store, second, second + 1)
    assert after(store, past, 30) == store.last_points(120)


def test_every_moment_is_told_once_in_blocks_that_grow_with_age() -> None:
    past = Past()
    lived(past, 3)
    points = past.points
    assert points[0].at - points[0].span == 0, "it reaches back to the beginning"
    assert all(new.at - new.span == old.at for old, new in pairwise(points)), "no hole, no overlap"
    assert [p.span for p in points] == sorted((p.span for p in points), reverse=True)
    assert {p.span for p in points} == {1.0, 10.0, 60.0}
    assert [p.span for p in points[-600:]] == [1.0] * 600


def test_a_coarse_point_has_the_quantiles_of_all_its_requests() -> None:
    store, past = Store(), Past()
    for second in range(700):
        told(store, second, 1 if second % 10 else 1000)
        if second % 20 == 19:
            after(store, past, second + 1)
    first = past.points[0]
    assert first.span == 10.0
    assert first.p50 == pytest.approx(1, rel=0.01)
    assert first.high == 1000.0
    assert first.rate == 1.0
    assert first.p99 is not None
    assert 1 < first.p99 < 1000, "nine fast requests and a slow one, not the worst second's"


def test_memory_is_flat_over_eight_hours() -> None:
    past = Past()
    store = lived(past, 8)
    assert len(past.points) <= MOST
    assert past.points[-1].at == 8 * HOUR
    assert past.points[0].at - past.points[0].span == 0
    sizes = [len(blocks) for blocks in past._levels]
    assert sizes[:2] == [keep for _, keep in LEVELS[:2]], "full since long"
    kept = sum(map(sys.getsizeof, past.points)) + sum(sys.getsizeof(h.counts) for h in past.heat)
    assert kept < 2_000_000
    assert len(store.points) <= Store.HISTORY


def test_a_frame_copies_nothing() -> None:
    store, past = Store(), Past()
    for second in range(30):
        told(store, second, 5)
    before = after(store, past, 30)
    assert after(store, past, 30) is before


def test_a_late_report_changes_the_seconds_it_is_about_and_their_blocks() -> None:
    store, past = Store(), Past()
    for second in range(700):
        told(store, second, 5)
        after(store, past, second + 1)
    told(store, 695, 900, name="b")
    points = after(store, past, 700)
    assert points[-5].high == 900
    assert past._levels[1][69][0].high == 900


def test_a_gap_stays_a_gap_however_coarse() -> None:
    store, past = Store(), Past()
    gaps = Gaps().opened(0, 20.0, whole=True).closed(None, 39.5)
    for second in range(700):
        if not 20 <= second < 40:
            told(store, second, 5)
        if second == 45:
            store.missed(gaps, 45)
        after(store, past, second + 1)
    missing = [p for p in past.points if 20 < p.at <= 40]
    assert missing
    assert all((p.vus, p.rate, p.p95) == (None, None, None) for p in missing)


def test_a_name_that_is_asked_for_late_is_told_from_what_is_kept() -> None:
    store = Store()
    for second in range(100):
        told(store, second, 5)
        told(store, second, 50, 70, name="b", failed=1)
    past = Past(frozenset({"b"}), at_once=40)
    assert len([p for p in after(store, past, 100) if p.span == 1]) == 40, "a part at once"
    assert past.points[-1].at == 100, "the newest first"
    after(store, past, 100)
    points = after(store, past, 100)
    assert [p.at for p in points] == [float(s) for s in range(1, 101)]
    assert {(p.rate, p.p50, p.high, p.failed) for p in points} == {(2.0, 60.0, 70.0, 0.5)}


def test_heat_counts_every_request_on_its_shelf() -> None:
    store, past = Store(), Past()
    told(store, 0, 1, 1, 64)
    after(store, past, 1)
    (heat,) = past.heat
    assert sum(heat.counts.values()) == 3
    low, high = sorted(heat.counts)
    assert shelf_ms(low) <= 1 < shelf_ms(low + 1)
    assert shelf_ms(high) <= 64 < shelf_ms(high + 1)


@pytest.mark.parametrize("shelf", [0, 17, 52])
def test_four_shelves_make_an_octave(shelf: int) -> None:
    assert shelf_ms(shelf + SHELVES) == pytest.approx(2 * shelf_ms(shelf))


@pytest.mark.parametrize("origin", [0.0, 7.3, 59.9, 1234.5])
def test_a_session_that_begins_within_a_block_keeps_its_first_seconds(origin: float) -> None:
    store, past = Store(), Past()
    begin = int(origin)
    for second in range(begin, begin + 200):
        told(store, second, 5)
        store.refresh(second + 1, origin)
        past.refresh(store, origin)
    assert past.points == store.last_points(200)
