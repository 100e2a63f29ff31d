"""From exec to the first frame, and what `--help` costs."""

from __future__ import annotations

import os
import subprocess
from statistics import median

from bench.figure import Figure, below
from bench.screen import LOADTUI, loadtui
from tests.support.slow_server import slow_server

ROUNDS = 5


def measure_start() -> list[Figure]:
    """Medians of warm starts."""
    with slow_server() as server:
        ours = _first_paint(server.url)
        demo = _first_paint("demo")
    _help_ms()
    cost = [_help_ms() for _ in range(3 * ROUNDS)]
    return [
        below("first frame of `loadtui URL`", median(ours), 1.5, "s"),
        Figure("  slowest", f"{max(ours):.2f} s"),
        below("first frame of `loadtui demo`", median(demo), 1.5, "s"),
        Figure("  slowest", f"{max(demo):.2f} s"),
        below("CPU of `loadtui --help`", median(cost), 150, "ms"),
    ]


def _first_paint(word: str) -> list[float]:
    """Seconds of each round but the first, which warms up."""
    took = []
    for _ in range(ROUNDS + 1):
        with loadtui(word) as screen:
            painted = None
            while painted is None and screen.process.poll() is None:
                painted = screen.replay(screen.record(0.2), lambda text: "virtual users" in text)
            if painted is None:
                raise SystemExit(f"loadtui {word} painted nothing")
            took.append(painted - screen.began)
    return took[1:]


def _help_ms() -> float:
    """User and system time of one run."""
    process = subprocess.Popen([*LOADTUI, "--help"], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (used.ru_utime + used.ru_stime) * 1000
