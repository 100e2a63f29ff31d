from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from loadtui.cli.checkup import installed, limits, own_files, server, terminal
from loadtui.cli.checkup.check import Check, State
from loadtui.cli.doctor import told
from loadtui.cli.main import run
from loadtui.cli.places import config_dir
from loadtui.demo.ports import USUAL
from tests.support.toxiproxy_server import real_server

UTF = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def by_name(checks: Iterator[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


@pytest.mark.parametrize(
    ("environment", "size", "name", "state", "words"),
    [
        ({}, (160, 50), "size", "ok", "160×50"),
        ({}, (80, 24), "size", "ok", "one chart and one pane"),
        ({}, (50, 12), "size", "warn", "60×16 shows charts"),
        ({}, (160, 50), "colours", "ok", "16 million"),
        ({"COLORTERM": ""}, (160, 50), "colours", "warn", "256 (TERM=xterm-256color)"),
        ({"COLORTERM": "", "TERM": "xterm"}, (160, 50), "colours", "warn", "COLORTERM=truecolor"),
        ({"TERM": "dumb"}, (160, 50), "colours", "fail", "TERM=dumb shows no screen"),
        ({"NO_COLOR": "1"}, (160, 50), "colours", "ok", "the theme mono"),
        ({}, (160, 50), "signs", "ok", "UTF-8: charts in braille"),
        ({"LANG": "C", "LC_ALL": "C"}, (160, 50), "signs", "warn", "the locale is not UTF-8"),
        ({"TERM": "linux"}, (160, 50), "signs", "warn", "the Linux console"),
        ({"TMUX": "socket,1,0"}, (160, 50), "tmux", "warn", "tmux set -g mouse on"),
        ({"TERM": "screen", "STY": "1.x"}, (160, 50), "screen", "ok", "around this terminal"),
        ({"SSH_TTY": "/dev/pts/1"}, (160, 50), "ssh", "ok", "150 kB/s"),
        ({}, (160, 50), "mouse", "ok", "yes; --no-mouse"),
        ({"TERM": "dumb"}, (160, 50), "mouse", "ok", "every act has a key"),
        ({"TERM": "nonsense"}, (160, 50), "mouse", "warn", "ncurses-term"),
    ],
)
def test_the_terminal(
    environment: dict[str, str], size: tuple[int, int], name: str, state: State, words: str
) -> None:
    known = {"xterm-256color": True, "xterm": True, "dumb": False}
    told_of = terminal.terminal({**UTF, **environment}, size, lambda _: "off", known.get)
    checks = by_name(told_of)
    assert checks[name].state == state
    assert words in f"{checks[name].found} {checks[name].todo}"


def test_without_a_terminal_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtui.cli.checkup.terminal.has_terminal", lambda: False)
    assert [check.state for check in terminal.here()] == ["warn"]


@pytest.mark.parametrize(
    ("check", "state", "words"),
    [
        (limits.files(None), "ok", "no limit"),
        (limits.files(1_048_576), "ok", "a process"),
        (limits.files(1024), "warn", "about 824 VUs a worker"),
        (limits.ports(32768, 60999), "ok", "(32768 to 60999)"),
        (limits.ports(50_000, 55_999), "warn", "at 100 a second"),
        (limits.cores(2, 1), "ok", "2 usable"),
        (limits.cores(1, 1), "warn", "give it two"),
    ],
)
def test_limits(check: Check, state: State, words: str) -> None:
    assert check.state == state
    assert words in f"{check.found} {check.todo}"


def test_a_toxiproxy_that_runs_is_found_and_one_that_does_not_is_told() -> None:
    with real_server(kind="embedded") as running:
        url = running.url
        found = server.toxiproxy(url, "")
        assert found.state == "ok"
        assert "runs and is used" in found.found
    gone = server.toxiproxy(url, "")
    assert gone.state == "fail"
    assert f"nothing answers at {url}" in gone.found
    assert server.toxiproxy("not a url", "").state == "fail"


def test_something_else_where_toxiproxy_should_be_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stuck = server.toxiproxy(f"http://127.0.0.1:{listener.getsockname()[1]}", "")
    assert stuck.state == "fail"
    assert "accepts connections but does not answer" in stuck.found


def test_the_demos_ports() -> None:
    assert "all free" in next(server.ports(lambda _: True)).found
    (moved,) = server.ports(lambda port: port != USUAL.orders)
    assert (moved.state, moved.found) == ("ok", "taken: 3000; others are used")
    assert next(server.ports(lambda _: False)).state == "fail"
    assert server.loopback().state == "ok"


def test_ones_own_files(tmp_path: Path) -> None:
    assert {check.state for check in own_files.own_files(tmp_path)} == {"ok"}
    (tmp_path / "config.yaml").write_text("theme: light\nvus: x\nthem: y\n", encoding="utf-8")
    (tmp_path / "keymap.yaml").write_text("spike: K\n", encoding="utf-8")
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.yaml").write_text("name: [\n", encoding="utf-8")
    checks = list(own_files.own_files(tmp_path))
    failed = [check.found for check in checks if check.state == "fail"]
    assert f"{tmp_path}/config.yaml:2:6: vus: 'x' is not a valid integer range" in failed
    assert f"{tmp_path}/config.yaml:3:1: there is no setting them" in failed
    assert any(found.startswith(f"{tmp_path}/themes/mine.yaml:") for found in failed)
    assert any("1 keys moved" in check.found for check in checks)


def test_a_theme_of_ones_own_that_is_hard_to_read_is_told(tmp_path: Path) -> None:
    good = (Path(__file__).parents[2] / "themes" / "dark.yaml").read_text(encoding="utf-8")
    (tmp_path / "themes").mkdir()
    faint = good.replace('quiet: "#8b98ae"', 'quiet: "#3b485e"')
    (tmp_path / "themes" / "dark.yaml").write_text(faint, encoding="utf-8")
    (told_of,) = (each for each in own_files.own_files(tmp_path) if each.state == "warn")
    assert "hard to read: quiet on bg " in told_of.found


def test_variables_are_checked_as_flags_are() -> None:
    environment = {"LOADTUI_THEM": "x", "LOADTUI_VUS": "many", "LOADTUI_STAGES": "1s:1,2s:2"}
    checks = list(own_files.variables(environment))
    assert [(check.state, check.found) for check in checks] == [
        ("warn", "LOADTUI_THEM means nothing"),
        ("fail", "LOADTUI_VUS: 'many' is not a valid integer range"),
        ("ok", "LOADTUI_STAGES"),
    ]
    assert checks[0].todo == "did you mean LOADTUI_THEME?"
    assert [check.state for check in own_files.variables({})] == ["ok"]


def test_packages_that_are_missing_are_named() -> None:
    assert installed.packages(("click",)).state == "ok"
    assert installed.packages(("click", "no-such-package")).found == "missing: no-such-package"


def test_a_folder_that_cannot_be_written_is_told() -> None:
    check = installed.folder("ledgers", Path("/proc/loadtui/x"))
    assert check.state == "fail"
    assert "/proc/loadtui/x cannot be written" in check.found


def test_it_prints_signs_words_and_what_to_do() -> None:
    checks = (
        Check("one", "name", "ok", "well"),
        Check("one", "other", "warn", "so-so \x1b[2J", "mend it"),
        Check("two", "third", "fail", "broken", "buy a new one"),
    )
    text = "\n".join(told(checks, 100, plain=True))
    for line in ("+ name   well", "! other  so-so \\x1b[2J", "-> mend it", "x third  broken"):
        assert line in click.unstyle(text)
    assert text.endswith("1 will not work (x), 1 could be better (!).")
    assert list(told((), 100, plain=False))[-1] == "Everything is well."


def test_the_command_ends_with_1_where_something_is_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is all(each["state"] != "fail" for each in found["checks"])
    path = config_dir() / "config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("nonsense: 1\n", encoding="utf-8")
    try:
        assert run(["doctor"]) == 1
    finally:
        path.unlink()
    out = capsys.readouterr().out
    assert "there is no setting nonsense" in out
    assert "will not work (✗)" in out
