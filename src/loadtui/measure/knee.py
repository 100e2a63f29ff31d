"""Where a climbing load broke the system, and what broke first (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from loadtui.measure.within import hold, judged
from loadtui.model.history import Point
from loadtui.model.threshold import Threshold
from loadtui.model.verdict import ThresholdStatus, WindowValue

_BEFORE = 3
"""Seconds up to the knee whose median rate is its rate: a climb has no steady one."""


class Break(msgspec.Struct, frozen=True):
    """A threshold that broke, in its first window; `unit`: of its value."""

    metric: str
    rule: str
    window: WindowValue
    unit: str = ""


class Knee(msgspec.Struct, frozen=True):
    """The load just before what broke first went bad: `vus`, requests per second; `breaks` in order
    of time. `at`: session seconds.
    """

    at: float
    vus: int
    rate: float | None
    breaks: tuple[Break, ...]


def knee(
    points: Sequence[Point],
    thresholds: Sequence[ThresholdStatus],
    rules: Sequence[Threshold],
) -> Knee | None:
    """The knee of a run, None where no window of a threshold broke; `rules`: what `thresholds` say.

    A window breaks some seconds after its threshold would have, second by second: those at its end
    that break it, where a second can be held against it, belong to the break.
    """
    windows = [
        (each.first, each, rule)
        for each, rule in zip(thresholds, rules, strict=True)
        if each.first is not None
    ]
    if not windows:
        return None
    windows.sort(key=lambda found: (found[0].until, found[0].since))
    at = _onset(points, *windows[0][::2])
    before = [p for p in points if at - _BEFORE < p.at <= at + 1e-6 and p.vus is not None]
    rates = [p.rate for p in before if p.rate is not None]
    vus = before[-1].vus if before else 0
    breaks = tuple(Break(each.metric, each.rule, first, each.unit) for first, each, _ in windows)
    return Knee(at, vus or 0, median(rates) if rates else None, breaks)


def _onset(points: Sequence[Point], window: WindowValue, rule: Threshold) -> float:
    """The end of the last second before the bad ones at the window's end."""
    within = [p for p in points if window.since < p.at <= window.until + 1e-6]
    at = window.until
    for point in reversed(within):
        if not judged((rule,)) or hold(point, (rule,)):
            break
        at = point.at
    return max(0.0, at - 1)
