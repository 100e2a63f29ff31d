"""How much the session's memory of measurements grows: ten hours of rows, fed as fast as it takes.

    python -m bench.memory [SECONDS] [REQUESTS A SECOND]

Twenty endpoints, two outcomes each, half a dozen selections and a trend of a journey's own. No
clock, no process and no wait: only what a store keeps.
"""

from __future__ import annotations

import math
import os
import random
import sys
import time
from pathlib import Path

import msgspec

from loadtui.measure.custom import Measured
from loadtui.measure.histogram import Histogram
from loadtui.measure.store import KEEP, Store
from loadtui.model.row import Batch, Distribution, IterationRow, Part, Row
from loadtui.model.tags import tagset

SECONDS, RATE, ENDPOINTS, FAILED = 36_000, 5_000, 20, 0.02
PATTERNS = 40
"""Different seconds that are made once and fed again and again."""
SELECTIONS = [
    tagset(each)
    for each in (
        {"status": "200"},
        {"status": "503"},
        {"expected_response": "true"},
        {"name": "request-03"},
        {"endpoint": "request-04"},
        {"scenario": "default"},
    )
]


def main(words: list[str]) -> int:
    """Feed, print the growth, and end with 1 where it is 50 MB or more."""
    seconds = int(words[0]) if words else SECONDS
    rate = int(words[1]) if len(words) > 1 else RATE
    dice = random.Random(5)
    patterns = [msgspec.msgpack.encode(_rows(dice, rate)) for _ in range(PATTERNS)]
    store = Store(selections=SELECTIONS)
    began, first = time.monotonic(), _resident()
    warm = first
    for second in range(seconds):
        _feed(store, second, patterns[second % PATTERNS])
        if second == KEEP:
            warm = _resident()
            sys.stdout.write(f"after {KEEP} s, the ring full: +{warm - first:.1f} MB\n")
            sys.stdout.flush()
    last = _resident()
    sys.stdout.write(
        f"after {seconds} s at {rate}/s: +{last - first:.1f} MB, of it {last - warm:.1f} MB since"
        f" then; {store.total().requests} requests; fed in {time.monotonic() - began:.0f} s\n"
    )
    return 0 if last - first < 50 else 1


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _feed(store: Store, second: int, pattern: bytes) -> None:
    """One second in one batch, as the four of a second merge to; decoded, as from the pipe."""
    rows = msgspec.msgpack.decode(pattern, type=tuple[Row, ...])
    samples = Measured("trend")
    samples.record(math.sin(second), float(second))
    batch = Batch(
        worker=0,
        seq=second,
        at=second + 1.0,
        active=100,
        draining=0,
        rows=tuple(msgspec.structs.replace(row, second=second) for row in rows),
        iterations=(IterationRow(second, 250, duration=rows[0].duration),),
        metrics=(samples.row(second, "drift", ()),),
    )
    store.ingest(batch)
    store.saw(second, 100)
    store.refresh(second + 1, 0.0)


def _rows(dice: random.Random, rate: int) -> tuple[Row, ...]:
    return tuple(_row(dice, f"request-{n:02}", rate // ENDPOINTS) for n in range(ENDPOINTS))


def _row(dice: random.Random, name: str, requests: int) -> Row:
    bad = max(1, round(requests * FAILED))
    good, failed = _part(dice, 200, requests - bad), _part(dice, 503, bad)
    parts = (good, failed)
    return Row(
        second=0,
        name=name,
        requests=requests,
        failed=bad,
        bytes_in=200 * requests,
        bytes_out=100 * requests,
        duration=_sum(good.duration, failed.duration),
        phases=tuple(_sum(*pair) for pair in zip(good.phases, failed.phases, strict=True)),
        statuses={200: requests - bad, 503: bad},
        tags=tagset({"endpoint": name, "method": "GET", "scenario": "default"}),
        parts=parts,
    )


def _part(dice: random.Random, status: int, requests: int) -> Part:
    middles = (30, 0, 0, 20, 22_000, 300)
    phases = tuple(_spread(dice, middle, requests) for middle in middles)
    return Part(status, "", status >= 400, requests, _spread(dice, 25_000, requests), phases)


def _spread(dice: random.Random, middle: float, count: int) -> Distribution:
    histogram = Histogram()
    for _ in range(count if middle else 0):
        histogram.record(round(dice.lognormvariate(math.log(middle), 0.4)))
    return histogram.to_distribution(0 if middle else count)


def _sum(*distributions: Distribution) -> Distribution:
    histogram = Histogram()
    for each in distributions:
        histogram.merge(each)
    return histogram.to_distribution()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
