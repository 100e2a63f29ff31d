"""Whether a value crept up while the load stood still: latency, memory, open files (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

FEWEST = 20
"""Values; fewer say nothing of a trend."""
_MOST = 200
"""Values that a slope is taken from: its cost grows with their square."""


class Drift(msgspec.Struct, frozen=True):
    """The median of the first and of the last quarter's values, and the slope, in their unit."""

    first: float
    last: float
    per_hour: float


def drift(values: Sequence[tuple[float, float]], since: float, until: float) -> Drift | None:
    """The trend of (moment, value) between two moments in seconds; None for too few values.

    The slope is that of Theil and Sen, the median of the slopes between every two values, so that
    a few slow seconds do not bend it.
    """
    span = [each for each in values if since < each[0] <= until]
    if len(span) < FEWEST:
        return None
    quarter = len(span) // 4
    first, last = (median(v for _, v in part) for part in (span[:quarter], span[-quarter:]))
    thin = _thinned(span)
    slopes = [
        (b - a) / (later - at) for i, (at, a) in enumerate(thin) for later, b in thin[i + 1 :]
    ]
    return Drift(first, last, median(slopes) * 3600)


def _thinned(span: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most so many values, each the median of its neighbours."""
    size = -(-len(span) // _MOST)
    parts = [span[at : at + size] for at in range(0, len(span), size)]
    return [(median(at for at, _ in part), median(v for _, v in part)) for part in parts]
