"""Sums that are kept equal sums made anew, whatever came in between."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.measure.histogram import Histogram
from loadtui.measure.store import KEEP, Store
from loadtui.measure.tally import Tally
from loadtui.model.row import Batch, Distribution, Row

SECOND = st.integers(0, 90)
STEP = st.tuples(
    st.sampled_from(["a", "b"]), SECOND, st.lists(st.integers(1, 10**6), max_size=9), SECOND, SECOND
)


def times(us: list[int]) -> Distribution:
    histogram = Histogram()
    for value in us:
        histogram.record(value)
    return histogram.to_distribution()


def row(second: int, name: str, us: list[int]) -> Row:
    spread = times(us)
    return Row(second, name, len(us), 0, 0, 1, 1, spread, (spread,) * 6, {200: len(us)})


def seen(tally: Tally) -> tuple[object, ...]:
    return tally.requests, tally.bytes_in, tally.duration.freeze(), tally.statuses


def added(rows: list[Row], names: frozenset[str] | None, start: int, end: int) -> Tally:
    out = Tally()
    for each in rows:
        if start <= each.second < end and (names is None or each.name in names):
            out.add(each)
    return out


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_windows_asked_between_reports_are_exact(
    steps: list[tuple[str, int, list[int], int, int]],
) -> None:
    store, rows = Store(), []
    for name, second, us, one, other in steps:
        rows.append(row(second, name, us))
        store.ingest(Batch(0, 0, 0.0, 1, 0, (rows[-1],)))
        start, end = sorted((one, other))
        for names in (None, frozenset({name}), frozenset({"a", "b"})):
            whole = added(rows, names, start, end)
            assert seen(store.window(start, end, names)) == seen(whole)
            assert seen(store.total(names)) == seen(added(rows, names, 0, 1000))


def test_what_is_older_than_the_ring_is_in_no_window() -> None:
    store = Store()
    for second in range(KEEP + 40):
        store.ingest(Batch(0, 0, 0.0, 1, 0, (row(second, "a", [5]),)))
        store.window(0, second + 1)
    assert store.window(0, KEEP + 40).requests == KEEP
    assert store.window(0, 45).requests == 5
    assert store.total().requests == KEEP + 40


def test_a_report_is_never_changed_by_adding_it() -> None:
    first, second = row(1, "a", [3, 4]), row(1, "a", list(range(1, 200)))
    before = msgspec.json.encode([first, second])
    store = Store()
    for each in (first, second, first):
        store.ingest(Batch(0, 0, 0.0, 1, 0, (each,)))
        store.window(0, 2)
    assert msgspec.json.encode([first, second]) == before


def test_phases_are_kept_as_long_as_was_asked() -> None:
    store = Store(keep_phases=100)
    for second in range(KEEP):
        store.ingest(Batch(0, 0, 0.0, 1, 0, (row(second, "a", [7]),)))
    newest = store.window(KEEP - 100, KEEP, phases=True)
    assert [phase.count for phase in newest.phases] == [100] * 6
    assert [p.count for p in store.window(0, KEEP, phases=True).phases] == [100] * 6
    assert [p.count for p in store.total(phases=True).phases] == [KEEP] * 6
    assert store.window(0, KEEP).requests == KEEP
