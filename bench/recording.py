"""What it costs to keep one time."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from statistics import median

from bench.figure import Figure
from loadtui.measure.histogram import Histogram, quantiles

VALUES = 200_000
ROUNDS = 5


def measure_recording() -> list[Figure]:
    """CPU of counting a value, of a merge, and of reading three percentiles."""
    dice = Random(1)
    values = [int(dice.lognormvariate(9.9, 0.5)) for _ in range(VALUES)]
    histogram, other = Histogram(), Histogram()
    record = histogram.record

    def record_all() -> None:
        for value in values:
            record(value)

    each = _cost(record_all) / VALUES
    shape = histogram.to_distribution()
    merged = _cost(lambda: other.merge(shape))
    read = _cost(lambda: quantiles(shape, (0.5, 0.99, 0.999)))
    filled = f"{len(shape.buckets)} buckets filled"
    return [
        Figure("histogram: record one value", f"{each * 1e9:.0f} ns"),
        Figure(f"histogram: merge, {filled}", f"{merged * 1e6:.0f} µs"),
        Figure("histogram: read p50, p99, p99.9", f"{read * 1e6:.0f} µs"),
    ]


def _cost(act: Callable[[], object]) -> float:
    """Median of a few rounds after the first, in seconds of CPU."""
    took = []
    for _ in range(ROUNDS + 1):
        began = time.process_time()
        act()
        took.append(time.process_time() - began)
    return median(took[1:])
