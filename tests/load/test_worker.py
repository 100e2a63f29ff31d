from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from loadtui.load import wire
from loadtui.load.ending import Ending
from loadtui.model.frame import (
    Ack,
    ClockAsk,
    ClockTell,
    FromWorker,
    Hello,
    Hold,
    Retarget,
    Said,
    Setup,
)
from loadtui.model.request import RequestTemplate
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from tests.support.counting_server import CountingServer, counting_server
from tests.support.worker_hand import Hand, batches, worker


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def setup(url: str, *, graceful: float = 30.0, name: str = "get") -> Setup:
    request = RequestTemplate(name=name, url=constant(url))
    scenario = Scenario(name="s", target=url, requests=(request,))
    return Setup(scenario, worker=0, workers=1, seed=1, graceful=graceful)


def sent_requests(heard: list[FromWorker]) -> int:
    """Every request that left, cut ones included."""
    rows = [row for batch in batches(heard) for row in batch.rows]
    return sum(row.requests + row.cut for row in rows)


def test_a_worker_greets_obeys_and_tells_its_clock(tmp_path: Path, server: CountingServer) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/20")))
        assert hand.until(Hello) == Hello(0, hand.process.pid)
        before = time.perf_counter()
        hand.tell(ClockAsk(5.0))
        told = hand.until(ClockTell)
        assert told.sent == 5.0
        assert before < told.at < time.perf_counter()
        hand.tell(Retarget(1, 5))
        assert hand.until(Ack) == Ack(0, 1, 5, 0)
        batch = hand.until(Batch)
        assert batch.active == batch.health.connections == 5
        assert batch.rows[0].statuses.keys() == {200}
        assert 0 < batch.health.cpu < batch.health.wall


def test_the_end_of_stdin_ends_the_worker_and_every_request_is_accounted_for(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/50")), Retarget(1, 30))
        hand.until(Batch)
        hand.close_stdin()
        heard = hand.rest()
        assert hand.process.wait(5.0) == Ending.DONE
    assert sum(row.cut for batch in batches(heard) for row in batch.rows) == 30
    assert sent_requests(heard) == server.count() - before
    seqs = [batch.seq for batch in batches(heard)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert batches(heard)[-1].active == 0


def test_a_byte_on_the_stop_line_is_a_hard_stop_and_stays_for_the_others(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    ours, theirs = socket.socketpair()
    with ours, theirs, worker(tmp_path, stop=theirs.fileno()) as hand:
        hand.tell(setup(server.url("/slow/60000")), Retarget(1, 10))
        hand.until(Ack)
        server.count(at_least=before + 10)
        began = time.monotonic()
        ours.send(b"!")
        heard = hand.rest()
        assert hand.process.wait(5.0) == Ending.STOPPED
        assert time.monotonic() - began < 2.0
        assert theirs.recv(1) == b"!"
    assert sent_requests(heard) == 10


def test_the_end_of_the_stop_line_means_nothing(tmp_path: Path, server: CountingServer) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, worker(tmp_path, stop=theirs.fileno()) as hand:
        hand.tell(setup(server.url("/slow/20")))
        hand.until(Hello)
        ours.close()
        hand.tell(Retarget(7, 3))
        assert hand.until(Ack) == Ack(0, 7, 3, 0)
        hand.until(Batch)
        assert hand.process.poll() is None


def test_a_parent_that_does_not_read_stalls_nobody_and_misses_nothing(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    with worker(tmp_path, pipe_size=4096) as hand:
        # A name this long makes batches of 2 KB: the pipe is full after half a second.
        hand.tell(setup(server.url("/slow/2"), name="get" * 600), Retarget(1, 20))
        hand.until(Ack)
        seen = [server.count()]
        for _ in range(5):
            time.sleep(0.5)
            seen.append(server.count())
        grown = [later - earlier for earlier, later in pairwise(seen)]
        assert all(grown), f"the users stalled: {grown}"
        hand.close_stdin()
        heard = hand.rest()
        assert hand.process.wait(5.0) == Ending.DONE
    assert len(batches(heard)) <= 5, "it went on writing although nobody read"
    assert sent_requests(heard) == server.count() - before
    seconds = {row.second for batch in batches(heard) for row in batch.rows}
    assert len(seconds) >= 3, "rows keep the second in which they were measured"


def test_hold_pauses_and_goes_on(tmp_path: Path, server: CountingServer) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/1")), Retarget(1, 4))
        hand.until(Batch)
        hand.tell(Hold(2, on=True))
        assert hand.until(Ack) == Ack(0, 2, 4, 0)
        time.sleep(0.1)
        still = server.count()
        time.sleep(0.2)
        assert server.count() == still
        hand.tell(Hold(3, on=False))
        assert hand.until(Ack).active == 4
        time.sleep(0.2)
        assert server.count() > still


def test_those_that_drain_beyond_the_graceful_time_are_cut(
    tmp_path: Path, server: CountingServer
) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/60000"), graceful=0.2), Retarget(1, 3))
        hand.until(Ack)
        hand.tell(Retarget(2, 1))
        assert hand.until(Ack) == Ack(0, 2, 1, 2)
        assert hand.until(Ack) == Ack(0, 2, 1, 0)
        hand.close_stdin()
        assert sum(row.cut for batch in batches(hand.rest()) for row in batch.rows) == 3


def test_more_connections_than_a_shell_allows_files(tmp_path: Path, server: CountingServer) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    try:
        hand = Hand(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    try:
        hand.tell(setup(server.url("/slow/60000")), Retarget(1, 100))
        while hand.until(Batch).health.connections < 100:
            assert not any(row.errors for batch in batches(hand.heard) for row in batch.rows)
    finally:
        hand.end()


def test_a_worker_also_runs_without_uvloop(
    tmp_path: Path, server: CountingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uvloop.py").write_text("raise ImportError('not here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    before = server.count()
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/5")), Retarget(1, 10))
        hand.until(Batch)
        hand.close_stdin()
        heard = hand.rest()
        assert hand.process.wait(5.0) == Ending.DONE
    assert sent_requests(heard) == server.count() - before > 10


def test_a_scenario_that_cannot_be_run_is_said(tmp_path: Path) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup("gopher://127.0.0.1/"))
        assert "gopher" in hand.until(Said).text
        assert hand.process.wait(5.0) == Ending.UNUSABLE


def test_a_reader_that_is_gone_ends_the_worker(tmp_path: Path, server: CountingServer) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/")), Retarget(1, 2))
        hand.until(Ack)
        os.close(hand._reading)
        assert hand.process.wait(5.0) == Ending.DONE
        hand._reading = os.open(os.devnull, os.O_RDONLY)


def test_a_worker_dies_with_its_parent(tmp_path: Path) -> None:
    """Its stdin stays open here: where the kernel does not help, that must end it instead."""
    reading, writing = os.pipe()
    orders, ordering = os.pipe()
    code = (
        "import os, subprocess, sys\n"
        "worker = [sys.executable, '-m', 'loadtui.load.worker', '0']\n"
        "worker += ['--parent', str(os.getpid())]\n"
        f"subprocess.Popen([*worker, '--log', {str(tmp_path / 'log')!r}],"
        f" stdin={orders}, stdout={writing}, start_new_session=True)\n"
        "print('up', flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(orders, writing),
    )
    os.close(writing)
    with parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        os.write(ordering, wire.encode(setup("http://127.0.0.1:1/")))
        assert os.read(reading, 4096)
        parent.send_signal(signal.SIGKILL)
        if sys.platform != "linux":
            os.close(ordering)
        while os.read(reading, 65536):  # a batch a second, if it lived on
            assert parent.poll() is not None
    for descriptor in (reading, orders):
        os.close(descriptor)
    with contextlib.suppress(OSError):
        os.close(ordering)
