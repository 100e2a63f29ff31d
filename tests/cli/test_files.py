"""Commands about scenario files: init, validate, schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.errors import ExitCode
from loadtui.scenario.load import load
from tests.scenario.test_bad_files import CASES, here

__all__ = ["here"]

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_a_first_file_is_valid_and_names_its_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my shop.yaml"
    assert run(["init", str(file), "--target", "http://127.0.0.1:8080/v1/"]) == ExitCode.OK
    assert "try it:  loadtui run" in capsys.readouterr().err
    made = load(file, env={})
    assert (made.name, made.target) == ("my-shop", "http://127.0.0.1:8080/v1")
    assert file.read_text().startswith("# yaml-language-server: $schema=")
    assert run(["validate", str(file)]) == ExitCode.OK
    assert "valid (1 request, 3 thresholds, up to 5 VUs, 35s)" in capsys.readouterr().out


def test_without_a_target_a_first_file_is_for_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "x.yaml")]) == ExitCode.OK
    assert "loadtui demo --serve" in capsys.readouterr().err
    (request,) = load(tmp_path / "x.yaml", env={}).requests
    assert request.name == "health"


def test_a_file_that_is_there_stays_unless_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("mine")
    assert run(["init", str(file)]) == ExitCode.BAD_INPUT
    assert "is there already; name another file, or add --force" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert run(["init", str(file), "--force"]) == ExitCode.OK
    assert load(file, env={}).requests


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["/no/such/folder/x.yaml"], "cannot be written: No such file"),
        (["x.yaml", "--target", "ftp://h"], "ftp"),
        (["x.yaml", "--target", "http://h/?a=b"], "the target has a query"),
    ],
)
def test_what_cannot_be_begun_is_one_line(
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", *words]) == ExitCode.BAD_INPUT
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_every_file_that_is_shipped_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in sorted(SCENARIOS.glob("*.yaml"))]
    assert run(["validate", *files]) == ExitCode.OK
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.count(": valid (") == len(files)


def test_every_problem_of_every_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("nmae: x\nrequests: [{url: /x}]\n")
    Path("b.yaml").write_text("target: http://h\nrequests: [{url: '${WHAT}'}]\n")
    assert run(["validate", "a.yaml", "b.yaml", "c.yaml"]) == ExitCode.BAD_INPUT
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("; ")[0] for line in lines] == [
        "a.yaml:1:1: a scenario has no key nmae",
        "a.yaml:2:18: the url '/x' is relative and there is no target",
        "b.yaml:2:18: ${WHAT} has no value",
        "loadtui: there is no file c.yaml",
    ]
    assert run(["validate", "b.yaml", "-e", "WHAT=/x"]) == ExitCode.OK


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == ExitCode.OK
    shown = json.loads(capsys.readouterr().out)
    assert shown["title"] == "loadtui scenario"
    assert "extends" in shown["properties"]


def test_no_bad_file_is_ever_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def launched(*_: object) -> int:
        raise AssertionError("a bad file was run")

    monkeypatch.setattr("loadtui.cli.run.launch_each", launched)
    assert len(CASES) >= 200
    for text, lines in CASES:
        Path("f").write_text(text, encoding="utf-8")
        assert run(["run", "f", "--headless"]) == ExitCode.BAD_INPUT, text
        shown = capsys.readouterr()
        assert shown.out == ""
        assert [line.replace(str(here), "HERE") for line in shown.err.splitlines()] == lines
