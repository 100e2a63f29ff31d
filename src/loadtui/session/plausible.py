"""Whether a screen's times and curves can be: nothing that draws them has to doubt it (pure)."""

from __future__ import annotations

from loadtui.model.history import Point
from loadtui.model.snapshot import Endpoint, Snapshot
from loadtui.model.watch import Watched
from loadtui.session.journal_line import LATEST

MOST = 1e9
"""No latency in ms, no rate a second and no count of VUs is as large."""
_SLACK = 60.0
"""Seconds by which what is on a screen may be ahead of it."""


def is_plausible(shot: Snapshot) -> bool:
    """Whether all times lie in the session, and no curve leaves what can be measured."""
    end = shot.at + _SLACK
    times = (time for marker in shot.markers for time in (marker.at, marker.ended))
    return (
        _within(shot.at, LATEST)
        and _within(shot.wall, MOST * 100)
        and all(_within(time, end) for time in times)
        and all(_within(each.at, end) and is_point(each) for each in shot.points)
        and all(map(_is_endpoint, shot.endpoints))
        and all(map(is_process, shot.watched))
        and all(_within(each, MOST) for each in (shot.slo, shot.failed_limit, shot.target_rate))
        and _within(shot.elapsed, LATEST)
    )


def is_point(point: Point) -> bool:
    """Whether a second of the charts can be."""
    sizes = (point.rate, point.p50, point.p95, point.p99, point.high, point.vus)
    shares = (point.failed, point.timeouts)
    return (
        _within(point.at, LATEST)
        and 0 < point.span <= MOST
        and all(_within(size, MOST) for size in sizes)
        and all(_within(share, 1.0) for share in shares)
    )


def is_process(each: Watched) -> bool:
    """Whether a watched process can be so."""
    return _within(each.memory, MOST * MOST) and all(
        _within(size, MOST) for size in (each.cpu, each.files, each.gone)
    )


def _is_endpoint(endpoint: Endpoint) -> bool:
    return all(_within(each, MOST) for each in (*endpoint.trend, endpoint.limit))


def _within(value: float | None, most: float) -> bool:
    return value is None or 0 <= value <= most
