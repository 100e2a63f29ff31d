"""Every metric's numbers over a whole run, for summaries and their files (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loadtui.measure.judge import Sums, share_of, spread_of, value
from loadtui.measure.store import Store
from loadtui.measure.sums import whole
from loadtui.model.metric import METRICS, OF_WATCH, MetricType
from loadtui.model.result import Contains, MetricResult, trend_stat
from loadtui.model.threshold import Aggregate, Threshold, metric_text

EXPECTED = Threshold(
    source="",
    metric="http_req_duration",
    tags={"expected_response": "true"},
    aggregate="avg",
    operator="<",
    limit=0.0,
)
"""What k6 measures apart without being asked: the times of requests that did not fail."""

_DATA = frozenset({"data_sent", "data_received", "watch_memory"})


def results(
    store: Store,
    thresholds: Sequence[Threshold],
    kinds: Mapping[str, MetricType],
    stats: Sequence[str],
    elapsed: float,
    watched: Sequence[str] = (),
) -> tuple[MetricResult, ...]:
    """All metrics that have samples, and the sub-metrics that thresholds name or k6 always has.

    `kinds`: types of declared metrics. `stats`: those of trends, times in ms. `elapsed`: seconds of
    load, which counters are divided by. `watched`: processes, whose metrics stand for each apart.
    """
    own = {name: sums.kind for (name, tags), sums in store.since.metrics.items() if not tags}
    counted = dict.fromkeys(store.total().counters, "counter")
    known: dict[str, MetricType] = {**METRICS, **kinds, **own}
    for name in counted:
        known.setdefault(name, "counter")
    asked = {metric_text(each): each for each in (*thresholds, EXPECTED) if each.tags}
    every = {name: _probe(name) for name in known} | asked | _of_processes(watched)
    if len(watched) > 1:  # the newest of several processes says nothing
        every = {name: probe for name, probe in every.items() if name not in OF_WATCH}
    found = (
        _result(text, whole(store, probe, known[probe.metric], elapsed, last=True), probe, stats)
        for text, probe in sorted(every.items())
    )
    lows = [point.vus for point in store.points.values() if point.vus]
    return tuple(_with_vus(each, lows) for each in found if each is not None)


def _of_processes(names: Sequence[str]) -> dict[str, Threshold]:
    probes = (
        _probe(metric, tags={"process": name}) for name in names for metric in sorted(OF_WATCH)
    )
    return {metric_text(probe): probe for probe in probes}


def unfed(store: Store, declared: Sequence[str]) -> tuple[str, ...]:
    """Declared metrics without a sample, in the order of their names."""
    counters = store.total().counters
    return tuple(
        name
        for name in sorted(declared)
        if store.metric_total(name) is None and name not in counters
    )


def _probe(
    metric: str, aggregate: Aggregate = "avg", quantile: float = 0.0, tags: Mapping[str, str] = {}
) -> Threshold:
    return Threshold(
        source="",
        metric=metric,
        tags=dict(tags),
        aggregate=aggregate,
        quantile=quantile,
        operator="<",
        limit=0.0,
    )


def _result(text: str, sums: Sums, probe: Threshold, stats: Sequence[str]) -> MetricResult | None:
    values = {
        "trend": _trend,
        "counter": _counter,
        "gauge": _gauge,
        "rate": _rate,
    }[sums.kind](probe, sums, stats)
    if values is None:
        return None
    return MetricResult(text, sums.kind, _contains(probe.metric), values)


def _contains(metric: str) -> Contains:
    if metric in _DATA:
        return "data"
    return "time" if METRICS.get(metric) == "trend" else "default"


def _trend(probe: Threshold, sums: Sums, stats: Sequence[str]) -> dict[str, float] | None:
    spread = spread_of(probe, sums)
    count = spread.count if spread is not None else sums.custom.count if sums.custom else 0
    if not count:
        return None
    values = {"count": float(count)}
    asked = (stat for stat in stats if stat != "count")
    return values | {stat: value(_asking(probe, stat), sums) or 0.0 for stat in asked}


def _asking(probe: Threshold, stat: str) -> Threshold:
    quantile = trend_stat(stat)
    if quantile is not None:
        return _probe(probe.metric, "p", quantile, probe.tags)
    aggregates: dict[str, Aggregate] = {"avg": "avg", "min": "min", "max": "max"}
    return _probe(probe.metric, aggregates[stat], tags=probe.tags)


def _counter(probe: Threshold, sums: Sums, _: Sequence[str]) -> dict[str, float] | None:
    count = value(_probe(probe.metric, "count", tags=probe.tags), sums) or 0.0
    if not count:
        return None
    return {"count": count, "rate": count / sums.seconds if sums.seconds > 0 else 0.0}


def _gauge(probe: Threshold, sums: Sums, _: Sequence[str]) -> dict[str, float] | None:
    newest = value(_probe(probe.metric, "value", tags=probe.tags), sums)
    if newest is None:
        return None
    custom = sums.custom
    low, high = (custom.low, custom.high) if custom is not None else (newest, newest)
    return {"value": newest, "min": low, "max": high}


def _rate(probe: Threshold, sums: Sums, _: Sequence[str]) -> dict[str, float] | None:
    truthy, count = share_of(probe, sums)
    if not count:
        return None
    return {"rate": truthy / count, "passes": float(truthy), "fails": float(count - truthy)}


def _with_vus(found: MetricResult, counts: Sequence[int]) -> MetricResult:
    """The least and the most VUs of any second in which some ran."""
    if found.name != "vus" or not counts:
        return found
    values = {**found.values, "min": float(min(counts)), "max": float(max(counts))}
    return MetricResult(found.name, found.kind, found.contains, values)
