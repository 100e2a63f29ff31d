"""What the charts draw: a session's seconds, and coarser ones for what is long past."""

from __future__ import annotations

import msgspec

SHELVES = 4
"""Shelves of a heat-map in an octave: each is 19 % higher than the one below it."""


class Point(msgspec.Struct, frozen=True):
    """One second of the charts, or `span` of them. `at`: session seconds of its end. Latencies in
    ms; None: nothing was measured. `failed`, `timeouts`: shares 0..1 of that time's requests;
    `worst`: most frequent reason of failure in it ("503", "timeout", "refused"), "" when nothing
    failed. `vus`: active VUs, at most. Both `vus` and `rate` are None in a gap: a second in which a
    worker should have reported and did not. `high`: the slowest request.
    """

    at: float
    vus: int | None
    rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    failed: float | None = None
    timeouts: float | None = None
    worst: str = ""
    high: float | None = None
    span: float = 1.0


class Heat(msgspec.Struct, frozen=True):
    """How many requests took how long in the `span` seconds that end at `at`: shelf → count.

    Shelf `n` begins at `shelf_ms(n)`.
    """

    at: float
    counts: dict[int, int]
    span: float = 1.0


class History(msgspec.Struct, frozen=True):
    """The whole session, oldest first: seconds of the last ten minutes, tens of seconds of the last
    two hours, minutes of the day before. `name`: of which requests it tells, "" for all.

    `reasons`: failures per second of that name over the last 10 s; `total`: requests of it so far.
    """

    name: str = ""
    points: tuple[Point, ...] = ()
    heat: tuple[Heat, ...] = ()
    reasons: dict[str, float] = {}
    total: int = 0
    failed: int = 0


def shelf_ms(shelf: int) -> float:
    """The lowest ms that a shelf counts."""
    return float(2.0 ** (shelf / SHELVES)) / 1000
