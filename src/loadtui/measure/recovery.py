"""When the system was back: the baseline band, and the first five seconds in a row inside it."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from loadtui.model.history import Point

GOOD_SECONDS = 5


def band(values: Sequence[float], *, slack: float) -> float | None:
    """The highest value that still counts as the baseline: median + max(3 × 1.4826 × MAD, 10 %,
    slack).

    1.4826 × MAD estimates a standard deviation; `slack` (in the values' unit) keeps a perfectly
    steady baseline from making every wobble an excursion. None without values.
    """
    if not values:
        return None
    middle = median(values)
    spread = median(abs(v - middle) for v in values)
    return middle + max(3 * 1.4826 * spread, 0.1 * middle, slack)


def recovery(before: Sequence[Point], after: Sequence[Point], lifted: float) -> float | None:
    """Seconds from `lifted` to the first of five consecutive seconds inside the band.

    A second is good when its p95 and its failed share are inside the bands of `before`; a second
    without requests is not, and a gap, of which nobody knows, is neither. `after`: complete seconds
    since the lift, oldest first. Both with `at` the end of the second. None: not yet.
    """
    p95 = band([p.p95 for p in before if p.p95 is not None], slack=5.0)
    failed = band([p.failed for p in before if p.failed is not None], slack=0.005)
    if p95 is None or failed is None:
        return None
    run, began = 0, 0.0
    for point in after:
        if point.vus is None:
            continue
        good = point.p95 is not None and point.p95 <= p95 and (point.failed or 0.0) <= failed
        began = began if run and good else point.at - 1
        run = run + 1 if good else 0
        if run == GOOD_SECONDS:
            return max(0.0, began - lifted)
    return None
