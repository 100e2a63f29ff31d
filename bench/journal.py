"""What a session's journal says, second by second; and what it costs and keeps."""

from __future__ import annotations

import base64
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
from tests.support.slow_server import slow_server

ENDPOINTS, SECONDS, KILLS = 20, 20.0, 5


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
    """A distribution from its line: base64 of varints, index deltas and counts in turn."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(packed):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    index, buckets = 0, {}
    for delta, of_bucket in zip(numbers[::2], numbers[1::2], strict=True):
        index += delta
        buckets[index] = of_bucket
    return Distribution(count, total, low, high, buckets)


def measure_journal(vus: int, delay: float) -> list[Figure]:
    """Bytes a second at 20 endpoints; what a SIGKILL at any moment loses."""
    dice = random.Random(2)
    lost = []
    with slow_server(delay) as server:
        file = _endpoints(server.url)
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


def _endpoints(url: str) -> str:
    requests = "".join(f"  - {{name: request-{n:02}, url: /api/{n}}}\n" for n in range(ENDPOINTS))
    return f"target: {url}\nrequests:\n{requests}"


def _lost(journal: Path, killed: float) -> float:
    """Seconds before the kill of which no measurement is in the journal."""
    written = list(lines(journal))
    last = max(line["t"] for line in written if line["k"] == "second")
    return float(killed - (written[0]["wall"] + last + 1))
