from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import time
from pathlib import Path

from loadtui.chaos.doorbell import ring
from loadtui.chaos.frames import PanicAnswer
from loadtui.chaos.ledger_file import ledger_files, socket_path
from loadtui.chaos.panic import panic
from loadtui.chaos.toxiproxy import Toxiproxy
from tests.support.faulty_session import PAYMENTS
from tests.support.killed_session import Session, Start, is_running, sessions, within
from tests.support.toxiproxy_server import RealServer
from tests.support.watched import restored


def door(session: Session) -> Path:
    (ledger,) = ledger_files(session.state_dir)
    return socket_path(ledger)


def test_a_frozen_sessions_load_is_stopped_and_its_faults_are_lifted(
    start: Start, theirs: Toxiproxy, home: Path
) -> None:
    session = start(theirs.url)
    session.signal(signal.SIGSTOP)
    began = time.monotonic()
    (answer,) = panic(home)
    assert time.monotonic() - began < 3
    assert restored(theirs)
    assert answer.ok
    assert answer.text.startswith(f"session {session.pid}: load stopped · 3 faults lifted, ")
    session.signal(signal.SIGCONT)
    session.expect("stop")
    assert session.expect("panic") == f"panic loadtui panic ({os.getpid()})"
    assert session.expect("lifted") == "lifted 3"


def test_a_second_panic_finds_nothing_on(start: Start, theirs: Toxiproxy, home: Path) -> None:
    session = start(theirs.url)
    panic(home)
    assert panic(home) == [PanicAnswer(f"session {session.pid}: load stopped · no fault was on")]


def test_every_session_is_asked(
    start: Start, theirs: Toxiproxy, home: Path, server: RealServer
) -> None:
    first, second = start(theirs.url), start("--own", server.kind)
    texts = [answer.text for answer in panic(home)]
    assert [text.split(":")[0] for text in texts] == [
        f"session {first.pid}",
        f"session {second.pid}",
    ]


def test_without_a_session_that_is_said(home: Path) -> None:
    assert panic(home) == [PanicAnswer("no session of loadtui is running")]
    assert panic(home, leftovers=True)[1:] == [PanicAnswer("nothing was left over")]


def test_with_the_watchdog_killed_faults_are_lifted_and_the_load_is_named(
    start: Start, theirs: Toxiproxy, home: Path
) -> None:
    session = start(theirs.url)
    os.kill(session.watchdog, signal.SIGKILL)
    session.expect("died")
    (answer,) = panic(home)
    assert not answer.ok
    assert "its load was NOT stopped: end that process" in answer.text
    assert "slow removed from payments" in answer.text
    assert restored(theirs)


def test_leftovers_are_named_and_lifted_only_when_asked(
    start: Start, theirs: Toxiproxy, home: Path, server: RealServer
) -> None:
    session = start(theirs.url)
    os.kill(session.watchdog, signal.SIGKILL)
    session.signal(signal.SIGKILL)
    within(5, lambda: not is_running(session.watchdog))  # one that is dying still holds the ledger
    (nobody, hint) = panic(home)
    assert nobody == PanicAnswer("no session of loadtui is running")
    assert hint.text == "left over from sessions that are gone: 3; --leftovers lifts them"
    assert not restored(theirs)
    lifted = panic(home, leftovers=True)[1]
    assert lifted.ok
    assert lifted.text == (
        "left over · payments enabled · tight of payments restored · slow removed from payments"
    )
    assert restored(theirs)


def test_what_cannot_be_lifted_is_named_with_the_command_that_does_it(
    start: Start, theirs: Toxiproxy, home: Path, server: RealServer
) -> None:
    start(theirs.url)
    server.process.kill()
    server.process.wait()
    (answer,) = panic(home)
    assert not answer.ok
    assert "slow on payments NOT lifted yet: nothing listens at" in answer.text
    assert f"toxiproxy-cli --host {theirs.url} toxic remove -n slow payments" in answer.text


def test_only_we_may_ring_and_nonsense_is_ignored(
    start: Start, theirs: Toxiproxy, home: Path
) -> None:
    session = start(theirs.url)
    assert stat.S_IMODE(door(session).stat().st_mode) == 0o600
    for nonsense in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\1"):
        with socket.socket(socket.AF_UNIX) as caller, contextlib.chdir(door(session).parent):
            caller.connect(door(session).name)  # the whole path may be too long for a socket
            caller.sendall(nonsense)
    assert not restored(theirs)
    assert panic(home)[0].ok


def test_a_state_directory_of_any_depth_has_a_door(tmp_path: Path, server: RealServer) -> None:
    client = Toxiproxy(server.url)
    client.create(PAYMENTS)
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    here = Path.cwd()
    with sessions(deep) as start:
        start(server.url)
        assert panic(deep)[0].ok
    assert Path.cwd() == here


def test_nobody_at_the_door_is_no_answer(tmp_path: Path) -> None:
    assert ring(tmp_path / "none.sock", "x", 1.0) is None
    with socket.socket(socket.AF_UNIX) as deaf, contextlib.chdir(tmp_path):
        deaf.bind("deaf.sock")
        deaf.listen()
        assert ring(tmp_path / "deaf.sock", "x", 0.1) is None
