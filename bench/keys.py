"""From a key to the new target on the screen."""

from __future__ import annotations

import random
import time
from contextlib import AbstractContextManager
from functools import partial
from statistics import median, quantiles

from bench.figure import Figure, below
from bench.screen import Screen, has_requests, is_target, loadtui
from tests.support.slow_server import slow_server

PRESSES = 60
LATEST = 0.6
"""Seconds after a key at which it counts as never painted."""


def measure_keys(vus: int, delay: float) -> list[Figure]:
    """p50, p95 and largest of 60 presses of + and - under load; `delay` in ms."""
    with slow_server(delay) as server, _session(server.url, vus) as screen:
        screen.wait(has_requests, seconds=30, what="requests")
        screen.record(2.0)
        took = press_keys(screen, vus)
    p95 = quantiles(took, n=100)[94]
    name = f"key to painted target, {vus} VUs,"
    return [
        Figure(f"{name} p50", f"{median(took):,.1f} ms"),
        below(f"{name} p95", p95, 60, "ms"),
        Figure(f"{name} largest of {len(took)}", f"{max(took):,.1f} ms"),
    ]


def _session(url: str, vus: int) -> AbstractContextManager[Screen]:
    # Far from the guard's soft line, at which + asks first.
    return loadtui(url, "--vus", str(vus), "--max-vus", str(4 * vus))


def press_keys(screen: Screen, target: int) -> list[float]:
    """Milliseconds from writing each key until the screen showed what it asked for."""
    dice = random.Random(1)
    took = []
    for number in range(PRESSES):
        up = number % 4 < 2
        target += 1 if up else -1
        screen.replay(screen.record(dice.uniform(0.0, 0.25)), bool)
        pressed = time.monotonic()
        screen.press("+" if up else "-")
        painted = screen.replay(screen.record(LATEST), partial(is_target, target))
        if painted is None:
            raise SystemExit(f"target {target} was not painted within {LATEST} s")
        took.append((painted - pressed) * 1000)
    return took
