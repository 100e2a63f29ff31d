"""Where a climbing load broke the system, and what broke first (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from loadtui.model.snapshot import Point
from loadtui.model.verdict import ThresholdStatus, WindowValue

_BEFORE = 10
"""Seconds before the break whose median rate is the knee's."""


class Break(msgspec.Struct, frozen=True):
    """A threshold that broke, in its first window; `unit`: of its value."""

    metric: str
    rule: str
    window: WindowValue
    unit: str = ""


class Knee(msgspec.Struct, frozen=True):
    """The load just before the first break: `vus`, requests per second; `breaks` in order of time.

    `at`: session seconds.
    """

    at: float
    vus: int
    rate: float | None
    breaks: tuple[Break, ...]


def knee(points: Sequence[Point], thresholds: Sequence[ThresholdStatus]) -> Knee | None:
    """The knee of a run, None where no window of a threshold broke."""
    windows = [(each, each.first) for each in thresholds if each.first is not None]
    if not windows:
        return None
    breaks = tuple(
        Break(status.metric, status.rule, window, status.unit)
        for status, window in sorted(windows, key=lambda pair: (pair[1].since, pair[1].until))
    )
    at = breaks[0].window.since
    before = [p for p in points if at - _BEFORE < p.at <= at + 1e-6 and p.vus is not None]
    rates = [p.rate for p in before if p.rate is not None]
    vus = before[-1].vus if before else 0
    return Knee(at, vus or 0, median(rates) if rates else None, breaks)
