"""Whether a system kept its limits second by second, and how long it took to be back (pure)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.model.history import Point
from loadtui.model.threshold import Threshold

STEADY = 10
"""Seconds in a row inside the limits that count as being back."""


_QUANTILES = {0.5: "p50", 0.95: "p95", 0.99: "p99"}


def judged(thresholds: Sequence[Threshold]) -> tuple[Threshold, ...]:
    """Those that a second of a run can be held against: upper limits of p(50), p(95), p(99) and of
    the failed share, over all requests.
    """
    return tuple(
        each
        for each in thresholds
        if not each.tags and each.operator in {"<", "<="} and _field(each) is not None
    )


def hold(point: Point, limits: Sequence[Threshold]) -> bool:
    """Whether a second kept all limits; one without an answered request did not."""
    if point.p95 is None:
        return False
    values = ((each, getattr(point, _field(each) or "")) for each in limits)
    return all(each.holds(value or 0.0) for each, value in values)


def _field(threshold: Threshold) -> str | None:
    """The field of a point that a threshold is about; None: there is none."""
    match threshold.metric, threshold.aggregate:
        case "http_req_duration", "p":
            return _QUANTILES.get(threshold.quantile)
        case "http_req_duration", "med":
            return "p50"
        case "http_req_failed", "rate":
            return "failed"
        case _:
            return None


class Return(msgspec.Struct, frozen=True):
    """How a system kept its limits from a moment on. `seconds`: to the first of `STEADY` good ones
    in a row, 0 where it never left, None where it was not back. `seen`: seconds that were measured,
    `bad`: how many of them broke a limit.
    """

    seconds: float | None
    seen: int
    bad: int


def back(
    points: Sequence[Point], since: float, until: float, limits: Sequence[Threshold]
) -> Return:
    """How the limits were kept from `since` to `until` (session seconds).

    A gap, of which nobody knows, and a second without VUs are neither good nor bad.
    """
    span = [p for p in points if since < p.at <= until + 1e-6 and p.vus]
    good = [hold(point, limits) for point in span]
    run, seconds = 0, None
    for place, is_good in enumerate(good):
        run = run + 1 if is_good else 0
        if run == STEADY:
            first = span[place - STEADY + 1]
            seconds = max(0.0, first.at - 1 - since)
            break
    if len(good) >= STEADY and all(good[:STEADY]):
        seconds = 0.0
    return Return(seconds, len(good), good.count(False))
