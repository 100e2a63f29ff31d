"""What becomes of faults while a session or a server stands still."""

from __future__ import annotations

import signal
import time

from loadtui.chaos.toxiproxy import Toxiproxy
from tests.support.faulty_session import LATE
from tests.support.killed_session import Start, is_running, within
from tests.support.toxiproxy_server import RealServer
from tests.support.watched import restored


def test_a_call_in_flight_when_the_session_dies_is_undone_when_it_lands(
    start: Start, theirs: Toxiproxy, server: RealServer
) -> None:
    session = start(theirs.url, "--in-flight", str(server.process.pid))
    session.expect("in flight")
    time.sleep(0.1)  # the call has to reach the kernel of a server that cannot say so
    session.signal(signal.SIGKILL)
    time.sleep(1.5)
    server.resume()
    within(5, lambda: restored(theirs))
    assert within(8, lambda: not is_running(session.watchdog)) > 3, "it looked again for a while"
    assert restored(theirs)
    assert LATE.name not in str(theirs.proxies())
    assert "entry 4 done" in session.log()


def test_a_server_that_was_stopped_when_the_session_died_is_served_once_it_answers(
    start: Start, theirs: Toxiproxy, server: RealServer
) -> None:
    session = start(theirs.url)
    server.pause()
    session.signal(signal.SIGKILL)
    time.sleep(5)
    server.resume()
    within(5, lambda: restored(theirs))
    within(3, lambda: not is_running(session.watchdog))


def test_a_frozen_session_is_lifted_and_stopped_after_ten_seconds_and_hears_of_it(
    start: Start, theirs: Toxiproxy
) -> None:
    session = start(theirs.url)
    session.signal(signal.SIGSTOP)
    assert 8 < within(15, lambda: restored(theirs)) < 13
    assert is_running(session.watchdog)
    session.signal(signal.SIGCONT)
    session.expect("stop")
    assert session.expect("panic") == "panic the watchdog: no sign of life for 10 s"
    assert session.expect("lifted") == "lifted 3"
