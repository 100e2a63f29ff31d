"""What one tick of the session costs when there is most to add up: no process, no clock, no wait.

Twenty endpoints with wide latencies at 20 000 requests/s, six thresholds, and a fault that has been
on for five minutes: ten minutes of a session, of which only the last seconds are timed.
"""

from __future__ import annotations

import math
import random
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.figure import Figure, below
from loadtui.measure.histogram import Histogram
from loadtui.model.request import RequestTemplate
from loadtui.model.row import Batch, Distribution, Row
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from loadtui.model.threshold import Threshold
from loadtui.session.desk import Desk
from loadtui.session.effect import OpenFault
from loadtui.session.journal import Journal
from loadtui.session.state import Now

ENDPOINTS, RATE, LONG, FAULT, TIMED = 20, 20_000, 600, 300, 10
NAMES = tuple(f"request-{n:02}" for n in range(ENDPOINTS))


class Clock:
    """Both clocks, turned by hand."""

    mono = 1000.0

    def __call__(self) -> Now:
        """Now."""
        return Now(self.mono, self.mono)


def measure_desk() -> list[Figure]:
    """CPU of a report, a tick and a snapshot; four times a second is the session's whole work."""
    dice, clock = random.Random(3), Clock()
    rows = [_row(dice, name) for name in NAMES for _ in range(4)]
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "journal"), ())
        desk = Desk(_scenario(), step=1, tour=(), journal=journal, clock=clock)
        for quarter in range(4 * LONG):
            clock.mono += 0.25
            if quarter == 4 * (LONG - FAULT):
                desk._open(OpenFault(("payments", "latency"), "latency", ""))  # noqa: SLF001
            batch = _batch(quarter, clock.mono, rows[quarter % 4 :: 4])
            began = time.thread_time()
            desk.batch(batch)
            # Long before the timed seconds it ticks once in ten: they have to be there, no more.
            if quarter >= 4 * (LONG - 2 * TIMED) or quarter % 40 == 0:
                desk.tick()
                desk.snapshot()
            took.append(time.thread_time() - began)
        journal.close()
    timed = [seconds * 1000 for seconds in took[-4 * TIMED :]]
    name = f"session's tick, {ENDPOINTS} endpoints, fault on for {FAULT} s,"
    return [
        below(f"{name} median", median(timed), 25, "ms CPU"),
        Figure("  largest: with a second's journal", f"{max(timed):.1f} ms CPU"),
        Figure("  share of a core", f"{sum(timed) / TIMED / 10:.1f} %"),
    ]


def _scenario() -> Scenario:
    url = constant("http://127.0.0.1/")
    requests = tuple(RequestTemplate(name=name, url=url) for name in NAMES)
    thresholds = tuple(
        Threshold(
            source=f"p({quantile * 100:g})<500",
            metric="http_req_duration",
            aggregate="p",
            quantile=quantile,
            operator="<",
            limit=500.0,
            tags={"name": name} if name else {},
        )
        for name in ("", NAMES[0])
        for quantile in (0.5, 0.95, 0.99)
    )
    return Scenario(
        name="bench", target="http://127.0.0.1/", requests=requests, thresholds=thresholds
    )


def _row(dice: random.Random, name: str) -> Row:
    requests = RATE // ENDPOINTS // 4
    waiting = _spread(dice, 25_000, requests)
    small = [_spread(dice, us, requests) for us in (30, 20, 22_000, 300)]
    phases = (small[0], Distribution(), Distribution(), small[1], small[2], small[3])
    return Row(0, name, requests, 0, 0, 9_000, 9_000, waiting, phases, {200: requests})


def _spread(dice: random.Random, middle: float, count: int) -> Distribution:
    histogram = Histogram()
    for _ in range(count):
        histogram.record(round(dice.lognormvariate(math.log(middle), 0.4)))
    return histogram.to_distribution()


def _batch(number: int, at: float, rows: list[Row]) -> Batch:
    second = int(at)
    moved = tuple(
        Row(second, r.name, r.requests, 0, 0, 9_000, 9_000, r.duration, r.phases, r.statuses)
        for r in rows
    )
    return Batch(0, number, at, 500, 0, moved)
