"""Sub-metrics are exact: what a store sums for tags is what was recorded with them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.measure.histogram import Histogram
from loadtui.measure.recorder import Recorder
from loadtui.measure.store import Store
from loadtui.measure.tally import Tally
from loadtui.model.error_code import TIMED, error_code, status_code_error
from loadtui.model.row import Batch
from loadtui.model.tags import OTHER, Tags, tagset

SELECTIONS = [
    tagset(each)
    for each in (
        {"status": "200"},
        {"status": "503"},
        {"status": "0"},
        {"expected_response": "true"},
        {"expected_response": "false"},
        {"error_code": "1212"},
        {"error": "timeout"},
        {"name": "a"},
        {"team": "web"},
        {"scenario": "buy", "status": "200"},
    )
]


@dataclass(frozen=True)
class Sent:
    """One request and what came of it."""

    name: str
    team: str
    scenario: str
    second: int
    status: int
    error: str
    duration_us: int
    failed: bool
    blocked: int = 0
    connecting: int = 0
    tls_handshaking: int = 0
    sending: int = 1
    waiting: int = 2
    receiving: int = 3
    bytes_in: int = 10
    bytes_out: int = 5

    @property
    def own(self) -> Tags:
        return tagset({"team": self.team, "scenario": self.scenario})

    @property
    def all_tags(self) -> dict[str, str]:
        code = error_code(self.error) if self.error else status_code_error(self.status)
        return {
            **dict(self.own),
            "name": self.name,
            "status": str(self.status),
            "expected_response": "false" if self.failed else "true",
            "error": self.error,
            "error_code": str(code),
        }


@st.composite
def sent(draw: st.DrawFn) -> Sent:
    error = draw(st.sampled_from(["", "", "refused", "timeout"]))
    status = 0 if error else draw(st.sampled_from([200, 201, 404, 503]))
    return Sent(
        name=draw(st.sampled_from("ab")),
        team=draw(st.sampled_from(["web", "app"])),
        scenario=draw(st.sampled_from(["buy", "browse"])),
        second=draw(st.integers(100, 103)),
        status=status,
        error=error,
        duration_us=draw(st.integers(1, 10**6)),
        failed=bool(error) or (status >= 400 and draw(st.booleans())),
    )


def reports(requests: list[Sent], worker: int) -> list[Batch]:
    """Half of it in one batch and half in another."""
    recorder, out = Recorder(), []
    middle = len(requests) // 2
    for half in (requests[:middle], requests[middle:]):
        for each in half:
            cell = recorder.series(each.name, each.own).at(each.second)
            cell.request(each, failed=each.failed, response_us=each.duration_us + 7)
        rows, _ = recorder.drain()
        out.append(Batch(worker, 0, 104.0, 1, 0, rows))
    return out


def spread(values: list[int]) -> object:
    histogram = Histogram()
    for value in values:
        histogram.record(value)
    return histogram.to_distribution()


def holds(tally: Tally, chosen: list[Sent]) -> None:
    timed = [r for r in chosen if not r.error or r.error in TIMED]
    assert tally.requests == len(chosen)
    assert tally.failed == sum(r.failed for r in chosen)
    assert tally.duration.freeze() == spread([r.duration_us for r in timed])
    assert tally.response.freeze() == spread([r.duration_us + 7 for r in timed])


@settings(max_examples=60)
@given(st.lists(st.lists(sent(), max_size=12), max_size=3), st.randoms(use_true_random=False))
def test_every_selection_sums_exactly_what_has_its_tags_whatever_the_order(
    workers: list[list[Sent]], dice: random.Random
) -> None:
    batches = [batch for n, requests in enumerate(workers) for batch in reports(requests, n)]
    dice.shuffle(batches)
    store = Store(selections=SELECTIONS)
    for batch in batches:
        store.ingest(batch)
    everything = [each for requests in workers for each in requests]
    holds(store.total(), everything)
    for selection in SELECTIONS:
        chosen = [r for r in everything if set(selection) <= set(r.all_tags.items())]
        holds(store.total(selection), chosen)
        holds(store.window(100, 104, selection), chosen)
        second = [r for r in chosen if r.second == 101]
        holds(store.window(101, 102, selection), second)
        holds(store.window(101, 102, selection, phases=True), second)


def test_phases_of_a_selection_are_its_own() -> None:
    recorder, store = Recorder(), Store(selections=SELECTIONS, phased=[tagset({"status": "503"})])
    for status, waiting in ((200, 50), (503, 900)):
        each = Sent("a", "web", "buy", 5, status, "", waiting, status >= 400, waiting=waiting)
        recorder.cell("a", 5).request(each, failed=each.failed)
    store.ingest(Batch(0, 0, 6.0, 1, 0, recorder.drain()[0]))
    of_waiting = store.total(tagset({"status": "503"}), phases=True).phases[4]
    assert (of_waiting.count, of_waiting.low) == (1, 900)


def test_series_beyond_the_limit_count_as_other_and_it_is_said_once() -> None:
    said: list[str] = []
    recorder = Recorder(series=10, say=said.append)
    for number in range(50):
        each = Sent(f"/items/{number}", "web", "buy", 5, 200, "", 100, failed=False)
        recorder.cell(each.name, 5).request(each, failed=False)
    rows, _ = recorder.drain()
    assert len(rows) == 11
    assert {row.name: row.requests for row in rows}[OTHER] == 40
    assert len(said) == 1


def test_check_names_made_of_values_do_not_grow_without_end() -> None:
    recorder = Recorder(series=5)
    for number in range(20):
        recorder.cell("a", 5).check(f"order {number} is there", passed=True)
    (row,), _ = recorder.drain()
    assert row.checks[OTHER] == (15, 0)
    assert len(row.checks) == 6


@pytest.mark.parametrize("workers", [1, 3])
def test_a_store_bounds_names_series_and_seconds(workers: int) -> None:
    store = Store(names=["known"])
    for worker in range(workers):
        recorder = Recorder()
        for number in range(1500):
            each = Sent(f"/w{worker}/{number}", "web", "buy", 5, 200, "", 100, failed=False)
            recorder.cell(each.name, 5).request(each, failed=False)
        store.ingest(Batch(worker, 0, 6.0, 1, 0, recorder.drain()[0]))
    assert store.total().requests == 1500 * workers
    assert len(store.totals) <= 2001
    assert len(store.since.series) <= 2001
    second = store.second(5)
    assert second is not None
    assert len(second.names) <= 201
