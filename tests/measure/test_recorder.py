from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.histogram import Histogram
from loadtui.measure.recorder import DEFAULT, Recorder
from loadtui.model.row import Distribution, IterationRow, Row


@dataclass
class Seen:
    """A request's outcome as an exchange tells it."""

    status: int = 200
    error: str = ""
    duration_us: int = 1000
    blocked: int = 0
    connecting: int = 0
    tls_handshaking: int = 0
    sending: int = 10
    waiting: int = 900
    receiving: int = 90
    bytes_in: int = 200
    bytes_out: int = 100


def drained(recorder: Recorder) -> Row:
    rows, _ = recorder.drain()
    (row,) = rows
    return row


def spread(*values: int) -> Distribution:
    out = Histogram()
    for value in values:
        out.record(value)
    return out.to_distribution()


def test_a_row_tells_requests_statuses_bytes_and_times() -> None:
    recorder = Recorder()
    recorder.cell("get", 7).request(Seen(), failed=False)
    recorder.cell("get", 7).request(Seen(status=503, duration_us=3000), failed=True)
    row = drained(recorder)
    assert (row.second, row.name, row.requests, row.failed) == (7, "get", 2, 1)
    assert row.statuses == {200: 1, 503: 1}
    assert (row.bytes_in, row.bytes_out) == (400, 200)
    assert row.duration == spread(1000, 3000)


def test_phases_count_every_request_also_where_they_took_no_time() -> None:
    recorder = Recorder()
    recorder.cell("get", 1).request(Seen(blocked=400, connecting=300), failed=False)
    recorder.cell("get", 1).request(Seen(), failed=False)
    assert drained(recorder).phases == (
        spread(400, 0),
        spread(300, 0),
        spread(0, 0),
        spread(10, 10),
        spread(900, 900),
        spread(90, 90),
    )


def test_a_refused_connection_is_an_error_without_a_latency() -> None:
    recorder = Recorder()
    refused = Seen(status=0, error="refused", duration_us=0, sending=0, waiting=0, receiving=0)
    recorder.cell("get", 1).request(refused, failed=True)
    row = drained(recorder)
    assert (row.requests, row.failed, row.errors, row.statuses) == (1, 1, {"refused": 1}, {})
    assert row.duration == Distribution()
    assert row.phases == (Distribution(),) * 6


def test_a_time_out_counts_with_its_full_wait() -> None:
    recorder = Recorder()
    late = Seen(status=0, error="timeout", duration_us=5_000_000)
    recorder.cell("get", 1).request(late, failed=True)
    assert drained(recorder).duration == spread(5_000_000)


def test_checks_and_counters_add_up_by_name() -> None:
    recorder = Recorder()
    cell = recorder.cell("order", 3)
    for passed in (True, False, True):
        cell.check("is 201", passed=passed)
        cell.count("orders", 2.0)
    row = drained(recorder)
    assert row.checks == {"is 201": (2, 1)}
    assert row.counters == {"orders": 6.0}


def test_cut_requests_are_neither_requests_nor_failures_nor_latency() -> None:
    recorder = Recorder()
    recorder.cell("get", 3).cut += 1
    row = drained(recorder)
    assert (row.cut, row.requests, row.failed, row.duration.count) == (1, 0, 0, 0)


def test_iterations_come_in_rows_of_their_own() -> None:
    recorder = Recorder()
    recorder.iterations(4).end(2000, failed=False)
    recorder.iterations(4).end(4000, failed=True)
    recorder.iterations(5).cut += 1
    assert recorder.drain() == (
        (),
        (
            IterationRow(4, 2, 1, 0, spread(2000, 4000), DEFAULT),
            IterationRow(5, cut=1, tags=DEFAULT),
        ),
    )


def test_draining_hands_over_each_number_once() -> None:
    recorder = Recorder()
    recorder.cell("get", 1).request(Seen(), failed=False)
    rows, _ = recorder.drain()
    assert len(rows) == 1
    assert recorder.is_empty
    assert recorder.drain() == ((), ())


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 10**7))),
    st.integers(1, 5),
)
def test_undrained_seconds_are_bounded_and_nothing_is_lost(
    records: list[tuple[str, int, int]], limit: int
) -> None:
    recorder = Recorder(seconds=limit)
    for name, second, us in records:
        recorder.cell(name, second).request(Seen(duration_us=us), failed=us % 2 == 0)
        recorder.iterations(second).end(us, failed=False)
    rows, iterations = recorder.drain()
    assert len({row.second for row in rows}) <= limit
    assert len(iterations) <= limit
    for name in "ab":
        together = Histogram()
        for row in rows:
            if row.name == name:
                together.merge(row.duration)
                assert all(phase.count == row.requests for phase in row.phases)
        assert together.to_distribution() == spread(*[us for n, _, us in records if n == name])
    assert sum(row.failed for row in rows) == sum(us % 2 == 0 for _, _, us in records)
    assert sum(row.ended for row in iterations) == len(records)
