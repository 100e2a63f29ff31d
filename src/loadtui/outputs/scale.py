"""Round numbers for axes, and a long run squeezed into a chart's columns (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10

from loadtui.model.history import Point
from loadtui.model.units import grouped, number

Sample = tuple[float, float | None]
"""Session seconds and a value; None where nothing was measured."""

_STEPS = (1.0, 2.0, 5.0, 10.0)
_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)


def squeezed(
    points: Sequence[Point],
    columns: int,
    value: Callable[[Point], float | None],
    *,
    pick: Callable[[list[float]], float] = max,
) -> list[Sample]:
    """At most `columns` samples, evenly spaced in time; `pick` makes one of each share's values.

    The highest by default: a chart that averages peaks away hides what it is looked at for.
    """
    if not points:
        return []
    start = points[0].at
    width = max(1.0, (points[-1].at - start + 1) / max(1, columns))
    shares: dict[int, list[float | None]] = {}
    for point in points:
        shares.setdefault(floor((point.at - start) / width), []).append(value(point))
    last = max(shares)
    out = []
    for share in range(last + 1):
        measured = [each for each in shares.get(share, []) if each is not None]
        out.append((start + share * width, pick(measured) if measured else None))
    return out


def needs_log(values: Iterable[float]) -> bool:
    """Whether a linear axis would crush the typical value below a tenth of the highest."""
    ordered = sorted(values)
    return bool(ordered) and ordered[-1] > 10 * max(ordered[len(ordered) // 2], 1e-9)


def linear_ticks(top: float, count: int) -> list[tuple[float, str]]:
    """Round positions from 0 up to at least `top`, about `count` of them, with labels."""
    raw = max(top, 1e-9) / max(1, count)
    unit = 10 ** floor(log10(raw))
    step = next(each * unit for each in _STEPS if each * unit >= raw * 0.999)
    return [(i * step, _label(i * step)) for i in range(ceil(top / step) + 1)]


def log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Positions (log10) of 1-2-5 numbers that enclose `low`..`high`, with labels."""
    first, last = floor(log10(max(low, 1e-3))), ceil(log10(max(high, 1e-3)))
    each = [m * 10.0**e for e in range(first, last + 1) for m in (1, 2, 5)]
    below = max((t for t in each if t <= low), default=each[0])
    above = min((t for t in each if t >= high), default=each[-1])
    return [(log10(t), _label(t)) for t in each if below <= t <= above]


def clock_ticks(start: float, end: float, count: int) -> list[tuple[float, str]]:
    """Round moments between two session times, at most about `count`, as m:ss or h:mm:ss."""
    raw = (end - start) / max(1, count)
    step = next((each for each in _CLOCK if each >= raw), _CLOCK[-1])
    first = ceil(start / step) * step
    return [(at, clock(at)) for at in range(first, floor(end) + 1, step)]


def clock(seconds: float) -> str:
    """Session time as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _label(value: float) -> str:
    return grouped(value) if value >= 100 or value == int(value) else number(value)
