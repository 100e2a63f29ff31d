from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BUSY = """
import sys
from loadtui.lifeline import watch
watch(int(sys.argv[1]))
print("up", flush=True)
while True:
    pass
"""
DEAF = """
import signal, sys, time
from loadtui import lifeline
lifeline.GRACE = 0.1
signal.signal(signal.SIGTERM, lambda *_: print("deaf", flush=True))
lifeline.watch(int(sys.argv[1]))
print("up", flush=True)
while True:
    time.sleep(60)
"""
ORPHAN = """
import os
from loadtui.lifeline import die_with
die_with(os.getpid())  # nobody's parent
print("still here", flush=True)
"""
NAMED = """
from pathlib import Path
from loadtui.lifeline import name_process
name_process("demo-with-a-long-name")
print(Path("/proc/self/comm").read_text(), end="")
"""


@contextmanager
def process(text: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that has said "up", and our end of its lifeline."""
    lifeline, ours = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", text, str(lifeline)],
        pass_fds=(lifeline,),
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        os.close(lifeline)
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "up\n"
            yield started, ours
        finally:
            started.kill()


def test_a_cut_lifeline_ends_even_a_busy_process() -> None:
    with process(BUSY) as (busy, ours):
        os.close(ours)
        assert busy.wait(10) == -signal.SIGTERM


def test_one_that_ignores_the_signal_ends_after_the_grace() -> None:
    with process(DEAF) as (deaf, ours):
        os.close(ours)
        assert deaf.wait(10) == 1


def test_what_is_written_into_it_means_nothing() -> None:
    with process(BUSY) as (busy, ours):
        os.write(ours, b"go on")
        assert busy.poll() is None
        os.close(ours)
        assert busy.wait(10) == -signal.SIGTERM


@pytest.mark.skipif(sys.platform != "linux", reason="needs prctl, which is Linux's")
def test_one_whose_parent_is_gone_already_does_not_begin() -> None:
    ended = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, check=True)
    assert ended.stdout == b""


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="needs Linux's /proc")
def test_a_process_is_named_in_fifteen_letters() -> None:
    named = subprocess.run([sys.executable, "-c", NAMED], capture_output=True, check=True)
    assert named.stdout == b"demo-with-a-lon\n"
