from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.chaos import server_process
from loadtui.chaos.server_process import Launch, ServerProcess, start
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import ServerLost, SetupFailed
from loadtui.model.toxic import Proxy
from tests.support.killed_session import freeze
from tests.support.real import require_real
from tests.support.toxiproxy_server import KINDS, RealServer, free_port


class Lifeline:
    """A pipe whose write end is ours."""

    def __init__(self) -> None:
        self.end, self._ours = os.pipe()
        self._whole = True

    def cut(self) -> None:
        if self._whole:
            self._whole = False
            os.close(self._ours)


@pytest.fixture
def lifeline() -> Iterator[Lifeline]:
    line = Lifeline()
    yield line
    line.cut()
    os.close(line.end)


@pytest.fixture(params=KINDS)
def launch(request: pytest.FixtureRequest, lifeline: Lifeline, tmp_path: Path) -> Launch:
    """How to start one of either kind."""
    binary = require_real("toxiproxy-server") if request.param == "real" else None
    return Launch(binary, lifeline.end, tmp_path / "server.log")


@pytest.fixture
def ours(launch: Launch) -> Iterator[ServerProcess]:
    server = start(launch)
    yield server
    server.terminate()


def test_it_answers_on_loopback_and_starts_empty(ours: ServerProcess) -> None:
    client = Toxiproxy(ours.url)
    assert ours.alive
    assert ours.url.startswith("http://127.0.0.1:")
    assert client.version() == "2.12.0"
    assert client.proxies() == {}


def test_it_ends_when_its_lifeline_is_cut(ours: ServerProcess, lifeline: Lifeline) -> None:
    lifeline.cut()
    assert ours.wait(5)
    with pytest.raises(ServerLost):
        Toxiproxy(ours.url).proxies()


def test_it_ends_when_told_even_if_it_is_paused(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process, "_GRACE", 0.2)
    ours = start(launch)
    freeze(_server_of(ours))
    ours.terminate()
    assert not ours.alive
    with pytest.raises(ServerLost):
        Toxiproxy(ours.url).proxies()


def _server_of(ours: ServerProcess) -> int:
    """Return the pid of the toxiproxy-server below its supervisor."""
    return int(subprocess.check_output(["pgrep", "-P", str(ours.pid)]))


def test_it_starts_anew_at_the_same_address_and_empty(ours: ServerProcess) -> None:
    client = Toxiproxy(ours.url)
    client.create(Proxy("p", "", "127.0.0.1:1"))
    again = ours.restart()
    try:
        assert (again.url, again.alive, ours.alive) == (ours.url, True, False)
        assert client.proxies() == {}
    finally:
        again.terminate()


def test_two_of_them_take_two_addresses(ours: ServerProcess, launch: Launch) -> None:
    second = start(launch)
    try:
        assert second.url != ours.url
    finally:
        second.terminate()


def test_a_stranger_on_the_port_is_not_taken_for_ours(
    server: RealServer, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The port was free when it was chosen and somebody else's a moment later.
    free = free_port()
    monkeypatch.setattr(server_process, "_free_ports", lambda: iter((server.port, free)))
    Toxiproxy(server.url).create(Proxy("theirs", "", "127.0.0.1:1"))
    ours = start(launch)
    try:
        assert ours.url == f"http://127.0.0.1:{free}"
        assert list(Toxiproxy(server.url).proxies()) == ["theirs"]
    finally:
        ours.terminate()


def test_a_port_that_is_taken_for_good_is_told(server: RealServer, launch: Launch) -> None:
    taken = Launch(launch.binary, launch.lifeline, launch.log, server.port)
    with pytest.raises(SetupFailed, match=f"no free port .tried {server.port}.; end what listens"):
        start(taken)


def test_a_port_where_somebody_listens_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken, free = somebody.getsockname()[1], free_port()
        monkeypatch.setattr(server_process, "_PORTS", (taken, free))
        assert list(server_process._free_ports()) == [free]


def test_a_program_that_ends_at_once_is_told_with_its_log(launch: Launch) -> None:
    broken = Launch(Path("/bin/false"), launch.lifeline, launch.log)
    with pytest.raises(SetupFailed, match=r"/bin/false ended at once; see .*server.log"):
        start(broken)


def test_a_program_that_cannot_be_started_says_so_in_the_log(
    launch: Launch, tmp_path: Path
) -> None:
    with pytest.raises(SetupFailed, match="ended at once"):
        start(Launch(tmp_path / "none", launch.lifeline, launch.log))
    assert "cannot be started" in launch.log.read_text(encoding="utf-8")


def test_a_program_that_never_answers_is_ended_and_told(
    launch: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process, "_PATIENCE", 0.3)
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\nexec sleep 30\n", encoding="ascii")
    mute.chmod(0o755)
    with pytest.raises(SetupFailed, match="mute does not answer at http"):
        start(Launch(mute, launch.lifeline, launch.log))


def test_load_does_not_fill_the_log(ours: ServerProcess, launch: Launch) -> None:
    made = Toxiproxy(ours.url).create(Proxy("p", "", f"127.0.0.1:{free_port()}"))
    host, _, port = made.listen.partition(":")
    for _ in range(5):
        with socket.create_connection((host, int(port))) as refused:
            assert refused.recv(1) == b""  # nobody listens upstream
    ours.terminate()
    assert launch.log.read_text(encoding="utf-8") == ""
