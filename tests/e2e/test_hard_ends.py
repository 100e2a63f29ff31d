"""However loadtui is ended, what it did to a Toxiproxy is undone, and what it started ends."""

from __future__ import annotations

import errno
import os
import signal
import socket
from pathlib import Path

import pytest

from tests.e2e.strangers import (
    break_three_things,
    command,
    nothing_left,
    proxies,
    session_pid,
    session_with_its_own_server,
    within,
)
from tests.support.real import require_real
from tests.support.tmux import Tmux, environment, processes
from tests.support.toxiproxy_server import KINDS, Kind, RealServer

SERVERS: dict[Kind, str] = {"real": "toxiproxy-server", "embedded": "loadtui.toxiproxy"}


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
