"""An open load of so many starts a second, from one worker."""

from __future__ import annotations

from statistics import median

from bench.contender import wait_for_quiet
from bench.engine import Heard, following, run, until
from bench.figure import Figure, below
from bench.server import Server
from loadtui.measure.histogram import quantiles
from loadtui.model.executor import ConstantRate, ConstantVus, Entry

SECONDS = 5.0
READY, MOST = 200, 2000
"""VUs made before the first start, and at most."""
LATE = 0.001
"""By how much of the rate it may be missed."""
LATEST = 50.0
"""ms within which 99 of 100 paced iterations begin after their moment."""
JITTER = 2.5
"""ms within which 99 of 100 iterations start after their moment."""


def measure_arrivals(
    rates: tuple[int, ...], server: Server, rounds: int, seconds: float = SECONDS
) -> list[Figure]:
    """Medians of starts that the server saw, of dropped ones, and of how late they were."""
    figures: list[Figure] = []
    for rate in rates:
        found = [_round(rate, server, seconds) for _ in range(rounds)]
        seen, dropped, middle, high = (median(column) for column in zip(*found, strict=True))
        what = f"arrival rate {rate:,}/s"
        error = abs(seen / seconds - rate) / rate
        figures += [
            Figure(what, f"{seen / seconds:,.1f}/s", f"within {LATE:.1%}", error <= LATE),
            Figure(f"{what}, dropped", f"{dropped:,.0f}", "none", dropped == 0),
            Figure(f"{what}, late start, p50", f"{middle:.2f} ms"),
            below(f"{what}, late start, p99", high, JITTER, "ms"),
        ]
    return figures


def measure_pacing(vus: int, server: Server, seconds: float = SECONDS) -> Figure:
    """How late VUs begin that begin an iteration every second."""
    wait_for_quiet(server)
    entries = (Entry("default", ConstantVus(seconds, vus), pacing=1.0),)
    heard = run(_late(entries, server, seconds))
    high = quantiles(heard.late.to_distribution(), (0.99,))[0] / 1000
    return below(f"{vus:,} VUs, one iteration a second, late start, p99", high, LATEST, "ms")


async def _late(entries: tuple[Entry, ...], server: Server, seconds: float) -> Heard:
    async with following(entries, server) as (_, heard, began):
        await until(began + seconds)
    return heard


def _round(rate: int, server: Server, seconds: float) -> tuple[float, float, float, float]:
    wait_for_quiet(server)
    plan = ConstantRate(rate, seconds, pre_allocated_vus=READY, max_vus=MOST)
    entries = (Entry("default", plan),)

    async def measure() -> tuple[int, Heard]:
        before = server.count()
        async with following(entries, server) as (_, heard, began):
            await until(began + seconds + 1.0)
            # nginx counts the question too.
            seen = server.count() - before - (1 if server.counts_looks else 0)
        return seen, heard

    seen, heard = run(measure())
    middle, high = quantiles(heard.late.to_distribution(), (0.5, 0.99))
    return seen, heard.dropped, middle / 1000, high / 1000
