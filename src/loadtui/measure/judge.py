"""A threshold's value, read from sums; the metric decides which number that is."""

from __future__ import annotations

from loadtui.measure.histogram import quantiles
from loadtui.measure.tally import Iterations, Spread, Tally
from loadtui.model.threshold import Threshold

PHASES = ("blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving")
"""The order of `Row.phases`; the metrics are http_req_<phase>."""


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
        case "count":
            return float(spread.count)
        case "med":
            return quantiles(spread.freeze(), (0.5,))[0] / 1000
        case _:
            return quantiles(spread.freeze(), (threshold.quantile,))[0] / 1000


def reads_phases(threshold: Threshold) -> bool:
    """Whether the metric is one of a request's phases."""
    return threshold.metric.removeprefix("http_req_") in PHASES


def reads_iterations(threshold: Threshold) -> bool:
    """Whether the metric is one of iterations."""
    return threshold.metric.startswith("iteration")


def _trend(threshold: Threshold, tally: Tally, iterations: Iterations) -> Spread | None:
    if threshold.metric == "http_req_duration":
        return tally.duration
    if threshold.metric == "iteration_duration":
        return iterations.duration
    phase = threshold.metric.removeprefix("http_req_")
    return tally.phases[PHASES.index(phase)] if phase in PHASES else None


def _rate(threshold: Threshold, tally: Tally, iterations: Iterations) -> float | None:
    match threshold.metric:
        case "http_req_failed":
            return tally.failed_share
        case "checks":
            return tally.checks_share
        case _:
            return iterations.failed / iterations.ended if iterations.ended else None


def _counter(threshold: Threshold, tally: Tally, iterations: Iterations, seconds: float) -> float:
    builtin = {
        "http_reqs": tally.requests,
        "iterations": iterations.ended,
        "data_sent": tally.bytes_out,
        "data_received": tally.bytes_in,
    }
    count = float(builtin.get(threshold.metric, tally.counters.get(threshold.metric, 0.0)))
    if threshold.aggregate == "rate":
        return count / seconds if seconds > 0 else 0.0
    return count


def value(
    threshold: Threshold, tally: Tally, iterations: Iterations, *, seconds: float, vus: int
) -> float | None:
    """The threshold's number: ms for trends, a share for rates, a count (or one per second) for
    counters.

    None: no data, which fails nothing (k6: an empty sink is not judged). A counter without data
    is 0.
    """
    if (spread := _trend(threshold, tally, iterations)) is not None:
        return trend_value(threshold, spread)
    if threshold.metric in {"http_req_failed", "checks", "iteration_failed"}:
        return _rate(threshold, tally, iterations)
    if threshold.metric == "vus":
        return float(vus)
    return _counter(threshold, tally, iterations, seconds)


def unit(threshold: Threshold) -> str:
    """How the value reads: "ms", "%" for shares, "" for counts."""
    if threshold.aggregate == "count":
        return ""
    if threshold.metric in {"http_req_failed", "checks", "iteration_failed"}:
        return "%"
    is_trend = threshold.metric.startswith("http_req_") or threshold.metric == "iteration_duration"
    return "ms" if is_trend else ""
