from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.chaos.frames import Forgotten, LedgerLine, OwnServer, Recorded
from loadtui.chaos.ledger_file import (
    LedgerFile,
    file_name,
    is_held,
    ledger_files,
    leftovers,
    open_entries,
    session_of,
    strike,
    taken_over,
)
from loadtui.model.ledger import Change, Entry
from loadtui.model.toxic import Toxic

SLOW = Toxic("slow", "latency", "downstream", 1.0, {"latency": 2000})
SERVER = "http://127.0.0.1:8474"


def entry(number: int, server: str = SERVER) -> Entry:
    return Entry(number, server, Change("payments", "toxic", "slow", None, SLOW), 12.5)


def written(path: Path, *frames: LedgerLine) -> Path:
    """A file as a session that is gone left it."""
    file = LedgerFile(path)
    for frame in frames:
        file.append(frame)
    file.close()
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def living(home: Path) -> Iterator[LedgerFile]:
    file = LedgerFile(home / file_name(4711, 1.5))
    yield file
    file.close()


def test_only_we_can_read_it(living: LedgerFile, home: Path) -> None:
    assert stat.S_IMODE(living.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_an_entry_is_open_as_it_last_stood_until_it_is_closed(home: Path) -> None:
    changed = Entry(1, SERVER, entry(1).change, 99.0, confirmed=True, seen=SLOW)
    path = written(
        home / file_name(1, 1),
        Recorded(entry(1)),
        Recorded(entry(2)),
        Recorded(changed),
        Forgotten(2),
    )
    assert leftovers(home) == open_entries(path, own=True) == (changed,)


def test_what_a_living_session_has_open_is_not_left_over(living: LedgerFile, home: Path) -> None:
    living.append(Recorded(entry(1)))
    assert leftovers(home) == ()
    assert is_held(living.path)
    assert open_entries(living.path, own=True) == (entry(1),)


def test_its_watchdog_alone_keeps_a_file_from_being_left_over(home: Path) -> None:
    path = home / file_name(4711, 1.5)
    session, watchdog = LedgerFile(path), LedgerFile(path)
    session.append(Recorded(entry(1)))
    session.close()
    assert leftovers(home) == ()
    watchdog.close()
    assert leftovers(home) == (entry(1),)


def test_files_with_nothing_open_are_removed(home: Path) -> None:
    written(home / file_name(1, 1), Recorded(entry(1)), Forgotten(1))
    written(home / file_name(2, 2))
    assert leftovers(home) == ()
    assert ledger_files(home) == []


def test_a_line_that_was_cut_short_costs_only_itself(home: Path) -> None:
    path = written(home / file_name(1, 1), Recorded(entry(1)))
    with path.open("ab") as file:
        file.write(b'{"type":"Forgotten","i')
    assert leftovers(home) == (entry(1),)


def test_what_was_on_the_sessions_own_server_ended_with_it(home: Path) -> None:
    own = "http://127.0.0.1:18474"
    path = written(
        home / file_name(1, 1), OwnServer(own), Recorded(entry(1, own)), Recorded(entry(2))
    )
    assert leftovers(home) == (entry(2),)
    assert open_entries(path, own=True) == (entry(1, own), entry(2))


def test_the_oldest_come_first_and_other_files_are_left_alone(home: Path) -> None:
    written(home / file_name(9, 2), Recorded(entry(1)))
    written(home / file_name(10, 1), Recorded(entry(5)))
    notes = home / "ledger-notes.ndjson"
    notes.write_text("mine")
    assert leftovers(home) == (entry(5), entry(1))
    assert [session_of(path) for path in ledger_files(home)] == [10, 9]
    assert notes.exists()


def test_two_cannot_take_over_the_same_file(home: Path) -> None:
    path = written(home / file_name(1, 1), Recorded(entry(1)), Recorded(entry(2)))
    with taken_over(path) as first, taken_over(path) as second:
        assert first == (entry(1), entry(2))
        assert second == ()
        strike(path, (entry(1),))
    assert leftovers(home) == (entry(2),)
    with taken_over(path):
        strike(path, (entry(2),))
    assert not path.exists()


def test_a_file_that_was_removed_is_made_again(living: LedgerFile, home: Path) -> None:
    living.remove()
    again = LedgerFile(living.path)
    assert is_held(living.path)
    again.close()
    assert not is_held(living.path)
    assert not is_held(home / file_name(8, 8))
