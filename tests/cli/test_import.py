from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.errors import ExitCode
from loadtui.scenario.load import load

URL = "http://127.0.0.1:3000/a"
HAR = json.dumps({"log": {"entries": [{"request": {"url": URL}}, 5]}}, indent=1)
FILES = {
    "curl": f"curl {URL}\nls\n",
    "har": HAR,
    "http": f"GET {URL}\n###\nnothing\n",
    "k6": f"import http from 'k6/http';\nexport default () => {{ http.get('{URL}'); odd(); }}\n",
    "openapi": "paths:\n  /a:\n    get: {parameters: [{in: path, name: b}]}\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_is_written_and_what_is_left_out_is_named(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "source.txt", tmp_path / "made.yaml"
    source.write_text(FILES[kind])
    assert run(["import", kind, str(source), "-o", str(out)]) == ExitCode.OK
    assert [each.name for each in load(out, env={}).requests] == ["GET /a"]
    skipped, told = capsys.readouterr().err.splitlines()
    assert skipped.startswith(f"{source}:")
    assert skipped.removeprefix(f"{source}:").split(":")[0].isdigit()
    assert f"loadtui run {out}" in told


def test_a_curl_line_may_stand_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "curl", f"curl -X DELETE {URL}"]) == ExitCode.OK
    said = capsys.readouterr()
    assert "method: DELETE" in said.out
    assert said.err == ""


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("mine")
    words = ["import", "curl", f"curl {URL}", "-o", str(out)]
    assert run(words) == ExitCode.BAD_INPUT
    assert out.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert run([*words, "--force"]) == ExitCode.OK
    assert "requests:" in out.read_text()


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\0\0\0", b"{}", b"- - -", b"[[[[[{"])
def test_hostile_bytes_are_one_clear_line(
    kind: str, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.txt"
    source.write_bytes(data)
    assert run(["import", kind, str(source)]) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("loadtui: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("file", ["missing.txt", ".", "a\0b"])
def test_a_file_that_is_none(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "curl", file]) == ExitCode.BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1
