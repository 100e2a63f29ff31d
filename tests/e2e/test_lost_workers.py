"""Whole runs whose workers are killed or frozen: the load goes on, and nothing is hidden."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadtui.load.supervision import REPLACEMENTS
from tests.e2e.strangers import within
from tests.support.shell import headless
from tests.support.slow_server import SlowServer, slow_server
from tests.support.tmux import environment, processes

WORKER = re.compile(r"loadtui\.load\.worker (\d+)")


def workers(home: Path) -> dict[int, int]:
    """Living workers: index → process id."""
    found = ((WORKER.search(words), pid) for pid, words in processes(home).items())
    return {int(match[1]): pid for match, pid in found if match}


def until_served(server: SlowServer, more: int) -> None:
    """Wait until the server has answered so many more."""
    wanted, end = server.served() + more, time.monotonic() + 20
    while server.served() < wanted:
        assert time.monotonic() < end
        time.sleep(0.05)


def fresh_worker(home: Path, known: set[int]) -> int:
    """The process id of the only worker, once it is none of those known."""
    within(10, lambda: set(workers(home).values()) - known, "a fresh worker")
    (pid,) = set(workers(home).values()) - known
    return pid


def lines(out: str, kind: str) -> list[dict[str, object]]:
    """Those lines of the journal that a summary names."""
    journal = Path(re.findall(r"journal (\S+)", out)[0])
    found = [json.loads(line) for line in journal.read_text().splitlines()]
    return [line for line in found if line["k"] == kind]


def test_a_killed_worker_is_replaced_and_the_summary_tells(tmp_path: Path) -> None:
    with slow_server(10) as server:
        words = (server.url, "--vus", "8", "--duration", "6s", "--workers", "2")
        with headless(tmp_path, *words) as run:
            until_served(server, 200)
            before = workers(tmp_path)
            os.kill(before[1], signal.SIGKILL)
            until_served(server, 800)
            assert set(workers(tmp_path)) == {0, 1}
            assert workers(tmp_path)[1] != before[1]
            out, told = run.communicate(timeout=30)
    assert run.returncode == 0, told
    # The timeline has it all; of news that come at once, progress lines tell the last.
    said = " ".join(out.split())
    assert "worker 1 lost · was killed by SIGKILL; its 4 VUs moved to worker 0" in said
    assert re.search(r"a fresh one runs after \d\.\d s", said)
    assert "worker 1" in told
    assert re.search(r"2 of 2 workers [^█]*1 worker lost, [12] s not fully measured", out)
    (*_, gap) = lines(out, "gap")
    assert gap["worker"] == 1
    assert gap["whole"] is False
    assert processes(tmp_path) == {}


def test_the_only_worker_frozen_is_replaced_and_its_seconds_are_a_gap(tmp_path: Path) -> None:
    with slow_server(10) as server:
        words = (server.url, "--vus", "4", "--duration", "8s", "--workers", "1")
        with headless(tmp_path, *words) as run:
            until_served(server, 100)
            frozen = workers(tmp_path)[0]
            os.kill(frozen, signal.SIGSTOP)
            began = time.monotonic()
            until_served(server, 40)
            back = time.monotonic() - began
            out, told = run.communicate(timeout=30)
    print(f"the only worker, SIGSTOP: the server is busy again after {back:.2f} s")  # noqa: T201
    assert back < 4.0
    assert run.returncode == 0, told
    assert "worker 0 lost · was stopped by a signal" in " ".join(out.split())
    assert re.search(r"1 worker lost, [3-5] s not fully measured", out)
    (*_, gap) = lines(out, "gap")
    assert gap["whole"] is True
    assert processes(tmp_path) == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_with_a_frozen_worker_ends_in_time_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    words = ("--vus", "4", "--duration", "60s")
    with slow_server(10) as server, headless(tmp_path, server.url, *words) as run:
        until_served(server, 40)
        for pid in workers(tmp_path).values():
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        run.send_signal(number)
        run.communicate(timeout=20)
        took = time.monotonic() - began
    assert run.returncode == 105
    assert took < 8.0
    assert processes(tmp_path) == {}


def test_panic_while_a_worker_is_frozen_returns_in_time(tmp_path: Path) -> None:
    with slow_server(10) as server:
        words = (server.url, "--vus", "4", "--duration", "60s", "--workers", "2")
        with headless(tmp_path, *words) as run:
            until_served(server, 40)
            os.kill(workers(tmp_path)[0], signal.SIGSTOP)
            began = time.monotonic()
            panic = subprocess.run(
                [sys.executable, "-m", "loadtui", "panic"],
                env={**os.environ, **environment(tmp_path)},
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
            took = time.monotonic() - began
            assert panic.returncode == 0, panic.stdout + panic.stderr
            run.communicate(timeout=20)
    assert took < 5.0
    assert processes(tmp_path) == {}


BLOCKING = """
import time

BEGAN = time.monotonic()
BLOCKED = []


async def default(vu):
    await vu.http.get("/")
    if time.monotonic() - BEGAN > 2 and not BLOCKED:
        BLOCKED.append(True)
        time.sleep(5)
"""


def test_a_journey_that_blocks_is_told_of_and_told_of_again_when_it_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(BLOCKING)
    with slow_server(10) as server:
        words = ("run", str(file), "--target", server.url, "--vus", "3", "--duration", "9s")
        with headless(tmp_path, *words, "--workers", "1") as run:
            until_served(server, 20)
            before = workers(tmp_path)
            out, told = run.communicate(timeout=30)
    assert run.returncode == 0, told
    assert "worker 0 silent: runs but does not answer, with 3 VUs" in out + told
    assert "worker 0: it answers again" in out + told
    assert "lost" not in out
    assert re.search(r"1 of 1 workers [^█]*[56] s not fully measured", out)
    assert len(before) == 1


def test_a_run_whose_worker_dies_again_and_again_says_so_and_fails(tmp_path: Path) -> None:
    with slow_server(10) as server:
        words = (server.url, "--vus", "2", "--duration", "60s", "--workers", "1")
        with headless(tmp_path, *words) as run:
            killed: set[int] = set()
            for _ in range(1 + REPLACEMENTS):
                pid = fresh_worker(tmp_path, killed)
                until_served(server, 1)
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
            out, told = run.communicate(timeout=20)
    assert run.returncode == 107
    assert "no fresh one is started" in out + told
    assert "every worker is lost" in out + told
    assert "0 of 1 workers" in out
    assert processes(tmp_path) == {}
