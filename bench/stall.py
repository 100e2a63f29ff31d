"""A terminal that nobody reads while load runs: no measurement may notice."""

from __future__ import annotations

import re
import time
from statistics import median

from bench.figure import Figure, below
from bench.journal import Second, journal_of, seconds
from bench.screen import Screen, has_requests, loadtui
from tests.support.slow_server import SlowServer, slow_server

STALL = 10
MARGIN = 0.10
"""What requests/s vary by from one second to the next on a quiet machine."""


def measure_stall(vus: int, delay: float) -> list[Figure]:
    """The server's and the journal's seconds during a stall against those before; catching up."""
    with slow_server(delay) as server, loadtui(server.url, "--vus", str(vus)) as screen:
        screen.wait(has_requests, seconds=30, what="requests")
        screen.record(3.0)
        before = _served(server, screen, read=True)
        shown = _clock(screen.text())
        during = _served(server, screen, read=False)
        resumed = time.monotonic()
        caught_up = screen.replay(screen.record(3.0), lambda text: _clock(text) >= shown + STALL)
        written = seconds(journal_of(screen.home))
    if caught_up is None:
        raise SystemExit("the screen did not catch up within 3 s")
    return [
        *_judged("the server's", before, during),
        *_journalled(written, shown),
        below("  screen right again after", (caught_up - resumed) * 1000, 1000, "ms"),
    ]


def _served(server: SlowServer, screen: Screen, *, read: bool) -> list[float]:
    """Requests that the server saw in each of ten seconds, with the terminal read or not."""
    counts, at, last = [], time.monotonic(), server.served()
    for _ in range(STALL):
        if read:
            screen.replay(screen.record(1.0), bool)
        else:
            time.sleep(1.0)
        now, served = time.monotonic(), server.served()
        counts.append((served - last) / (now - at))
        at, last = now, served
    return counts


def _journalled(written: list[Second], began: int) -> list[Figure]:
    before = [s for s in written if began - STALL < s.at < began]
    during = [s for s in written if began < s.at < began + STALL]
    missing = STALL - 1 - len(during)
    rates = [float(s.requests) for s in before], [float(s.requests) for s in during]
    p99 = median(s.p99 for s in before), median(s.p99 for s in during)
    return [
        *_judged("the journal's", *rates),
        Figure("  seconds missing in the journal", f"{missing}", "0", missing == 0),
        Figure("  p99, median second", f"{p99[0]:.1f} → {p99[1]:.1f} ms", "no worse", None),
    ]


def _judged(whose: str, before: list[float], during: list[float]) -> list[Figure]:
    was, now = median(before), median(during)
    worst = min(during) / now
    return [
        Figure(
            f"stalled terminal: {whose} requests/s",
            f"{was:,.0f} → {now:,.0f}",
            f"> {1 - MARGIN:.0%}",
            now > was * (1 - MARGIN),
        ),
        Figure("  worst second of median", f"{worst:.0%}", "> 50 %", worst > 0.5),
    ]


def _clock(text: str) -> int:
    """The session's clock at the right of the header, in seconds."""
    found = re.search(r"(\d\d):(\d\d):(\d\d) *$", text.splitlines()[0])
    if found is None:
        return -1
    hours, minutes, rest = map(int, found.groups())
    return hours * 3600 + minutes * 60 + rest
