"""A journal of format 1, as loadtui wrote it then, is shown as far as it goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtui.model.result import OUR_STATS
from loadtui.session.recording import Recording, opened
from tests.support.recorded import Recorded


def first_format(lines: list[dict[str, Any]], recorded: Recorded) -> Iterator[dict[str, Any]]:
    """The lines that format 1 had: no numbers, no sums, and a state once a second."""
    states = {int(shot.at): shot for shot in recorded.shown}
    for line in lines:
        at = int(line["t"])
        plain = {key: value for key, value in line.items() if key not in {"n", "crc"}}
        if line["k"] == "header":
            yield plain | {"journal": 1}
        elif line["k"] in {"marker", "command", "second"}:
            yield plain
        if line["k"] == "second" and at + 1 in states:
            shot = states[at + 1]
            yield {
                "k": "state", "t": shot.at, "wall": shot.wall, "phase": shot.phase,
                "target": shot.target, "active": shot.active, "draining": shot.draining,
                "now": {"requests": shot.now.requests, "p95": shot.now.p95, "rate": shot.now.rate},
                "thresholds": [[s.now, s.now_ok, s.run, s.run_ok] for s in shot.thresholds],
                "cpu": None, "lag": None, "faults": [],
            }  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    made = Recorded(tmp_path_factory.mktemp("journal"), seconds=70)
    made.outcome = made.end()
    return made


@pytest.fixture
def old(recorded: Recorded, tmp_path: Path) -> list[bytes]:
    lines = [json.loads(line) for line in recorded.path.read_bytes().splitlines()]
    return [json.dumps(each).encode() + b"\n" for each in first_format(lines, recorded)]


def look(path: Path, lines: list[bytes]) -> Recording:
    path.write_bytes(b"".join(lines))
    return opened(path)


def test_its_screens_have_the_charts_totals_and_thresholds_of_then(
    recorded: Recorded, old: list[bytes], tmp_path: Path
) -> None:
    with look(tmp_path / "old.ndjson", old) as recording:
        assert "format 1" in recording.damage.sentences[0]
        now = recording.screen(recording.index(30.0))
        then = next(shot for shot in recorded.shown if shot.at == now.at)
        assert (now.target, now.active, now.now.p95) == (then.target, then.active, then.now.p95)
        drawn = [(point.at, point.p95) for point in now.points]
        assert drawn[: len(then.points)] == [(point.at, point.p95) for point in then.points]
        assert now.total.requests == then.total.requests
        mine, theirs = now.thresholds[0], then.thresholds[0]
        assert (mine.source, mine.now, mine.run) == (theirs.source, theirs.now, theirs.run)
        assert [marker.at for marker in now.markers] == [m.at for m in then.markers]
        assert [each.name for each in now.endpoints] == ["a"]


def test_its_summary_is_made_from_its_seconds(
    recorded: Recorded, old: list[bytes], tmp_path: Path
) -> None:
    with look(tmp_path / "old.ndjson", old) as recording:
        final = recording.outcome(OUR_STATS).final
    expected = {each.name: each.values for each in recorded.outcome.final.results}
    found = {each.name: each.values for each in final.results}
    assert found["http_req_duration"] == expected["http_req_duration"]


def test_damage_in_it_is_left_out(old: list[bytes], tmp_path: Path) -> None:
    broken = [*old[:9], b'{"k": "second", "t": 3, "names": 5}\n', b"\xff{\x1b\n", *old[9:-1]]
    with look(tmp_path / "old.ndjson", [*broken, old[-1][:20]]) as recording:
        assert len(recording.times) > 60
        assert "1 damaged line" in recording.damage.sentences[1]
