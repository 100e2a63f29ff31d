"""A journal read back: the very screens that were shown, as far as they are there."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadtui.errors import BadInput
from loadtui.model.executor import Entry, RampingVus, Stage
from loadtui.model.history import History
from loadtui.model.request import RequestTemplate
from loadtui.model.result import OUR_STATS
from loadtui.model.scenario import FaultPreset
from loadtui.model.snapshot import Snapshot
from loadtui.model.text import constant
from loadtui.model.watch import Watch
from loadtui.session.journal_line import with_sum
from loadtui.session.recording import Recording
from loadtui.session.recording import opened as open_journal
from tests.support.desk_table import SLOW, Table
from tests.support.recorded import Recorded

Open = Callable[[Path], Recording]
HIDDEN = "•••"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    made = Recorded(tmp_path_factory.mktemp("journal"))
    made.outcome = made.end()
    return made


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A rehearsal of a soak with a fault of its own time, beside which a process is watched."""
    climb, stand = Stage(5.0, 10), Stage(80.0, 10)
    entry = Entry(name="default", executor=RampingVus((climb, stand)))
    made = Recorded(
        tmp_path_factory.mktemp("planned"),
        scenarios=(entry,),
        profile="soak",
        time_scale=2.0,
        rps=500,
        faults=(FaultPreset("later", "payments", SLOW, at=60.0, lasts=9.0),),
        watch=(Watch("api", pid=7),),
    )
    made.outcome = made.end()
    return made


@pytest.fixture
def lines(recorded: Recorded) -> list[bytes]:
    return recorded.path.read_bytes().splitlines(keepends=True)


@pytest.fixture
def opened() -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda path: stack.enter_context(open_journal(path))


def written(tmp_path: Path, *lines: bytes) -> Path:
    path = tmp_path / "other.ndjson"
    path.write_bytes(b"".join(lines))
    return path


def as_shown(snapshot: Snapshot) -> Snapshot:
    """What was shown, without its secrets and what lies further back."""
    snapshot = msgspec.structs.replace(snapshot, history=History())
    text = msgspec.json.encode(snapshot).decode().replace("s3cr3t", HIDDEN)
    return msgspec.json.decode(text, type=Snapshot)


def of_kind(lines: list[bytes], kind: str) -> list[int]:
    return [index for index, line in enumerate(lines) if json.loads(line)["k"] == kind]


def test_every_screen_is_one_that_was_shown(recorded: Recorded, opened: Open) -> None:
    recording = opened(recorded.path)
    shown = {each.at: as_shown(each) for each in recorded.shown}
    assert len(recording.times) > 90
    for index in range(len(recording.times) - 1):
        screen = recording.screen(index)
        assert screen == shown[screen.at]


def test_the_last_screen_has_the_numbers_of_the_whole_run(recorded: Recorded, opened: Open) -> None:
    recording = opened(recorded.path)
    outcome = recording.outcome(OUR_STATS)
    assert outcome.final == as_shown(recorded.outcome.final)
    assert outcome.points == recorded.outcome.points
    assert outcome.final.results
    assert recording.damage.sentences == ()


def test_what_a_plan_brings_is_on_every_screen_and_found_at_the_end(
    planned: Recorded, opened: Open
) -> None:
    recording = opened(planned.path)
    shown = {each.at: as_shown(each) for each in planned.shown}
    for index in range(len(recording.times) - 1):
        screen = recording.screen(index)
        assert screen == shown[screen.at]
    middle = recording.screen(recording.index(55.0))
    (api,), (fault,) = middle.watched, middle.chaos.timed
    assert (api.pid, api.files, fault.name, fault.at) == (8, 20.0, "later", 60.0)
    assert (middle.profile, middle.rps, middle.time_scale) == ("soak", 500, 2.0)
    assert any(marker.what == "api restarted" for marker in middle.markers)
    final = recording.outcome(OUR_STATS).final
    assert final == as_shown(planned.outcome.final)
    assert any(each.about == "drift-memory-api" for each in final.findings)


def test_a_cut_session_finds_what_its_profile_was_run_for(
    tmp_path: Path, planned: Recorded, opened: Open
) -> None:
    lines = planned.path.read_bytes().splitlines(keepends=True)
    cut = opened(written(tmp_path, *lines[:-2])).outcome(OUR_STATS).final
    whole = planned.outcome.final
    assert [each.about for each in cut.findings] == [each.about for each in whole.findings]
    mine, theirs = (
        next(each for each in final.findings if each.about == "drift-memory-api")
        for final in (cut, whole)
    )
    assert mine.text.startswith("drift: memory of api grew: ")
    assert mine.values["last"] == pytest.approx(theirs.values["last"], rel=0.05)


def test_the_scenario_is_the_one_that_was_loaded_last(tmp_path: Path, opened: Open) -> None:
    table = Table(tmp_path, secrets=("s3cr3t",))
    table.second(20.0)
    table.desk.record.screen(table.desk.snapshot())
    url = constant("http://127.0.0.1:9/?key=pasted")
    pasted = msgspec.structs.replace(
        table.desk.scenario,
        name="pasted",
        requests=(RequestTemplate(name="b", url=url),),
        secrets=("s3cr3t", "key=pasted"),
    )
    table.desk.adopt(pasted)
    table.second(20.0)
    shot = table.desk.snapshot()
    table.desk.record.screen(shot)
    assert [each.name for each in shot.endpoints] == ["b", "a"]
    recording = opened(table.journal.path)
    assert recording.scenario is not None
    assert [each.name for each in recording.scenario.all_requests] == ["b"]
    assert b"key=pasted" not in table.journal.path.read_bytes()
    assert recording.screen(1).name == "pasted"


def test_screens_are_the_same_from_any_side(recorded: Recorded, opened: Open) -> None:
    recording, there = opened(recorded.path), opened(recorded.path)
    forward = [there.screen(index) for index in range(len(there.times))]
    order = list(range(len(forward)))
    random.Random(7).shuffle(order)
    assert all(recording.screen(index) == forward[index] for index in order)


def test_the_newest_screen_before_a_moment_is_found(recorded: Recorded, opened: Open) -> None:
    recording = opened(recorded.path)
    assert recording.index(-1.0) == 0
    assert recording.index(1e6) == len(recording.times) - 1
    at = recording.times[recording.index(30.0)]
    assert 29.0 <= at <= 30.0


def test_half_a_last_line_is_cut_and_said(tmp_path: Path, lines: list[bytes], opened: Open) -> None:
    screens = of_kind(lines, "screen")
    cut = lines[: screens[60] + 1]
    recording = opened(written(tmp_path, *cut[:-1], cut[-1][:40]))
    (said,) = recording.damage.sentences
    assert "was cut at" in said
    assert "in the middle of a line" in said
    assert recording.screen(59) == opened(written(tmp_path, *lines)).screen(59)


def test_a_cut_session_has_the_numbers_of_its_seconds(
    tmp_path: Path, lines: list[bytes], opened: Open
) -> None:
    recording = opened(written(tmp_path, *lines[:-2]))
    cut = recording.outcome(OUR_STATS).final
    whole = opened(written(tmp_path, *lines)).outcome(OUR_STATS).final
    ((name, mine),), ((_, theirs),) = cut.endpoint_totals, whole.endpoint_totals
    assert (name, mine.requests, mine.p95) == ("a", theirs.requests, theirs.p95)
    found, expected = ({each.name: each.values for each in x.results} for x in (cut, whole))
    assert found["http_req_duration"] == expected["http_req_duration"]
    assert found["http_req_failed"] == expected["http_req_failed"]
    assert found["http_reqs"]["rate"] == pytest.approx(expected["http_reqs"]["rate"], rel=0.05)


def test_a_lost_screen_leaves_a_hole_until_the_next_whole_one(
    tmp_path: Path, lines: list[bytes], opened: Open
) -> None:
    screens = of_kind(lines, "screen")
    recording = opened(written(tmp_path, *(x for n, x in enumerate(lines) if n != screens[30])))
    ((since, until),) = recording.damage.unknown
    assert "1 missing line: nothing is known of 00:" in recording.damage.sentences[0]
    whole = [json.loads(lines[n])["t"] for n in screens if "whole" in json.loads(lines[n])]
    assert until == whole[1]
    assert recording.is_unknown((since + until) / 2)
    assert not recording.is_unknown(until)
    assert recording.screen(recording.index(until)) == opened(written(tmp_path, *lines)).screen(
        screens.index(next(n for n in screens if json.loads(lines[n])["t"] == until))
    )


def test_lost_measurements_hide_no_screen(tmp_path: Path, lines: list[bytes], opened: Open) -> None:
    gone = of_kind(lines, "second")[10:13]
    recording = opened(written(tmp_path, *(x for n, x in enumerate(lines) if n not in gone)))
    assert recording.damage.sentences == ("3 missing lines",)
    assert recording.damage.unknown == ()


def test_garbage_in_the_middle_is_counted(tmp_path: Path, lines: list[bytes], opened: Open) -> None:
    at = of_kind(lines, "second")[10]
    broken = [*lines[:at], b"\xff\x00\x1b[2J{\n", b'{"k":"screen"}\n', *lines[at:]]
    assert opened(written(tmp_path, *broken)).damage.sentences == ("2 damaged lines",)


def test_what_is_no_journal_is_said_in_a_sentence(tmp_path: Path, opened: Open) -> None:
    with pytest.raises(BadInput, match="no journal that can be shown"):
        opened(written(tmp_path, b"hello\n"))
    with pytest.raises(BadInput, match="cannot be read"):
        opened(tmp_path / "none.ndjson")
    with pytest.raises(BadInput, match="cannot be read"):
        opened(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path, opened: Open) -> None:
    newer = with_sum(b'{"k":"header","t":0.0,"n":0,"journal":3}')
    with pytest.raises(BadInput, match=r"newer loadtui \(format 3\)"):
        opened(written(tmp_path, newer))


def test_a_screen_that_cannot_be_is_passed_over(
    tmp_path: Path, lines: list[bytes], opened: Open
) -> None:
    screens = of_kind(lines, "screen")
    bad = json.loads(lines[screens[5]])
    bad["new"] = {"~": {"now": {"#": {"0": 1}}, "phase": 7}}
    del bad["crc"]
    lines[screens[5]] = with_sum(json.dumps(bad).encode())
    recording = opened(written(tmp_path, *lines))
    assert recording.screen(5) == recording.screen(4)
    assert recording.outcome(OUR_STATS).final.phase == "ended"


def look_everywhere(recording: Recording) -> None:
    """Whatever a replay may ask."""
    for index in range(0, len(recording.times), 7):
        recording.screen(index)
    recording.marker_times()
    recording.outcome(OUR_STATS)
    assert recording.damage.sentences or recording.ended is not None


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=12),
    cut=st.floats(0, 1),
    gone=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 5000)), max_size=3),
)
def test_no_damage_is_more_than_words_and_no_screen_is_false(
    flips: list[tuple[float, int]],
    cut: float,
    gone: list[tuple[float, int]],
    recorded: Recorded,
    tmp_path: Path,
) -> None:
    data = bytearray(recorded.path.read_bytes())
    for where, by in flips:
        data[int(where * (len(data) - 1))] ^= by
    for where, count in gone:
        at = int(where * len(data))
        del data[at : at + count]
    path = written(tmp_path, bytes(data[: 200 + int(cut * len(data))]))
    try:
        recording = open_journal(path)
    except BadInput:
        return
    with recording:
        check(recording, recorded)


def check(recording: Recording, recorded: Recorded) -> None:
    shown = [as_shown(each) for each in (*recorded.shown, recorded.outcome.final)]
    for index in range(0, len(recording.times), 5):
        assert recording.screen(index) in shown
    look_everywhere(recording)
