"""One second as a point of the charts."""

from __future__ import annotations

import msgspec

from loadtui.measure.second import Second
from loadtui.measure.tally import Tally, reasons
from loadtui.model.history import Point


def point(second: Second | None, whole: Tally, at: float, *, has_begun: bool) -> Point:
    """The point that ends at `at` session seconds; `whole`: the sum of the second's requests.

    Remembers p95 by name in the second. A second without requests is a gap in the latencies, and
    has a rate of 0 once load `has_begun`.
    """
    vus = second.vus or 0 if second is not None else 0
    if second is None or not second.names:
        return Point(at=at, vus=vus, rate=0.0 if has_begun else None)
    for name, one in second.names.items():
        second.p95[name] = one.duration.quantiles_ms(0.95)[0]
    return _measured(whole, at, vus)


def beside_gap(measured: Point) -> Point:
    """The point of a second in which a worker missed: what the others measured stands, but nothing
    that counts all workers together is known.
    """
    return msgspec.structs.replace(measured, vus=None, rate=None)


def _measured(tally: Tally, at: float, vus: int) -> Point:
    return summed(tally, at, vus, span=1.0, known=1)


def summed(tally: Tally, at: float, vus: int, *, span: float, known: int) -> Point:
    """The point of `span` seconds that end at `at`, `known` of which are no gaps."""
    if not tally.requests:
        return Point(at=at, vus=vus, rate=0.0, span=span)
    p50, p95, p99 = tally.duration.quantiles_ms(0.5, 0.95, 0.99)
    why = reasons(tally)
    timeouts = sum(n for kind, n in tally.errors.items() if "timeout" in kind)
    return Point(
        at=at,
        vus=vus,
        rate=tally.requests / max(1, known),
        p50=p50,
        p95=p95,
        p99=p99,
        failed=tally.failed / tally.requests,
        timeouts=timeouts / tally.requests,
        worst=max(why, key=lambda k: why[k]) if why and tally.failed else "",
        high=tally.duration.high / 1000 if tally.duration.count else None,
        span=span,
    )
