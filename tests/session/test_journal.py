"""The journal: whole lines, no secrets, and a disk that refuses ends only the journal."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from loadtui.measure.tally import Spread
from loadtui.model.command import AddNote
from loadtui.model.row import Distribution
from loadtui.session.journal import NUMBERS_OF, Journal, redacted
from loadtui.session.second_line import spread_line


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_lines_are_there_before_the_journal_is_closed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "j.ndjson", ())
    journal.write("command", 1.25, {"command": AddNote("hello")})
    (line,) = lines(journal.path)
    assert len(str(line.pop("crc"))) == 8
    said = {"command": {"type": "AddNote", "text": "hello"}}
    assert line == {"k": "command", "t": 1.25, "n": 0, **said}
    journal.close()


def test_a_second_session_cannot_write_into_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.ndjson", ())
    assert "no journal" in Journal(tmp_path / "j.ndjson", ()).problem
    journal.close()
    assert not Journal(tmp_path / "j.ndjson", ()).problem


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.ndjson", ())
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    journal.close()


def test_secrets_are_hidden_in_every_text_and_key(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.ndjson", ("s3cr3t", 's3cr3t"and more'))
    fields = {"a": ["x s3cr3t y", {"s3cr3t": 1}], "b": 's3cr3t"and more', "n": 53}
    journal.write("note", 0.0, fields)
    text = journal.path.read_text()
    assert "s3cr3t" not in text
    assert "and more" not in text
    journal.close()


def test_hiding_never_breaks_numbers_or_buckets() -> None:
    spread = Spread()
    spread.add(Distribution(3, 30, 10, 10, {10: 3}))
    line = spread_line(spread)
    hidden = redacted({"duration": line, "n": 30}, (str(line[4]), "30"), NUMBERS_OF["second"])
    assert hidden == {"duration": line, "n": 30}


def test_a_full_disk_ends_the_journal_with_a_word(tmp_path: Path) -> None:
    journal = Journal(Path("/dev/full"), ())
    journal.write("note", 0.0, {})
    assert "No space left" in journal.problem
    journal.write("note", 1.0, {})


def test_a_place_that_cannot_be_made_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    journal = Journal(tmp_path, ())
    assert "Is a directory" in journal.problem
    journal.write("note", 0.0, {})


def test_a_name_that_measurements_have_too_hides_no_secret(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.ndjson", ("s3cr3t",))
    journal.write("header", 0.0, {"scenario": {"env": {"duration": "s3cr3t"}}})
    assert "s3cr3t" not in journal.path.read_text()
    journal.close()
