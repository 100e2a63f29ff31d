"""What writes to which database."""

from __future__ import annotations

from collections.abc import Callable

from loadtui.outputs.influx_writer import InfluxWriter
from loadtui.outputs.otlp_writer import OtlpWriter
from loadtui.outputs.output import Writer
from loadtui.outputs.prometheus_writer import PrometheusWriter
from loadtui.outputs.statsd_writer import StatsdWriter
from loadtui.outputs.target import Target


def database_writer(target: Target, tell: Callable[[str], None]) -> Writer:
    """The writer for a target that is no file; `tell` is told of trouble."""
    match target.kind:
        case "influxdb":
            return InfluxWriter(target, tell)
        case "prometheus":
            return PrometheusWriter(target, tell)
        case "otlp":
            return OtlpWriter(target, tell)
        case _:
            return StatsdWriter(target, tell)
