"""What a store has of one metric: over a window, or since the start (pure)."""

from __future__ import annotations

from loadtui.measure.judge import Sums, reads_custom, reads_iterations, reads_phases, selection
from loadtui.measure.store import Store
from loadtui.measure.tally import Iterations
from loadtui.model.metric import MetricType
from loadtui.model.threshold import Threshold

FIRST_GAUGE = 1.0
"""Seconds under load before anybody counts VUs, as in k6."""


def windowed(
    store: Store, threshold: Threshold, kind: MetricType, start: int, end: int
) -> tuple[Sums, int]:
    """The seconds `start` ≤ s < `end`, and how many samples there are in them."""
    tags = selection(threshold)
    done, custom = Iterations(), None
    if reads_iterations(threshold):
        done = store.iteration_window(start, end, tags)
    elif reads_custom(threshold):
        custom = store.metric_window(threshold.metric, start, end, tags)
    sums = Sums(
        tally=store.window(start, end, tags, phases=reads_phases(threshold)),
        iterations=done,
        custom=custom,
        kind=kind,
        seconds=end - start - store.gaps.seconds(start, end),
        vus=store.crews.active,
        vus_max=store.crews.vus_max,
    )
    return sums, _samples(threshold, sums)


def whole(
    store: Store, threshold: Threshold, kind: MetricType, elapsed: float, *, last: bool
) -> Sums:
    """Everything since the start, `elapsed` seconds of load ago. `last`: the load is over, so that
    the newest count of VUs is an old one.
    """
    tags, crews = selection(threshold), store.crews
    is_counted = elapsed >= FIRST_GAUGE
    vus = store.last_vus if last else crews.active
    return Sums(
        tally=store.total(tags, phases=reads_phases(threshold)),
        iterations=store.iteration_total(tags),
        custom=store.metric_total(threshold.metric, tags),
        kind=kind,
        seconds=elapsed,
        vus=vus if is_counted else None,
        vus_max=crews.vus_max if is_counted else None,
    )


def _samples(threshold: Threshold, sums: Sums) -> int:
    if reads_iterations(threshold):
        return sums.iterations.ended + sums.iterations.dropped
    counted = sums.custom.count if sums.custom is not None else 0
    return max(counted, sums.tally.requests)
