"""The desk: commands and facts in, effects and snapshots out, on a clock that we turn."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loadtui.load.supervised import Back, Lost, Replaced, Silent
from loadtui.model import command as c
from loadtui.model.ledger import Change, Entry, Lift
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Guard
from loadtui.model.text import constant
from loadtui.model.toxic import Proxy, Toxic
from loadtui.session.effect import ApplyChange, Latch, LiftEntry, Mark, Retarget
from tests.support.desk_table import P95, SLOW, Table


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def with_server(table: Table, *toxics: Toxic) -> None:
    table.desk.saw_server({"payments": Proxy("payments", "l:1", "u:2", toxics=toxics)}, {})


def inject(table: Table) -> Entry:
    (call,) = table.desk.command(c.Toggle("payments", "latency"))
    assert isinstance(call, ApplyChange)
    entry = Entry(1, "http://s", call.change, call.deadline, confirmed=True)
    with_server(table, SLOW)
    table.desk.applied(call, entry, "")
    return entry


def lift(table: Table, entry: Entry) -> None:
    (call,) = table.desk.command(c.Toggle("payments", "latency"))
    assert call == LiftEntry(("payments", "latency"), 1)
    with_server(table)
    table.desk.lifted([Lift(entry, "done")])


def test_the_decided_target_is_in_the_very_next_snapshot(table: Table) -> None:
    assert table.desk.command(c.Step(1)) == [Retarget(5)]
    shown = table.desk.snapshot()
    assert (shown.target, shown.active, shown.phase) == (5, 0, "running")


def test_what_weakens_a_run_is_news_and_stays_on_the_timeline(table: Table) -> None:
    mark = Mark(kind="bad", what="TLS IS NOT VERIFIED", detail="anybody can answer")
    table.desk.tell("TLS IS NOT VERIFIED: anybody can answer", mark)
    shown = table.desk.snapshot()
    marker = shown.markers[-1]
    assert (marker.kind, marker.what, marker.detail) == (mark.kind, mark.what, mark.detail)
    assert shown.news == "TLS IS NOT VERIFIED: anybody can answer"


def test_the_numbers_are_those_of_the_last_ten_seconds(table: Table) -> None:
    for _ in range(15):
        table.second(900)
    for _ in range(10):
        table.second(100)
    now = table.desk.snapshot().now
    assert now.p95 == pytest.approx(100, rel=0.01)
    assert now.rate == pytest.approx(20, rel=0.15)
    assert table.desk.snapshot().total.requests == 500


def test_a_fault_has_before_during_and_after_with_sample_counts(table: Table) -> None:
    with_server(table)
    for _ in range(40):
        table.second(200)
    entry = inject(table)
    for _ in range(12):
        table.second(2200, failed=4)
    lift(table, entry)
    for _ in range(4):
        table.second(900)
    for _ in range(40):
        table.second(205)
    (comparison,) = table.desk.snapshot().comparisons
    assert comparison.before.requests == 600, "30 s of 20 requests"
    assert comparison.before.p95 == pytest.approx(200, rel=0.01)
    assert comparison.during.p95 == pytest.approx(2200, rel=0.01)
    assert comparison.during.failed == pytest.approx(0.2)
    assert comparison.after.p95 == pytest.approx(205, rel=0.01)
    assert comparison.state == "recovered"
    assert comparison.recovery == pytest.approx(4, abs=1)
    (marker,) = (m for m in table.desk.snapshot().markers if m.kind == "fault")
    assert "back in its baseline band after" in marker.tail
    assert not marker.open


def test_a_marked_baseline_is_before_for_every_later_fault(table: Table) -> None:
    with_server(table)
    for _ in range(30):
        table.second(100)
    table.desk.command(c.MarkBaseline())
    for _ in range(30):
        table.second(400)
    inject(table)
    (comparison,) = table.desk.snapshot().comparisons
    assert comparison.before.p95 == pytest.approx(100, rel=0.01)
    assert comparison.baseline_marked


def test_notes_are_edited_and_removed_in_the_journal_too(table: Table) -> None:
    table.desk.command(c.AddBookmark())
    table.desk.command(c.AddNote("wrong"))
    table.desk.command(c.EditNote(1, "the deploy"))
    table.desk.command(c.RemoveNote(2))
    assert [(m.number, m.what) for m in table.desk.snapshot().markers] == [(1, "the deploy")]
    told = [line["marker"] for line in table.lines("marker")]
    assert [(m["number"], m["what"], m["removed"]) for m in told] == [  # type: ignore[index]
        (1, "bookmark", False),
        (2, "wrong", False),
        (1, "the deploy", False),
        (2, "wrong", True),
    ]


def test_a_threshold_that_changes_state_is_marked_once(table: Table) -> None:
    for _ in range(12):
        table.second(200)
    for _ in range(12):
        table.second(900)
    for _ in range(14):
        table.second(200)
    told = [(m.kind, m.chart) for m in table.desk.snapshot().markers]
    assert told == [("bad", "latency"), ("good", "latency")]
    (status,) = table.desk.snapshot().thresholds
    assert (status.now_ok, status.run_ok) == (True, False)
    assert any(each.fails(strict=False) for each in table.desk.snapshot().thresholds)


WINDOWED = msgspec.structs.replace(P95, source="p(95)<500 over 5s", window=5.0)


@pytest.mark.parametrize(
    ("latencies", "requests", "ok"),
    [
        ([100] * 4, 20, None),
        ([100] * 8, 20, True),
        ([100] * 8, 3, None),
        ([100] * 8 + [900] * 3 + [100] * 20, 20, False),
    ],
)
def test_a_windowed_threshold_is_judged_on_whole_windows_with_enough_samples(
    latencies: list[int], requests: int, ok: bool | None, tmp_path: Path
) -> None:
    table = Table(tmp_path, thresholds=(WINDOWED,))
    for latency in latencies:
        table.second(latency, n=requests)
    assert table.desk.snapshot().thresholds[0].run_ok is ok


def test_abort_on_fail_ends_the_session_after_its_delay(tmp_path: Path) -> None:
    strict = msgspec.structs.replace(P95, abort_on_fail=True, delay_abort=5.0)
    table = Table(tmp_path, thresholds=(strict,))
    aborted_at = []
    for second in range(12):
        table.second(900)
        if table.desk.abort_reason:
            aborted_at.append(second)
    assert aborted_at[0] in {4, 5}


def test_a_panic_says_what_it_did_and_cuts_measurements_short(table: Table) -> None:
    with_server(table)
    for _ in range(10):
        table.second(200)
    entry = inject(table)
    (latch,) = table.desk.command(c.Panic())
    assert latch == Latch("key")
    with_server(table)
    lifts = [Lift(entry, "done")]
    table.desk.lifted(lifts)
    table.desk.panicked(lifts, 0.2)
    shown = table.desk.snapshot()
    assert shown.phase == "panic"
    assert shown.markers[-1].detail == "load stopped · 1 fault lifted, verified in 0.2 s"


def test_a_lost_worker_is_news_and_a_marker(table: Table) -> None:
    table.second(100)
    table.desk.worker(Lost(0, "was killed by SIGKILL", table.clock.mono, table.clock.mono, 10))
    shown = table.desk.snapshot()
    assert shown.generator.state == "lost"
    assert shown.active == 0
    assert shown.markers[-1].what == "worker 0 lost"
    assert shown.news == (
        "worker 0 lost: was killed by SIGKILL; its 10 VUs stand still; no fresh one is started"
    )


def test_what_comes_of_a_lost_worker_stands_in_its_marker(table: Table) -> None:
    table.desk.command(c.SetTarget(10))
    table.second(100)
    at = table.clock.mono
    lost = Lost(0, "was killed by SIGKILL", at - 0.2, at, 10, is_replaced=True)
    table.desk.worker(lost)
    assert table.desk.snapshot().generator.coming == 1
    table.clock.mono += 0.4
    table.desk.worker(Replaced(0, table.clock.mono, 0.4))
    shown = table.desk.snapshot()
    assert (shown.generator.workers, shown.generator.losses) == (1, 1)
    marker = shown.markers[-1]
    assert (marker.kind, marker.what) == ("loss", "worker 0 lost")
    assert marker.detail == (
        "was killed by SIGKILL; its 10 VUs stand still; a fresh one runs after 0.4 s"
    )
    assert shown.news == "worker 0: a fresh one runs after 0.4 s"
    *_, gap = table.lines("gap")
    assert (gap["worker"], gap["since"], gap["until"], gap["whole"]) == (0, 0.8, 1.4, True)


def test_seconds_without_a_worker_are_no_zeros(table: Table) -> None:
    table.desk.command(c.SetTarget(10))
    for _ in range(5):
        table.second(100)
    since = table.clock.mono
    for _ in range(12):
        table.clock.mono += 0.25
        table.desk.tick()
    now = table.clock.mono
    table.desk.worker(Lost(0, "was stopped", since - 0.1, now, 10, is_replaced=True))
    table.desk.worker(Replaced(0, now + 0.3, 0.3))
    for _ in range(5):
        table.second(100)
    points = table.desk.snapshot().points
    assert [point.rate for point in points] == [20.0] * 4 + [None] * 5 + [20.0] * 3
    assert [point.vus for point in points][4:9] == [None] * 5
    assert table.desk.snapshot().now.rate == pytest.approx(20, rel=0.2)
    assert table.desk.snapshot().generator.missed == 5


def test_a_worker_that_blocks_is_told_of_and_its_users_are_not_counted(table: Table) -> None:
    table.desk.command(c.SetTarget(10))
    table.second(100)
    since = table.clock.mono
    table.clock.mono += 2.75
    table.desk.worker(Silent(0, since, 10))
    shown = table.desk.snapshot()
    assert shown.active == 0
    assert shown.generator.state == "lost"
    assert "does not answer, with 10 VUs: a journey may block" in shown.news
    table.clock.mono += 2.0
    table.desk.worker(Back(0, table.clock.mono))
    table.second(100)
    shown = table.desk.snapshot()
    assert shown.active == 10
    assert shown.markers[-1].detail.endswith("; it answers again")
    assert shown.generator.losses == 0
    assert shown.generator.missed > 3


def test_a_worker_that_is_lost_while_nothing_is_wanted_leaves_no_gap(table: Table) -> None:
    table.desk.worker(Lost(0, "was killed by SIGKILL", 1000.0, 1000.1, 0, is_replaced=True))
    assert table.desk.snapshot().generator.missed == 0
    assert table.lines("gap") == []


def test_workers_that_the_watchdog_stopped_are_no_failure(table: Table) -> None:
    table.desk.command(c.SetTarget(10))
    table.second(100)
    at = table.clock.mono
    table.desk.worker(Lost(0, "was stopped by the watchdog", at, at, 10, is_ordered=True))
    shown = table.desk.snapshot()
    assert shown.news == "worker 0 lost: was stopped by the watchdog"
    assert (shown.generator.losses, shown.generator.missed) == (0, 0)


def test_a_script_gives_its_commands_at_their_time(table: Table) -> None:
    table.desk.run_script((c.Cue(0.0, "first", (c.SetTarget(3),)), c.Cue(2.0, "then", (c.Zero(),))))
    assert table.desk.tick()[0] == [Retarget(3)]
    assert table.desk.snapshot().caption == "first"
    table.clock.mono += 2.0
    assert table.desk.tick()[0] == [Retarget(0)]


def test_the_journal_holds_commands_markers_and_rows(table: Table) -> None:
    table.desk.command(c.Step(1))
    for _ in range(3):
        table.second(100)
    header = table.lines("header")[0]
    assert header["journal"] == 2
    assert table.lines("command")[0]["command"] == {"type": "Step", "steps": 1}
    assert table.lines("marker")[0]["marker"]["detail"] == "0 → 5"  # type: ignore[index]
    seconds = table.lines("second")
    assert [line["t"] for line in seconds] == [0, 1, 2][: len(seconds)]
    assert seconds[0]["names"]["a"]["n"] == 20  # type: ignore[index]


def test_the_journal_never_holds_a_secret(tmp_path: Path) -> None:
    request = RequestTemplate(
        name="a",
        url=constant("http://127.0.0.1/"),
        headers=(("authorization", constant("Bearer abc123")),),
    )
    table = Table(tmp_path, requests=(request,), secrets=("Bearer abc123",))
    table.desk.command(c.AddNote("the token is Bearer abc123"))
    assert "abc123" not in table.journal.path.read_text()


def test_load_past_the_longest_duration_ends_gracefully(tmp_path: Path) -> None:
    table = Table(tmp_path, guard=Guard(max_duration=5.0))
    table.desk.command(c.SetTarget(10))
    for _ in range(8):
        table.second(100)
    assert table.desk.state.load.target == 0
    assert "max_duration" in table.desk.snapshot().news


def test_changes_of_an_unknown_slot_never_break_the_panel(table: Table) -> None:
    change = Change("gone", "toxic", "x", None, SLOW)
    lifted = Lift(Entry(9, "http://s", change, None), "done")
    assert table.desk.lifted([lifted]) == []


def test_a_wide_table_is_written_whole_only_when_enough_has_changed(tmp_path: Path) -> None:
    names = [RequestTemplate(name=f"r{n}", url=constant("http://a/")) for n in range(400)]
    table = Table(tmp_path, requests=tuple(names))
    for _ in range(150):
        table.second(100)
        table.desk.record.screen(table.desk.snapshot())
    sizes = {
        kind: [len(str(line)) for line in table.lines("screen") if kind in line]
        for kind in ("whole", "new")
    }
    assert len(sizes["whole"]) == 1
    assert sum(sizes["new"]) < sizes["whole"][0]
