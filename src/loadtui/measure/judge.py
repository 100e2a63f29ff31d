"""A threshold's value, read from sums; the metric and its type decide which number that is."""

from __future__ import annotations

import msgspec

from loadtui.measure.custom import Measured
from loadtui.measure.histogram import quantiles
from loadtui.measure.tally import Iterations, Spread, Tally
from loadtui.model.metric import METRICS, OF_ITERATIONS, OUTCOME_TAGS, SAMPLED, MetricType
from loadtui.model.tags import Tags, tagset
from loadtui.model.threshold import Threshold

PHASES = ("blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving")
"""The order of `Row.phases`; the metrics are http_req_<phase>."""

_RATES = frozenset({"http_req_failed", "checks", "iteration_failed"})


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What a threshold may be read from, over `seconds`; `custom`: its own metric's samples;
    `kind`: the metric's type; `vus`, `vus_max`: None while nobody has counted them yet.
    """

    tally: Tally
    iterations: Iterations
    custom: Measured | None = None
    kind: MetricType
    seconds: float
    vus: int | None = 0
    vus_max: int | None = 0


def selection(threshold: Threshold) -> Tags:
    """The tags by which a store must sum for a threshold: `check` only chooses among counts."""
    return tagset({k: v for k, v in threshold.tags.items() if (threshold.metric, k) != _OF_CHECK})


_OF_CHECK = ("checks", "check")


def trend_value(threshold: Threshold, spread: Spread) -> float | None:
    """A trend's aggregate in milliseconds; None without data."""
    if not spread.count:
        return None
    match threshold.aggregate:
        case "avg":
            return spread.total / spread.count / 1000
        case "min":
            return spread.low / 1000
        case "max":
            return spread.high / 1000
        case "med":
            return quantiles(spread.freeze(), (0.5,))[0] / 1000
        case _:
            return quantiles(spread.freeze(), (threshold.quantile,))[0] / 1000


def custom_value(threshold: Threshold, samples: Measured) -> float | None:
    """The aggregate of a custom gauge, rate or trend in its own unit; None without data."""
    if not samples.count:
        return None
    match threshold.aggregate:
        case "value":
            return samples.last
        case "avg":
            return samples.total / samples.count
        case "min":
            return samples.low
        case "max":
            return samples.high
        case "rate":
            return samples.truthy / samples.count
        case _:
            return samples.quantile(0.5 if threshold.aggregate == "med" else threshold.quantile)


def reads_phases(threshold: Threshold) -> bool:
    """Whether the metric is one of a request's phases."""
    return threshold.metric.removeprefix("http_req_") in PHASES


def reads_iterations(threshold: Threshold) -> bool:
    """Whether the metric is one of iterations."""
    return threshold.metric in OF_ITERATIONS


def reads_custom(threshold: Threshold) -> bool:
    """Whether the metric's samples are recorded one by one: a journey's own, or `count:`."""
    return threshold.metric not in METRICS or threshold.metric in SAMPLED


def spread_of(threshold: Threshold, sums: Sums) -> Spread | None:
    """The times of a built-in trend; None for any other metric."""
    match threshold.metric:
        case "http_req_duration":
            return sums.tally.duration
        case "response_time":
            return sums.tally.response
        case "iteration_duration":
            return sums.iterations.duration
        case "iteration_lateness":
            return sums.iterations.late
        case _ if reads_phases(threshold):
            phase = PHASES.index(threshold.metric.removeprefix("http_req_"))
            return sums.tally.phases[phase] if sums.tally.phases else Spread()
        case _:
            return None


def share_of(threshold: Threshold, sums: Sums) -> tuple[int, int]:
    """How many samples of a rate were not 0, and how many there were."""
    match threshold.metric:
        case "http_req_failed":
            return sums.tally.failed, sums.tally.requests
        case "checks":
            passed, failed = sums.tally.counts_of_check(threshold.tags.get("check"))
            return passed, passed + failed
        case "iteration_failed":
            return sums.iterations.failed, sums.iterations.ended
        case _:
            custom = sums.custom
            return (custom.truthy, custom.count) if custom is not None else (0, 0)


def _counter(threshold: Threshold, sums: Sums) -> float:
    builtin = {
        "http_reqs": sums.tally.requests,
        "iterations": sums.iterations.ended,
        "dropped_iterations": sums.iterations.dropped,
        "data_sent": sums.tally.bytes_out,
        "data_received": sums.tally.bytes_in,
    }
    counted = sums.tally.counters.get(threshold.metric, 0.0)
    counted += sums.custom.total if sums.custom is not None else 0.0
    return _counted(threshold, float(builtin.get(threshold.metric, counted)), sums.seconds)


def _counted(threshold: Threshold, count: float, seconds: float) -> float:
    if threshold.aggregate == "rate":
        return count / seconds if seconds > 0 else 0.0
    return count


def value(threshold: Threshold, sums: Sums) -> float | None:
    """The threshold's number: ms for the built-in trends, a share for rates, a count (or one per
    second) for counters, the newest value for gauges; a custom metric's in its own unit.

    None: no data. A counter without data is 0.
    """
    if (spread := spread_of(threshold, sums)) is not None:
        return trend_value(threshold, spread)
    if threshold.metric in _RATES:
        truthy, count = share_of(threshold, sums)
        return truthy / count if count else None
    if threshold.metric in {"vus", "vus_max"}:
        vus = sums.vus if threshold.metric == "vus" else sums.vus_max
        return None if vus is None else float(vus)
    if sums.custom is not None and sums.custom.kind != "counter":
        return custom_value(threshold, sums.custom)
    if sums.kind != "counter":
        return None
    return _counter(threshold, sums)


def has_data(threshold: Threshold, sums: Sums, measured: float | None) -> bool:
    """Whether `measured` stands on samples; a counter's 0 does where nothing had to be counted.

    Nothing had to be dropped, and no request had to end in the one way that tags choose.
    """
    if measured is None or sums.kind != "counter" or measured:
        return measured is not None
    if threshold.metric not in METRICS:
        return sums.custom is not None or threshold.metric in sums.tally.counters
    return threshold.metric == "dropped_iterations" or bool(OUTCOME_TAGS & threshold.tags.keys())


def of_nothing(kind: MetricType) -> float | None:
    """What k6 judges at the end where a metric had no samples; None: it does not judge a rate."""
    return None if kind == "rate" else 0.0


def unit(threshold: Threshold, kind: MetricType | None = None) -> str:
    """How the value reads: "ms", "%" for shares, "B" for bytes, "" for counts and custom metrics.

    `kind`: the type of a custom metric.
    """
    match METRICS.get(threshold.metric, kind):
        case "rate":
            return "%"
        case "trend" if threshold.metric in METRICS:
            return "ms"
        case "gauge":
            return {"watch_memory": "B", "watch_cpu": "%"}.get(threshold.metric, "")
        case _:
            return ""
