"""`loadtui sessions` and `loadtui replay --headless`, as they are typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.cli.places import sessions_dir
from tests.support.recorded import Recorded


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recorded = Recorded(tmp_path_factory.mktemp("journal"), seconds=25)
    recorded.end()
    return recorded.path


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = sessions_dir()
    folder.mkdir(parents=True)
    for name in ("20260101-100000-7-orders", "20260102-100000-8-orders"):
        shutil.copy(made, folder / f"{name}.ndjson")
    return folder


Caught = pytest.CaptureFixture[str]


def test_the_list_has_a_line_a_session(folder: Path, capsys: Caught) -> None:
    assert run(["sessions"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["id", "started", "length"]
    assert first.startswith("20260101-100000-7-orders")
    assert "00:25" in second
    assert "✗ 1 of 1" in second


def test_names_and_tags_are_shown_found_and_replayed(folder: Path, capsys: Caught) -> None:
    assert run(["sessions", "name", "last", "slow\x1b]0;x\x07 payments"]) == 0
    assert run(["sessions", "tag", "last", "demo", "good"]) == 0
    assert run(["sessions", "tag", "last", "good", "--remove"]) == 0
    assert run(["sessions", "--tag", "demo"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.rstrip().endswith("payments #demo")
    assert run(["sessions", "--tag", "other"]) == 0
    assert run(["sessions", "name", "last", "easy"]) == 0
    assert run(["replay", "easy", "--headless"]) == 0
    assert "THRESHOLDS" in capsys.readouterr().out


def test_one_session_is_shown_with_its_replay(folder: Path, capsys: Caught) -> None:
    assert run(["sessions", "show", "20260102"]) == 0
    assert "loadtui replay 20260102-100000-8-orders" in capsys.readouterr().out
    assert run(["sessions", "show", "last", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["requests"] == 500


def test_json_is_one_object_a_session(folder: Path, capsys: Caught) -> None:
    assert run(["sessions", "--json"]) == 0
    assert [each["state"] for each in json.loads(capsys.readouterr().out)] == ["ended"] * 2


def test_removing_asks_first(folder: Path, capsys: Caught) -> None:
    assert run(["sessions", "rm", "last"]) == 104
    assert "add --yes" in capsys.readouterr().err
    assert run(["sessions", "rm", "last", "--yes"]) == 0
    assert [path.stem for path in folder.glob("*.ndjson")] == ["20260101-100000-7-orders"]
    assert run(["sessions", "rm", "20260102", "--yes"]) == 104


def test_pruning_by_age_and_size(folder: Path, capsys: Caught) -> None:
    assert run(["sessions", "prune"]) == 104
    assert "--older 30d" in capsys.readouterr().err
    assert run(["sessions", "prune", "--keep", "ten"]) == 104
    size = next(folder.glob("*.ndjson")).stat().st_size
    assert run(["sessions", "prune", "--keep", f"{size + 10}B", "--yes"]) == 0
    assert "removed 1 session" in capsys.readouterr().err
    assert run(["sessions", "prune", "--older", "1h", "--yes"]) == 0
    assert list(folder.glob("*.ndjson")) == []
    assert run(["sessions"]) == 0
    assert "no sessions yet" in capsys.readouterr().err


def test_a_cut_journal_says_so_and_tells_what_it_knows(folder: Path, capsys: Caught) -> None:
    path = folder / "20260102-100000-8-orders.ndjson"
    path.write_bytes(path.read_bytes()[:-700])
    assert run(["replay", "last", "--headless"]) == 0
    told = capsys.readouterr()
    assert "was cut at 00:2" in told.err
    assert "http_req_duration" in told.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["replay", "nothing"], "there is no session 'nothing'"),
        (["replay", "/dev/null"], "no journal"),
        (["replay", "last", "--at", "noon"], "02:10"),
        (["replay", "last", "--speed", "0"], "0.1"),
        (["sessions", "show", "nothing"], "there is no session"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    folder: Path, capsys: Caught, words: list[str], says: str
) -> None:
    assert run(words) == 104
    assert says in capsys.readouterr().err
