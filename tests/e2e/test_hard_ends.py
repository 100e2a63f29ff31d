"""However loadtui ends, what it did to somebody's Toxiproxy is undone within five seconds."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.real import require_real
from tests.support.slow_server import slow_server
from tests.support.terminal import Terminal
from tests.support.tmux import Tmux, environment, processes
from tests.support.toxiproxy_server import RealServer, free_port, real_server

THEIRS = {"name": "theirs", "type": "latency", "attributes": {"latency": 100, "jitter": 0}}


def proxies(server: RealServer) -> Any:  # noqa: ANN401 - JSON
    """The whole state of the server, as everybody would read it."""
    status, text = server.raw("GET", "/proxies")
    assert status == 200
    return json.loads(text)


def within(seconds: float, until: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@pytest.fixture
def server() -> Iterator[RealServer]:
    """Somebody's Toxiproxy: three proxies in front of a slow server, one toxic of theirs."""
    with slow_server(20) as upstream, real_server() as found:
        for name in ("alpha", "beta", "gamma"):
            fields = {
                "name": name,
                "listen": f"127.0.0.1:{free_port()}",
                "upstream": f"127.0.0.1:{upstream.port}",
            }
            assert found.raw("POST", "/proxies", json.dumps(fields))[0] == 201
        assert found.raw("POST", "/proxies/gamma/toxics", json.dumps(THEIRS))[0] == 200
        yield found


def command(server: RealServer) -> list[str]:
    target = proxies(server)["alpha"]["listen"]
    words = [sys.executable, "-m", "loadtui", f"http://{target}/", "--toxiproxy", server.url]
    return [*words, "--start", "--vus", "5"]


def session_pid(home: Path) -> int:
    """The process of the screen itself."""
    found = [pid for pid, words in processes(home).items() if "-m loadtui http" in words]
    return min(found)


def break_three_things(screen: Tmux | Terminal, server: RealServer) -> None:
    """A toxic on alpha, beta down, and their toxic on gamma changed: all by keys."""
    keys = _keys(screen)
    screen.wait(lambda s: "RUNNING" in s and "theirs" in s, seconds=20, what="the panel")
    keys("a", "enter")
    within(5, lambda: bool(proxies(server)["alpha"]["toxics"]), "a toxic on alpha")
    screen.wait(lambda s: "1 on" in s, seconds=5, what="the first fault on the screen")
    keys("down", "space")
    within(5, lambda: proxies(server)["beta"]["enabled"] is False, "beta down")
    keys("down", "right")
    within(
        5,
        lambda: proxies(server)["gamma"]["toxics"][0]["attributes"]["latency"] == 350,
        "their toxic stronger",
    )
    screen.wait(lambda s: "3 on" in s, seconds=5, what="three faults on the screen")


def _keys(screen: Tmux | Terminal) -> Callable[..., None]:
    tmux = {"enter": "Enter", "down": "Down", "space": "Space", "right": "Right"}
    plain = {"enter": "\r", "down": "\x1b[B", "space": " ", "right": "\x1b[C"}

    def press(*names: str) -> None:
        for name in names:
            if isinstance(screen, Tmux):
                screen.press(tmux.get(name, name))
            else:
                screen.press(plain.get(name, name))
            if isinstance(screen, Terminal):
                screen.pump(0.3)
            else:
                time.sleep(0.3)

    return press


def nothing_left(home: Path) -> bool:
    return not [words for words in processes(home).values() if "loadtui" in words]


@pytest.mark.timeout(90)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_everything_is_as_it_was(
    number: signal.Signals, server: RealServer, tmp_path: Path
) -> None:
    require_real("tmux")
    before = proxies(server)
    env = environment(tmp_path)
    with Tmux(f"end-{number.name}", command(server), env=env, size=(160, 50)) as terminal:
        break_three_things(terminal, server)
        os.kill(session_pid(tmp_path), number)
        within(5, lambda: proxies(server) == before, "everything as it was")
        within(10, lambda: nothing_left(tmp_path), "no process left")
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []


@pytest.mark.timeout(90)
def test_a_terminal_that_is_closed(server: RealServer, tmp_path: Path) -> None:
    before = proxies(server)
    with Terminal(command(server), env=environment(tmp_path), size=(160, 50)) as terminal:
        break_three_things(terminal, server)
        terminal.hang_up()
        within(5, lambda: proxies(server) == before, "everything as it was")
        assert terminal.process.wait(10) != 0
    within(10, lambda: nothing_left(tmp_path), "no process left")


@pytest.mark.timeout(90)
def test_a_terminal_that_nobody_reads(server: RealServer, tmp_path: Path) -> None:
    before = proxies(server)
    with Terminal(command(server), env=environment(tmp_path), size=(160, 50)) as terminal:
        break_three_things(terminal, server)
        time.sleep(3)  # the terminal's buffer and Textual's queue fill up: now its loop stands
        terminal.process.send_signal(signal.SIGTERM)
        within(5, lambda: proxies(server) == before, "everything as it was")
        assert terminal.process.wait(10) == 105
    within(10, lambda: nothing_left(tmp_path), "no process left")


@pytest.mark.timeout(90)
def test_a_server_that_stood_still_while_we_died(server: RealServer, tmp_path: Path) -> None:
    require_real("tmux")
    before = proxies(server)
    env = environment(tmp_path)
    with Tmux("race", command(server), env=env, size=(160, 50)) as terminal:
        terminal.wait(lambda s: "RUNNING" in s and "theirs" in s, seconds=20, what="the panel")
        server.process.send_signal(signal.SIGSTOP)
        try:
            _keys(terminal)("a", "enter")
            os.kill(session_pid(tmp_path), signal.SIGKILL)
            time.sleep(2)  # the intent's own call is in the server's buffer and will land late
        finally:
            server.process.send_signal(signal.SIGCONT)
        within(5, lambda: nothing_left(tmp_path) and proxies(server) == before, "as it was")


@pytest.mark.timeout(90)
def test_somebody_elses_later_change_is_left_and_named(server: RealServer, tmp_path: Path) -> None:
    require_real("tmux")
    env = environment(tmp_path)
    with Tmux("theirs", command(server), env=env, size=(160, 50)) as terminal:
        break_three_things(terminal, server)
        later = json.dumps({"attributes": {"latency": 777}})
        assert server.raw("POST", "/proxies/gamma/toxics/theirs", later)[0] == 200
        terminal.press("q", "y")
        shown = terminal.wait(lambda s: "exit code: " in s, seconds=15, what="the end")
        now = proxies(server)
        assert now["gamma"]["toxics"][0]["attributes"]["latency"] == 777
        assert (now["alpha"]["toxics"], now["beta"]["enabled"]) == ([], True)
        assert "gamma" in terminal.screen(history=True)
        assert "someone else" in terminal.screen(history=True) or "somebody" in shown
