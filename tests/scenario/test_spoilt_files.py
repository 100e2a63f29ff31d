"""Files that are wrong in one place: one line says so, at that place, and nothing is sent."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.errors import ExitCode, ScenarioError
from loadtui.scenario.load import load
from tests.scenario.mutations import BASE, Spoilt, keys, spoilt
from tests.support.slow_server import slow_server

SPOILT = tuple(spoilt())
PARTS = SPOILT[::4], SPOILT[2::6]
"""Reading a file takes some hundredths of a second: hundreds of different ones, not all."""


def wrong(each: Spoilt, lines: list[str]) -> str:
    """What is not as it should be about the lines that were told, "" where all is well."""
    place = f"f:{each.line}:{each.column}: "
    is_good = len(lines) == 1 and lines[0].startswith(place) and "; " in lines[0]
    return "" if is_good else f"{each.how}: not {place} but {lines}"


def test_the_file_itself_is_valid_and_there_are_hundreds_of_ways_to_spoil_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "f").write_text(BASE, encoding="utf-8")
    assert load(tmp_path / "f", env={}).name == "shop"
    assert len({each.text for each in SPOILT} - {BASE}) == len(SPOILT) > 900
    assert len({line.key for line in keys()}) > 60


def test_each_is_told_once_and_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = []
    for each in PARTS[1]:
        Path("f").write_text(each.text, encoding="utf-8")
        try:
            load(Path("f"), env={})
        except ScenarioError as error:
            found.append(wrong(each, list(error.problems)))
        else:
            found.append(f"{each.how}: taken as valid")
    assert [each for each in found if each] == []


def test_a_run_of_them_sends_nothing_and_says_it_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with slow_server(0) as server:
        for each in PARTS[0]:
            text = each.text.replace("http://127.0.0.1:1\n", f"{server.url}\n")
            Path("f").write_text(text, encoding="utf-8")
            assert run(["run", "f", "--headless"]) == ExitCode.BAD_INPUT, each.how
            said = capsys.readouterr()
            assert wrong(each, said.err.splitlines()) == ""
            assert said.out == ""
        assert server.served() == 0


def test_a_file_that_is_cut_off_anywhere_fails_as_a_scenario_if_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for end in range(1, len(BASE), 11):
        Path("f").write_text(BASE[:end], encoding="utf-8")
        with suppress(ScenarioError):
            load(Path("f"), env={})
