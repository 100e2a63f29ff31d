"""Counted iterations stay exact when a worker is replaced."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.owed import Owed
from loadtui.load.plan import Share, dealt
from loadtui.model.executor import ByCount, ConstantVus, Entry, PerVuIterations, SharedIterations
from loadtui.model.row import IterationRow
from loadtui.model.scenario import Scenario
from loadtui.model.tags import tagset


def scenario(*entries: Entry) -> Scenario:
    return Scenario(name="x", target="http://127.0.0.1", requests=(), scenarios=entries)


def ended(name: str, count: int) -> IterationRow:
    return IterationRow(1, ended=count, tags=tagset({"scenario": name}))


counted = st.builds(
    lambda kind, vus, count: kind(vus=vus, iterations=count),
    st.sampled_from([SharedIterations, PerVuIterations]),
    st.integers(1, 20),
    st.integers(1, 200),
)


@given(
    executor=counted,
    workers=st.integers(1, 6),
    lost=st.integers(0, 5),
    reported=st.lists(st.integers(0, 40), max_size=5),
)
def test_a_fresh_worker_owes_exactly_what_the_lost_one_still_did(
    executor: ByCount, workers: int, lost: int, reported: list[int]
) -> None:
    lost %= workers
    whole = scenario(Entry("main", executor))
    owed = Owed(whole.scenarios)
    owed.deal(range(workers))
    share = Share(lost, workers)
    first = dealt(executor, share)
    assert owed.left(lost) == first
    for count in reported:
        owed.ran(lost, [ended("main", count), ended("another", 3)])
    left = max(0, first - sum(reported))
    assert owed.left(lost) == left
    (entry,) = owed.scenario(whole, lost, share).scenarios
    assert isinstance(entry.executor, SharedIterations)
    assert dealt(entry.executor, share) == left
    assert entry.executor.vus == executor.vus


def test_plans_by_time_and_workers_that_were_dealt_nothing_stay_as_they_are() -> None:
    plain = scenario(Entry("a", ConstantVus(duration=1.0, vus=2)))
    owed = Owed(plain.scenarios)
    owed.deal((0, 1))
    assert owed.scenario(plain, 0, Share()) is plain
    counts = scenario(Entry("a", SharedIterations(2, 10)))
    owed = Owed(counts.scenarios)
    assert owed.scenario(counts, 0, Share()) is counts, "the plan has not begun"


def test_following_again_deals_nothing_anew() -> None:
    counts = scenario(Entry("a", SharedIterations(2, 10)))
    owed = Owed(counts.scenarios)
    owed.deal((0, 1))
    owed.ran(0, [ended("a", 3)])
    owed.deal((0, 1))
    assert (owed.left(0), owed.left(1)) == (2, 5)


def test_an_entry_that_is_still_to_begin_is_dealt_when_it_does() -> None:
    counts = scenario(Entry("a", SharedIterations(2, 10), start_time=30.0))
    owed = Owed(counts.scenarios)
    owed.deal((0, 1))
    owed.ran(0, [ended("a", 3)])
    assert owed.scenario(counts, 0, Share(0, 2), elapsed=29.0) == counts
    assert owed.scenario(counts, 0, Share(0, 2), elapsed=31.0) != counts
