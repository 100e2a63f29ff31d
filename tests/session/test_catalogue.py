"""The sessions of a machine: an index that may be lost, journals that may not."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.session.catalogue import NAME, catalogue
from loadtui.session.journal import Journal
from loadtui.session.kept import Kept, Label, labelled
from loadtui.session.pruning import to_prune
from loadtui.session.shelf import meant
from tests.support.recorded import Recorded


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recorded = Recorded(tmp_path_factory.mktemp("journal"), seconds=25)
    recorded.end()
    return recorded.path


@pytest.fixture
def folder(tmp_path: Path, made: Path) -> Path:
    for name in ("20260101-100000-7-orders", "20260102-100000-8-orders"):
        shutil.copy(made, tmp_path / f"{name}.ndjson")
    return tmp_path


def test_every_session_has_its_numbers(folder: Path) -> None:
    first, second = catalogue(folder)
    assert (first.id, second.id) == ("20260101-100000-7-orders", "20260102-100000-8-orders")
    assert (first.state, first.scenario, first.requests, first.faults) == (
        "ended",
        "orders",
        500,
        1,
    )
    assert (first.thresholds, first.broken, first.format, first.notes) == (1, 1, 2, ())
    assert first.length == pytest.approx(25.0)


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, None])
def test_an_index_is_made_anew_from_the_journals(folder: Path, damage: bytes | None) -> None:
    before = catalogue(folder)
    index = folder / NAME
    index.unlink() if damage is None else index.write_bytes(damage)
    assert catalogue(folder) == before
    assert index.read_bytes().startswith(b"SQLite format 3")


def test_an_index_of_another_version_is_made_anew(folder: Path) -> None:
    before = catalogue(folder)
    index = sqlite3.connect(folder / NAME)
    index.execute("DROP TABLE sessions")
    index.execute("CREATE TABLE sessions (other TEXT)")
    index.execute("PRAGMA user_version = 99")
    index.commit()
    index.close()
    assert catalogue(folder) == before


def test_the_index_is_believed_while_the_journal_is_the_same(folder: Path) -> None:
    before = catalogue(folder)
    index = sqlite3.connect(folder / NAME)
    index.execute("UPDATE sessions SET body = replace(body, '\"orders\"', '\"believed\"')")
    index.commit()
    index.close()
    assert {each.scenario for each in catalogue(folder)} == {"believed"}
    labelled(folder / f"{before[0].id}.ndjson", Label("again"))
    assert [each.scenario for each in catalogue(folder)] == ["orders", "believed"]


def test_an_index_that_cannot_be_written_is_done_without(folder: Path) -> None:
    (folder / NAME).mkdir()
    assert len(catalogue(folder)) == 2


def test_names_and_tags_are_in_the_journal_itself(folder: Path) -> None:
    path = folder / "20260101-100000-7-orders.ndjson"
    labelled(path, Label("slow payments", ("demo",)))
    labelled(path, Label("slow payments", ("demo", "good")))
    (folder / NAME).unlink(missing_ok=True)
    found = catalogue(folder)[0]
    assert found.label == Label("slow payments", ("demo", "good"))
    assert found.notes == ()


def test_a_cut_journal_can_be_named(folder: Path) -> None:
    path = folder / "20260101-100000-7-orders.ndjson"
    path.write_bytes(path.read_bytes()[:-700])
    labelled(path, Label("cut"))
    found = catalogue(folder)[0]
    assert (found.state, found.label.name) == ("cut", "cut")


def test_one_that_runs_is_known_and_cannot_be_named(folder: Path) -> None:
    journal = Journal(folder / "20260103-100000-9-orders.ndjson", ())
    journal.write("header", 0.0, {"journal": 2, "wall": 7.0, "scenario": {"name": "now"}})
    found = catalogue(folder)[-1]
    assert (found.state, found.started, found.scenario) == ("runs", 7.0, "now")
    with pytest.raises(BadInput, match="still runs"):
        labelled(journal.path, Label("x"))
    journal.close()
    assert catalogue(folder)[-1].state == "unreadable"


def test_what_is_no_journal_is_listed_as_such(folder: Path) -> None:
    (folder / "20260104.ndjson").write_bytes(b"\x00\xff\n")
    (found,) = (each for each in catalogue(folder) if each.state == "unreadable")
    assert "no journal that can be shown" in found.notes[0]


@pytest.mark.parametrize("word", ["20260102", "20260102-100000-8-orders", "last", "slow payments"])
def test_a_session_is_meant_by_many_words(folder: Path, word: str) -> None:
    names = {"slow payments": "20260102-100000-8-orders"}
    assert meant(folder, word, lambda: names).stem == "20260102-100000-8-orders"


@pytest.mark.parametrize(
    ("word", "says"), [("2026", "begins the ids of 2"), ("x", "no session"), ("", "begins")]
)
def test_a_word_that_means_none_or_several_is_refused(folder: Path, word: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        meant(folder, word, dict)


def kept(name: str, started: float, size: int, **fields: object) -> Kept:
    fields = {"state": "ended", **fields}
    return Kept(id=name, bytes=size, changed=0, started=started, **fields)  # type: ignore[arg-type]


KEPT = (
    kept("old", 0.0, 10),
    kept("running", 1.0, 50, state="runs"),
    kept("older", 50.0, 20),
    kept("new", 90.0, 30),
)


@pytest.mark.parametrize(
    ("older", "room", "gone"),
    [
        (60.0, None, ["old"]),
        (None, 105, ["old"]),
        (None, 90, ["old", "older"]),
        (None, 0, ["old", "older", "new"]),
        (60.0, 80, ["old", "older"]),
        (None, 1000, []),
    ],
)
def test_the_oldest_go_first_and_one_that_runs_never(
    older: float | None, room: int | None, gone: list[str]
) -> None:
    assert [each.id for each in to_prune(KEPT, 100.0, older=older, room=room)] == gone
