"""Whether outputs hold what the summary says, also when a database froze, and what each costs.

    python -m bench outputs [--only influxdb,otlp] [--rates 20,5000] [--freeze 10]

Each run loads nginx at a constant arrival rate with one output; the database behind it is a real
one (`scripts/install-databases`), stopped by SIGSTOP in the middle of a second run. Then it is
asked: requests must be equal, the 95th percentile as near as the output can tell it, and the
arrival rate must not have cared. Prints a table; ends with 1 where that is not so. Linux only.

Read CPU and rates beside those of `none`, of the same minutes: what else runs counts in both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.output_peer import PEERS, peer
from bench.output_run import Done, Order, run
from bench.server import Server, fast_server
from tests.support.real import find_real

QUIET, AROUND = 10, 5
"""Seconds of a run without a freeze; seconds before and after one."""

NEAR = {"json": 0.005, "csv": 0.005, "influxdb": 0.005, "prometheus": 0.005}
"""How far a p95 may be from the summary's, which is ±0.4 % itself; the rest are histograms."""
NEAR_OF_HISTOGRAMS = 0.03

STEADY = 0.05
"""How far the rate may be from what was asked while the database is frozen."""

_HEAD = (
    "| output | asked, /s | frozen | rate then | requests | there | dropped | p95, ms | there |"
    " CPU, µs/request | of it the sink |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def main(words: Sequence[str]) -> int:
    """Run all of it; 1 where an output does not hold what the summary says."""
    parser = argparse.ArgumentParser(prog="python -m bench outputs")
    parser.add_argument("--only", default=",".join(("none", *PEERS)))
    parser.add_argument("--rates", default="20,5000")
    parser.add_argument("--freeze", type=int, default=10)
    options = parser.parse_args(words)
    rates = tuple(map(int, options.rates.split(",")))
    wrong = []
    print(_HEAD)  # noqa: T201 - a bench prints
    with fast_server(lambda why: print(f"({why})")) as server:  # noqa: T201
        for order in _orders(options.only.split(","), rates, options.freeze):
            missing = [name for name in PEERS.get(order.kind, ()) if find_real(name) is None]
            if missing:
                print(f"({order.kind}: no {missing[0]} here)")  # noqa: T201
                continue
            done = _one(order, server)
            print(_row(order, done), flush=True)  # noqa: T201
            wrong += [f"{order.kind} at {order.rate}/s: {why}" for why in _wrong(order, done)]
    print(*(f"\n{each}" for each in wrong), sep="")  # noqa: T201
    return 1 if wrong else 0


def _orders(kinds: Sequence[str], rates: Sequence[int], freeze: int) -> Iterator[Order]:
    for rate in rates:
        for kind in kinds:
            yield Order(kind, rate, QUIET)
            if PEERS.get(kind) and kind != "statsd" and freeze:
                yield Order(kind, rate, freeze + 2 * AROUND, freeze, AROUND)


def _one(order: Order, server: Server) -> Done:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with peer(order.kind, folder / "db") as database:
            return run(order, server, database, folder)


def _row(order: Order, done: Done) -> str:
    frozen = f"{order.freeze} s" if order.freeze else ""
    cells = (
        order.kind,
        f"{order.rate:,}",
        frozen,
        f"{done.rate:,.1f}" if done.rate else "",
        f"{done.requests:,}",
        f"{done.found.requests:,.0f}" if done.found else "",
        f"{done.dropped:,}",
        f"{done.p95:.3f}",
        f"{done.found.p95:.3f}" if done.found and done.found.p95 else "",
        f"{done.cpu:.0f}",
        f"{done.sink:.0f}" if done.sink else "",
    )
    return f"| {' | '.join(cells)} |"


def _wrong(order: Order, done: Done) -> Iterator[str]:
    if order.kind == "statsd" and done.found:
        # UDP promises nothing, and its timings are sampled.
        if done.found.requests > done.requests:
            yield f"{done.found.requests:.0f} requests there, {done.requests} in the summary"
    elif done.found:
        if done.found.requests != done.requests:
            yield f"{done.found.requests:.0f} requests there, {done.requests} in the summary"
        near = NEAR.get(order.kind, NEAR_OF_HISTOGRAMS)
        if abs(done.found.p95 - done.p95) > near * done.p95:
            yield f"p95 {done.found.p95:.4f} ms there, {done.p95:.4f} in the summary"
    if order.freeze and abs(done.rate - order.rate) > STEADY * order.rate:
        yield f"{done.rate:.1f} requests/s while it was frozen"
    due = order.rate * order.seconds + 1
    if done.requests + done.dropped != due:
        yield f"{done.requests} requests and {done.dropped} dropped, {due} were due"
    yield from done.troubles


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
