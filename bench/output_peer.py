"""What an output writes to, and how to ask that what it holds."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from loadtui.measure.histogram import Histogram, quantiles
from tests.support.influx import Influx, influx
from tests.support.prometheus import NATIVE, RECEIVES, Prometheus, prometheus, victoria
from tests.support.statsd import statsd

PEERS: dict[str, tuple[str, ...]] = {
    "json": (),
    "csv": (),
    "influxdb": ("influxd",),
    "prometheus": ("prometheus",),
    "native": ("prometheus",),
    "otlp": ("victoria-metrics",),
    "statsd": ("statsd_exporter",),
}
"""Outputs, and the programs that each needs; `native`: Prometheus with native histograms."""


class Found(NamedTuple):
    """What an output holds. `p95`: of `http_req_duration`, ms."""

    requests: float
    p95: float


class Peer(NamedTuple):
    """`out`: for --out, "" for none. `freeze`, `thaw`: stop the database and have it go on."""

    out: str
    ask: Callable[[], Found] | None
    freeze: Callable[[], None] | None = None
    thaw: Callable[[], None] | None = None


@contextmanager
def peer(kind: str, folder: Path) -> Iterator[Peer]:
    """Have it ready for as long as the block lasts, with its data in `folder`."""
    match kind:
        case "none":
            yield Peer("", None)
        case "json" | "csv":
            file = folder.with_suffix(f".{kind}")
            yield Peer(f"{kind}={file}", lambda: _in_file(kind, file))
        case "influxdb":
            with influx(folder) as database:
                ask = lambda: _in_influx(database)  # noqa: E731
                yield Peer(f"influxdb={database.url}/k6", ask, database.freeze, database.thaw)
        case "statsd":
            with statsd() as receiver:
                yield Peer(f"statsd={receiver.place}", lambda: _in_statsd(receiver.counted()))
        case _:
            with _promql(kind, folder) as found:
                yield found


@contextmanager
def _promql(kind: str, folder: Path) -> Iterator[Peer]:
    if kind == "otlp":
        with victoria(folder) as other:
            p95 = "histogram_quantile(0.95, sum by (vmrange) (http_req_duration_bucket))"
            ask = _asking(other, "http_reqs", p95, 1.0)
            yield Peer(f"otlp={other.otlp}", ask, other.freeze, other.thaw)
        return
    with prometheus(folder, RECEIVES, NATIVE) as database:
        is_native = kind == "native"
        p95 = "k6_http_req_duration_p95"
        if is_native:
            p95 = "histogram_quantile(0.95, k6_http_req_duration_seconds)"
        ask = _asking(database, "k6_http_reqs_total", p95, 1e3)
        out = f"prometheus={database.url}{'?native=1' if is_native else ''}"
        yield Peer(out, ask, database.freeze, database.thaw)


def _asking(database: Prometheus, count: str, p95: str, unit: float) -> Callable[[], Found]:
    return lambda: Found(database.value(f"sum({count})"), database.value(p95) * unit)


def _in_influx(database: Influx) -> Found:
    return Found(
        database.value("SELECT sum(value) FROM http_reqs"),
        database.value("SELECT percentile(value, 95) FROM http_req_duration"),
    )


def _in_statsd(counted: dict[str, float]) -> Found:
    """Its quantiles are of the last minutes, and it knows no 95th: the 99th says nothing here."""
    return Found(counted["k6_http_reqs"], 0.0)


def _in_file(kind: str, file: Path) -> Found:
    requests, times = 0.0, Histogram()
    with file.open(encoding="utf-8", newline="") as lines:
        pairs = _json(lines) if kind == "json" else _csv(lines)
        for metric, value in pairs:
            if metric == "http_reqs":
                requests += value
            elif metric == "http_req_duration":
                times.record(round(value * 1e3))
    return Found(requests, _p95(times))


def _p95(times: Histogram) -> float:
    return quantiles(times.to_distribution(), (0.95,))[0] / 1e3


def _json(lines: Iterator[str]) -> Iterator[tuple[str, float]]:
    for line in lines:
        if '"http_req' in line:
            said = json.loads(line)
            if said["type"] == "Point":
                yield said["metric"], said["data"]["value"]


def _csv(lines: Iterator[str]) -> Iterator[tuple[str, float]]:
    for row in csv.DictReader(lines):
        yield row["metric_name"], float(row["metric_value"])
