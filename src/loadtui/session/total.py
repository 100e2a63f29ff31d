"""All that happened since the start of a session, as its snapshots say it (pure)."""

from __future__ import annotations

from loadtui.measure.custom import Measured
from loadtui.measure.store import Store
from loadtui.measure.tally import Spread
from loadtui.model.metric import OF_WATCH
from loadtui.model.snapshot import CustomMetric, Total, Trend


def total_of(store: Store) -> Total:
    """All that happened since the start."""
    tally, done = store.total(), store.iterations
    spread = tally.duration
    return Total(
        requests=tally.requests,
        failed=tally.failed,
        cut=tally.cut,
        iterations=done.ended,
        iterations_failed=done.failed,
        bytes_in=tally.bytes_in,
        bytes_out=tally.bytes_out,
        statuses=dict(tally.statuses),
        errors=dict(tally.errors),
        checks=dict(tally.checks),
        counters=dict(tally.counters),
        stats=tally.stats(0.0),
        low=spread.low / 1000 if spread.count else None,
        high=spread.high / 1000 if spread.count else None,
        mean=spread.total / spread.count / 1000 if spread.count else None,
        response=_trend(tally.response),
        dropped=done.dropped,
        late=_trend(done.late),
        metrics=_metrics(store),
    )


def _trend(spread: Spread) -> Trend:
    if not spread.count:
        return Trend()
    p50, p95, p99 = spread.quantiles_ms(0.5, 0.95, 0.99)
    average, low, high = (v / 1000 for v in (spread.total / spread.count, spread.low, spread.high))
    return Trend(spread.count, p50, p95, p99, average, low, high)


def _metrics(store: Store) -> tuple[CustomMetric, ...]:
    """Custom metrics in the order of their names, all tags together."""
    every = store.since.metrics.items()
    whole = {name: sums for (name, tags), sums in every if not tags and name not in OF_WATCH}
    return tuple(_metric(name, whole[name]) for name in sorted(whole))


def _metric(name: str, sums: Measured) -> CustomMetric:
    if sums.kind == "trend":
        p50, p95, p99 = (sums.quantile(q) for q in (0.5, 0.95, 0.99))
        trend = Trend(sums.count, p50, p95, p99, sums.total / sums.count, sums.low, sums.high)
        return CustomMetric(name, sums.kind, sums.count, trend=trend)
    values = {
        "counter": sums.total,
        "gauge": sums.last,
        "rate": sums.truthy / sums.count,
    }
    return CustomMetric(name, sums.kind, sums.count, values[sums.kind])
