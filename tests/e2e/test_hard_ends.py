"""However loadtui ends, what it did to somebody's Toxiproxy is undone within five seconds."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.e2e.strangers import (
    break_three_things,
    command,
    keys,
    proxies,
    session_pid,
    session_with_its_own_server,
    within,
)
from tests.support.real import require_real
from tests.support.terminal import Terminal
from tests.support.tmux import Tmux, environment, processes
from tests.support.toxiproxy_server import KINDS, Kind, RealServer

SERVERS: dict[Kind, str] = {"real": "toxiproxy-server", "embedded": "loadtui.toxiproxy"}


def nothing_left(home: Path) -> bool:
    ours = ("loadtui", "toxiproxy-server", "own_server")
    return not [w for w in processes(home).values() if any(each in w for each in ours)]


@pytest.mark.timeout(90)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_everything_is_as_it_was(
    number: signal.Signals, strangers: RealServer, tmp_path: Path
) -> None:
    before = proxies(strangers)
    env = environment(tmp_path)
    with Tmux(f"end-{number.name}", command(strangers), env=env, size=(160, 50)) as terminal:
        break_three_things(terminal, strangers)
        os.kill(session_pid(tmp_path), number)
        within(5, lambda: proxies(strangers) == before, "everything as it was")
        within(10, lambda: nothing_left(tmp_path), "no process left")
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []


@pytest.mark.timeout(90)
def test_a_terminal_that_is_closed(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    with Terminal(command(strangers), env=environment(tmp_path), size=(160, 50)) as terminal:
        break_three_things(terminal, strangers)
        terminal.hang_up()
        within(5, lambda: proxies(strangers) == before, "everything as it was")
        assert terminal.process.wait(10) != 0
    within(10, lambda: nothing_left(tmp_path), "no process left")


@pytest.mark.timeout(90)
def test_a_terminal_that_nobody_reads(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    with Terminal(command(strangers), env=environment(tmp_path), size=(160, 50)) as terminal:
        break_three_things(terminal, strangers)
        time.sleep(3)  # the terminal's buffer and Textual's queue fill up: now its loop stands
        terminal.process.send_signal(signal.SIGTERM)
        within(5, lambda: proxies(strangers) == before, "everything as it was")
        assert terminal.process.wait(10) == 105
    within(10, lambda: nothing_left(tmp_path), "no process left")


@pytest.mark.timeout(90)
def test_a_server_that_stood_still_while_we_died(strangers: RealServer, tmp_path: Path) -> None:
    before = proxies(strangers)
    env = environment(tmp_path)
    with Tmux("race", command(strangers), env=env, size=(160, 50)) as terminal:
        terminal.wait(lambda s: "RUNNING" in s and "theirs" in s, seconds=20, what="the panel")
        strangers.process.send_signal(signal.SIGSTOP)
        try:
            keys(terminal)("a", "enter")
            os.kill(session_pid(tmp_path), signal.SIGKILL)
            time.sleep(2)  # the intent's own call is in the server's buffer and will land late
        finally:
            strangers.process.send_signal(signal.SIGCONT)
        within(5, lambda: nothing_left(tmp_path) and proxies(strangers) == before, "as it was")


@pytest.mark.timeout(90)
def test_somebody_elses_later_change_is_left_and_named(
    strangers: RealServer, tmp_path: Path
) -> None:
    env = environment(tmp_path)
    with Tmux("theirs", command(strangers), env=env, size=(160, 50)) as terminal:
        break_three_things(terminal, strangers)
        later = json.dumps({"attributes": {"latency": 777}})
        assert strangers.raw("POST", "/proxies/gamma/toxics/theirs", later)[0] == 200
        terminal.press("q", "y")
        shown = terminal.wait(lambda s: "exit code: " in s, seconds=15, what="the end")
        now = proxies(strangers)
        assert now["gamma"]["toxics"][0]["attributes"]["latency"] == 777
        assert (now["alpha"]["toxics"], now["beta"]["enabled"]) == ([], True)
        assert "gamma" in terminal.screen(history=True)
        assert "someone else" in terminal.screen(history=True) or "somebody" in shown


@pytest.mark.timeout(90)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_we_started_ends_with_us(
    kind: Kind, number: signal.Signals, tmp_path: Path
) -> None:
    require_real("tmux")
    with session_with_its_own_server(kind, tmp_path) as listen:
        server = [words for words in processes(tmp_path).values() if SERVERS[kind] in words]
        assert server, "it runs the server that it was to start"
        os.kill(session_pid(tmp_path), number)
        within(10, lambda: nothing_left(tmp_path), "no process left, the server's neither")
        host, _, port = listen.partition(":")
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) == errno.ECONNREFUSED
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []
