"""Whether a system kept its limits second by second, and how long it took to be back (pure)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.model.history import Point

STEADY = 10
"""Seconds in a row inside the limits that count as being back."""


class Limits(msgspec.Struct, frozen=True):
    """`p95` in ms and `failed` as a share 0..1, each None where there is no such limit."""

    p95: float | None = None
    failed: float | None = None

    def hold(self, point: Point) -> bool:
        """Whether a second kept both; one without an answered request did not."""
        if point.p95 is None:
            return False
        slow = self.p95 is not None and point.p95 >= self.p95
        return not slow and not (self.failed is not None and (point.failed or 0.0) >= self.failed)


class Return(msgspec.Struct, frozen=True):
    """How a system kept its limits from a moment on. `seconds`: to the first of `STEADY` good ones
    in a row, 0 where it never left, None where it was not back. `seen`: seconds that were measured,
    `bad`: how many of them broke a limit.
    """

    seconds: float | None
    seen: int
    bad: int


def back(points: Sequence[Point], since: float, until: float, limits: Limits) -> Return:
    """How the limits were kept from `since` to `until` (session seconds).

    A gap, of which nobody knows, and a second without VUs are neither good nor bad.
    """
    span = [p for p in points if since < p.at <= until + 1e-6 and p.vus]
    good = [limits.hold(point) for point in span]
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
