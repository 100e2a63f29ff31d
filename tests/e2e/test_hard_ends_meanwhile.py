"""Ends that come while the terminal, the server or somebody else is in the way."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.strangers import (
    break_three_things,
    command,
    keys,
    nothing_left,
    proxies,
    session_pid,
    within,
)
from tests.support.terminal import Terminal
from tests.support.tmux import Tmux, environment
from tests.support.toxiproxy_server import RealServer


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
        strangers.pause()
        try:
            keys(terminal)("a", "enter")
            os.kill(session_pid(tmp_path), signal.SIGKILL)
            time.sleep(2)  # the intent's own call is in the server's buffer and will land late
        finally:
            strangers.resume()
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
