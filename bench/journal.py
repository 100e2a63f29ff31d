"""What a session's journal says, second by second; and what it costs and keeps."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.figure import Figure, below
from bench.screen import has_requests, loadtui
from loadtui.measure.histogram import quantiles
from loadtui.measure.tally import Spread
from loadtui.model.row import Distribution
from loadtui.session.second_line import unpacked as buckets_of
from tests.support.slow_server import slow_server

ENDPOINTS, SECONDS, KILLS = 20, 20.0, 5
SOAK_VUS, SOAK_DELAY, SPREAD = 120, 19.0, 0.6
"""About 5 000 requests/s, with latencies as spread as those of a real system."""
SOAK = 4 * 3600


@dataclass(frozen=True)
class Second:
    """One second of the session: requests that ended, their p99 in ms."""

    at: int
    requests: int
    p99: float


def journal_of(home: Path) -> Path:
    """The only journal below this home."""
    (found,) = home.glob("data/loadtui/sessions/*.ndjson")
    return found


def lines(journal: Path) -> Iterator[dict[str, Any]]:
    """Its whole lines."""
    for line in journal.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def seconds(journal: Path) -> list[Second]:
    """Its seconds, oldest first."""
    found = []
    for line in lines(journal):
        if line["k"] == "second":
            all_ = Spread()
            for name in line["names"].values():
                if "duration" in name:
                    all_.add(unpacked(*name["duration"]))
            requests = sum(name["n"] for name in line["names"].values())
            p99 = quantiles(all_.freeze(), (0.99,))[0] / 1000
            found.append(Second(int(line["t"]), requests, p99))
    return found


def unpacked(count: int, total: int, low: int, high: int, packed: str) -> Distribution:
    """A distribution from its line."""
    return Distribution(count, total, low, high, buckets_of(packed))


def measure_journal(vus: int, delay: float) -> list[Figure]:
    """Bytes a second at 20 endpoints; what a SIGKILL at any moment loses."""
    dice = random.Random(2)
    lost = []
    with slow_server(delay) as server:
        file = endpoints(server.url)
        with loadtui("--vus", str(vus), file=file) as screen:
            screen.wait(has_requests, seconds=30, what="requests")
            screen.record(2.0)
            journal, began = journal_of(screen.home), time.monotonic()
            before = journal.stat().st_size
            screen.record(SECONDS)
            size = (journal.stat().st_size - before) / (time.monotonic() - began)
        for _ in range(KILLS):
            with loadtui("--vus", str(vus), file=file) as screen:
                screen.wait(has_requests, seconds=30, what="requests")
                screen.record(2.0 + dice.random())
                screen.process.kill()
                lost.append(_lost(journal_of(screen.home), time.time()))
                screen.process.wait()
    return [
        below(f"journal at {ENDPOINTS} endpoints, {vus} VUs", size / 1000, 12, "kB/s"),
        below(f"lost by a SIGKILL, worst of {KILLS}", max(lost), 2, "s"),
        Figure("  median", f"{median(lost):.2f} s"),
    ]


def measure_soak() -> list[Figure]:
    """What a soak of four hours would leave behind, from some seconds of it."""
    with (
        slow_server(SOAK_DELAY, SPREAD) as server,
        loadtui("--vus", str(SOAK_VUS), file=endpoints(server.url)) as screen,
    ):
        screen.wait(has_requests, seconds=30, what="requests")
        screen.record(12.0)
        journal, began, served = journal_of(screen.home), time.monotonic(), server.served()
        before = journal.stat().st_size
        screen.record(SECONDS)
        took = time.monotonic() - began
        size, rate = journal.stat().st_size - before, (server.served() - served) / took
    whole = size / took * SOAK / 1e6
    return [
        below(f"journal of 4 h at {rate:,.0f} requests/s, {ENDPOINTS} endpoints", whole, 200, "MB"),
        Figure("  a second", f"{size / took / 1000:.1f} kB"),
    ]


def endpoints(url: str) -> str:
    """A scenario of so many requests in a row."""
    requests = "".join(f"  - {{name: request-{n:02}, url: /api/{n}}}\n" for n in range(ENDPOINTS))
    return f"target: {url}\nrequests:\n{requests}"


def _lost(journal: Path, killed: float) -> float:
    """Seconds before the kill of which no measurement is in the journal."""
    written = list(lines(journal))
    last = max(line["t"] for line in written if line["k"] == "second")
    return float(killed - (written[0]["wall"] + last + 1))
