"""What becomes of faults when their session is killed or asked to stop."""

from __future__ import annotations

import os
import signal

import msgspec
import pytest

from loadtui.chaos.ledger_file import ledger_files, leftovers
from loadtui.chaos.leftovers import lift_leftovers
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import ControlError
from tests.support.faulty_session import SLOW, TIGHT
from tests.support.killed_session import Start, is_running, within
from tests.support.model_server import unordered
from tests.support.toxiproxy_server import KINDS, Kind, RealServer
from tests.support.watched import are_on, restored


def test_a_killed_sessions_faults_are_lifted_within_five_seconds_and_nothing_is_left(
    start: Start, theirs: Toxiproxy
) -> None:
    found = theirs.proxies()
    session = start(theirs.url)
    assert are_on(theirs.proxy("payments"))
    session.signal(signal.SIGKILL)
    within(5, lambda: restored(theirs))
    assert unordered(theirs.proxies()) == unordered(found)
    within(5, lambda: not is_running(session.watchdog))
    assert ledger_files(session.state_dir) == []
    assert list(session.state_dir.glob("*.sock")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_of_the_sessions_own_ends_with_it_but_only_after_the_lifting(
    start: Start, kind: Kind
) -> None:
    session = start("--own", kind)
    client = Toxiproxy(session.url)
    assert are_on(client.proxy("payments"))
    session.signal(signal.SIGKILL)

    def is_gone() -> bool:
        try:
            client.version()
        except ControlError:
            return True
        return False

    within(8, is_gone)
    within(2, lambda: not is_running(session.watchdog))
    log = session.log()
    assert "payments enabled" in log
    assert "payments deleted" in log
    assert "given up" not in log
    assert leftovers(session.state_dir) == ()


def test_what_somebody_else_changed_since_is_left_and_named(
    start: Start, theirs: Toxiproxy
) -> None:
    session = start(theirs.url)
    other = msgspec.structs.replace(SLOW, attributes={"latency": 7, "jitter": 100})
    theirs.update_toxic("payments", other)
    session.signal(signal.SIGKILL)
    within(5, lambda: theirs.proxy("payments").toxics == (TIGHT, other))
    within(5, lambda: not is_running(session.watchdog))
    assert "left: somebody else set latency of slow on payments" in session.log()
    assert theirs.proxy("payments").enabled


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_what_ends_a_session_politely_does_not_end_its_watchdog(
    start: Start, theirs: Toxiproxy, number: signal.Signals
) -> None:
    session = start(theirs.url)
    os.kill(session.watchdog, number)
    session.signal(signal.SIGKILL)
    within(5, lambda: restored(theirs))


def test_with_session_and_watchdog_killed_the_next_start_offers_what_is_left(
    start: Start, theirs: Toxiproxy
) -> None:
    session = start(theirs.url)
    os.kill(session.watchdog, signal.SIGKILL)
    session.expect("died")
    assert leftovers(session.state_dir) == (), "its session lives"
    session.signal(signal.SIGKILL)
    assert len(leftovers(session.state_dir)) == 3
    assert [lift.result for lift in lift_leftovers(session.state_dir, 5)] == ["done"] * 3
    assert restored(theirs)
    assert [path.name for path in session.state_dir.iterdir()] == ["watchdog.log"]


def test_what_cannot_be_lifted_yet_stays_left_over(
    start: Start, theirs: Toxiproxy, server: RealServer
) -> None:
    session = start(theirs.url)
    os.kill(session.watchdog, signal.SIGKILL)
    session.signal(signal.SIGKILL)
    within(5, lambda: not is_running(session.watchdog))
    server.process.kill()
    server.process.wait()
    assert {lift.result for lift in lift_leftovers(session.state_dir, 0.5)} == {"failed"}
    assert len(leftovers(session.state_dir)) == 3
