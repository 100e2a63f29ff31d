from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from loadtui.cli.main import run
from loadtui.errors import ExitCode


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "70000"], "70000 is not in the range"),
        (["--port", "http"], "'http' is not a valid integer"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--original", "half"], "'half' is not one of"),
        (["--frob"], "No such option '--frob'"),
        (["here"], "unexpected extra argument"),
        (["--port"], "Option '--port' requires an argument"),
        (["--port", "-1"], "-1 is not in the range"),
        (["--original", ""], "'' is not one of 'half-close', 'ranges'"),
    ],
)
def test_bad_words_are_told_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["toxiproxy", *words]) == ExitCode.BAD_INPUT
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert error.endswith("--help\n")


def test_the_help_tells_where_it_listens_and_what_may_be_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["toxiproxy", "--help"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "127.0.0.1:8474" in shown
    for option in ("--host", "--port", "--config", "--seed", "--proxy-metrics", "--original"):
        assert option in shown
    assert "--lifeline" not in shown


@pytest.mark.parametrize(
    "host", ["256.0.0.1", "no-such-host.invalid", "192.0.2.1", "127.1", "127.0.0.1%lo", "a b"]
)
def test_a_host_that_is_not_ours_to_listen_on_ends_it(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["toxiproxy", "--host", host, "--port", "0"]) == ExitCode.SETUP
    error = capsys.readouterr().err
    assert f"cannot listen on {host}:0" in error
    assert error.count("\n") == 1
    assert "give another --port or --host" in error


def test_a_port_that_is_taken_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["toxiproxy", "--port", str(port)]) == ExitCode.SETUP
    assert f"127.0.0.1:{port}: Address already in use" in capsys.readouterr().err


def started(*words: str, lifeline: int | None = None) -> subprocess.Popen[str]:
    """The command, as a user starts it."""
    held = () if lifeline is None else (lifeline,)
    return subprocess.Popen(
        [sys.executable, "-m", "loadtui", "toxiproxy", "--port", "0", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=held,
        env={**os.environ, "LOG_LEVEL": "info"},
    )


def line(process: subprocess.Popen[str], message: str) -> dict[str, str]:
    """The next line of its log with that message."""
    assert process.stdout is not None
    for text in process.stdout:
        found: dict[str, str] = json.loads(text)
        if found["message"] == message:
            return found
    raise AssertionError(f"it never said {message!r}")


def test_it_serves_the_proxies_of_its_file_until_sigterm(tmp_path: Path) -> None:
    file = tmp_path / "proxies.json"
    file.write_text('[{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}]')
    with started("--config", str(file)) as process:
        at = line(process, "Starting Toxiproxy HTTP server")["address"]
        with urllib.request.urlopen(f"http://{at}/proxies", timeout=5) as answer:
            assert list(json.load(answer)) == ["p"]
        process.send_signal(signal.SIGTERM)
        line(process, "Terminated proxy")
        assert process.wait(5) == 0


def test_it_ends_with_its_lifeline() -> None:
    end, ours = os.pipe()
    with started("--lifeline", str(end), lifeline=end) as process:
        line(process, "Starting Toxiproxy HTTP server")
        os.close(end)
        os.close(ours)
        assert process.wait(5) == 0


def test_off_loopback_it_says_that_others_can_steer_it() -> None:
    with started("--host", "0.0.0.0") as process:
        assert line(process, "Other machines can steer this server")["level"] == "warn"
        process.terminate()
        process.stdout.close() if process.stdout else None
