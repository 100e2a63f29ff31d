"""Samples as OpenTelemetry metrics, by OTLP over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from loadtui import __version__
from loadtui.outputs.again import SIGN_IN, no_answer
from loadtui.outputs.cumulative_writer import Channel, CumulativeWriter
from loadtui.outputs.otlp_metrics import OtlpMetrics, refused
from loadtui.outputs.output import OutputError
from loadtui.outputs.target import Target

_HEADERS = {"Content-Type": "application/x-protobuf"}


class OtlpWriter(CumulativeWriter):
    """Counters as sums, trends as exponential histograms; each since the start of this sink."""

    def __init__(self, target: Target, tell: Callable[[str], None]) -> None:
        """Nothing is connected yet; `tell` is told of trouble."""
        resource = {
            "service.name": "loadtui",
            "service.version": __version__,
            "loadtui.run.id": target.run,
        }
        metrics = OtlpMetrics(resource, time.time_ns())
        super().__init__(target, _HEADERS, (Channel(metrics.request),), tell)

    def open(self) -> str:
        """Ask with an export of nothing; one that does not answer yet may do so later."""
        try:
            reply = self.post(b"")
        except httpx.HTTPError as error:
            return f"{no_answer(error)}; it is tried again while the load runs"
        status = reply.status_code
        if status in SIGN_IN:
            raise OutputError(f"refuses us ({status}): set LOADTUI_OTLP_HEADERS=NAME=VALUE,…")
        if 400 <= status < 500 and status != httpx.codes.TOO_MANY_REQUESTS:
            raise OutputError(
                f"takes no OTLP over HTTP there ({status}): a collector's is http://HOST:4318,"
                " VictoriaMetrics' is http://HOST:8428/opentelemetry"
            )
        return ""

    def not_taken(self, reply: httpx.Response) -> tuple[int, str]:
        """`partial_success` of an answer."""
        return refused(reply.content)
