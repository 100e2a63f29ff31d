"""All a person may get wrong: one clear line, the right exit code, nothing sent, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.errors import ExitCode

URL = "http://127.0.0.1:9"

FLAGS = [
    # arguments → what the line says
    (["frobnicate"], "No such command 'frobnicate'"),
    (["run"], "Missing argument 'FILE'"),
    (["url"], "Missing argument 'URL'"),
    ([URL, "--vus", "many"], "'many' is not a valid integer"),
    ([URL, "--vus", "-1"], "-1 is not in the range"),
    ([URL, "--vus", "2000"], "past max_vus 1000"),
    ([URL, "--stage", "2m"], "'2m' is not TIME:VUS"),
    ([URL, "--stage", "2:50"], "write 2s or 2ms"),
    ([URL, "--stage", "2m:5000"], "5000 VUs are past max_vus 1000"),
    ([URL, "--stage", "7h:5"], "the plan lasts 7h, past guard.max_duration 6h"),
    ([URL, "--stage", "2m:5", "--duration", "3s"], "--stage says how long by itself"),
    ([URL, "--max-vus", "0"], "0 is not in the range"),
    ([URL, "--step", "0"], "0 is not in the range"),
    ([URL, "--workers", "0"], "0 is not in the range"),
    ([URL, "--workers", "1000"], "1000 is not in the range"),
    ([URL, "--iterations", "0"], "0 is not in the range"),
    ([URL, "--duration", "30"], "write 30s or 30ms"),
    ([URL, "--duration", "soon"], "'soon' is not a duration"),
    ([URL, "--duration", "-5s"], "duration"),
    ([URL, "--duration", "7h", "--headless"], "past guard.max_duration"),
    ([URL, "--headless", "--vus", "5"], "add --duration"),
    ([URL, "--seed", "x"], "'x' is not a valid integer"),
    ([URL, "--frob"], "No such option '--frob'"),
    ([URL, "--theme", "nightmare"], "no theme 'nightmare'"),
    ([URL, "extra"], "unexpected extra argument"),
    (["run", "nowhere.py:buy"], "journey nowhere.py:buy: there is no file nowhere.py"),
    (["run", "nowhere.yaml", "--target", URL], "--target belongs to a Python journey"),
    (["run", "load.js"], "loadtui import k6 load.js"),
    ([URL, "--profile", "smok"], "did you mean smoke?"),
    ([URL, "--profile", "smoke,"], "there is no profile"),
    ([URL, "--profile", "load", "--vus", "5"], "--profile and --vus both say how much"),
    ([URL, "--profile", "load", "--stage", "2m:5"], "--profile and --stage both say how much"),
    ([URL, "--profile", "stress", "--max-vus", "100"], "300 VUs are past max_vus 100"),
    ([URL, "--time-scale", "0"], "0.0 is not in the range"),
    ([URL, "--tag", "team"], "'team' is not NAME=value"),
    (["demo", "--profile", "smoke"], "the demo brings its own load"),
    ([URL, "--think", "5"], "write 5s or 5ms"),
    ([URL, "--threshold", "p(95)<"], "p(95)<"),
    ([URL, "--threshold", "p(195)<5"], "p(195)"),
    ([URL, "--threshold", "fast"], "fast"),
    ([URL, "-X", "GE T"], "GE T"),
    ([URL, "-H", "no colon"], "no colon"),
    ([URL, "-H", "a b: c"], "a b"),
    ([URL, "-H", "x: a\nb: c"], "x"),
    ([URL, "-d", "@/no/such/file"], "No such file"),
    ([URL, "--toxiproxy", "not a url"], "not a url"),
    ([URL, "--toxiproxy", "http://127.0.0.1:9"], "no Toxiproxy answers"),
    ([URL, "--toxiproxy", "https://127.0.0.1:9"], "no address of a Toxiproxy"),
    (["http://"], "host"),
    (["ftp://127.0.0.1/x"], "ftp"),
    (["http://127.0.0.1:99999/"], "99999"),
    (["http://127.0.0.1:port/"], "port"),
    (["http://[::1/"], "[::1"),
    (["http://192.0.2.1/"], "--allow 192.0.2.1"),
    (["http://127.0.0.1.nowhere.invalid/"], "does not resolve"),
    (["http://user@127.0.0.1/"], "user name"),
    (["demo", "--port", "70000"], "70000 is not in the range"),
    (["demo", "--duration", "5"], "write 5s or 5ms"),
    (["demo", "--postgres", "not-a-dsn"], "postgresql://"),
    (["panic", "--frob"], "No such option '--frob'"),
]

FILES = [
    ("", "is empty"),
    ("- 1\n", "mapping"),
    ("name: x\n", "request"),
    ("name: [\n", "bad.yaml:"),
    ("nmae: x\ntarget: http://127.0.0.1:1\nrequests:\n  - url: /\n", "did you mean"),
    ("target: http://127.0.0.1:1\nrequests:\n  - url: ${NO_SUCH}\n", "NO_SUCH"),
    ("target: http://192.0.2.7\nrequests:\n  - url: /\n", "--allow 192.0.2.7"),
    ("target: http://127.0.0.1:1\nrequests:\n  - {url: /, json: 1, body: x}\n", "bad.yaml:"),
]


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert "Traceback" not in line
    return line


@pytest.mark.parametrize(("arguments", "says"), FLAGS, ids=[" ".join(a)[:60] for a, _ in FLAGS])
def test_a_bad_word_is_one_clear_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == ExitCode.BAD_INPUT
    assert says in one_line(capsys)


@pytest.mark.parametrize(("text", "says"), FILES, ids=[says for _, says in FILES])
def test_a_bad_file_is_named_with_its_place(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    assert run(["run", str(file)]) == ExitCode.BAD_INPUT
    assert says in one_line(capsys)


@pytest.mark.parametrize("name", ["missing.yaml", ""])
def test_a_file_that_is_none(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", str(tmp_path / name)]) == ExitCode.BAD_INPUT
    assert str(tmp_path) in one_line(capsys)


def test_bytes_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(b"name: \xff\xfe")
    assert run(["run", str(file)]) == ExitCode.BAD_INPUT
    assert "UTF-8" in one_line(capsys)


def test_several_profiles_need_no_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "a screen of some kind")
    assert run([URL, "--profile", "smoke,load"]) == ExitCode.BAD_INPUT
    assert "add --headless, or name one profile" in one_line(capsys)


def test_the_environment_gives_flags_and_its_mistakes_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOADTUI_STAGES", "1m:5,7h:5")
    assert run([URL]) == ExitCode.BAD_INPUT
    assert "the plan lasts 7h1m" in one_line(capsys)
    assert run([URL, "--stage", "1m:2000"]) == ExitCode.BAD_INPUT
    assert "2000 VUs are past max_vus" in one_line(capsys)
    monkeypatch.setenv("LOADTUI_STAGES", "often")
    assert run([URL]) == ExitCode.BAD_INPUT
    assert "LOADTUI_STAGES" in one_line(capsys)


def test_the_refusal_repeats_the_command_that_would_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["http://192.0.2.1/", "-H", "x: y z"]
    monkeypatch.setattr("sys.argv", ["loadtui", *words])
    assert run(words) == ExitCode.BAD_INPUT
    assert "loadtui http://192.0.2.1/ -H 'x: y z' --allow 192.0.2.1" in one_line(capsys)


def test_a_state_directory_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null/state")
    assert run([URL, "--headless", "--iterations", "1"]) == ExitCode.BAD_INPUT
    assert "XDG_STATE_HOME" in one_line(capsys)


def test_no_words_at_all_is_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == ExitCode.OK
    assert "loadtui demo" in capsys.readouterr().out
