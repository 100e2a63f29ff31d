"""Samples as k6's series in a Prometheus, by remote write."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from loadtui.outputs.again import SIGN_IN, is_unknown_form, no_answer, said
from loadtui.outputs.cumulative_writer import Channel, CumulativeWriter
from loadtui.outputs.output import OutputError
from loadtui.outputs.prometheus_series import Series
from loadtui.outputs.target import Target

_HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}


class PrometheusWriter(CumulativeWriter):
    """Plain numbers, and native histograms beside them where those are asked for."""

    def __init__(self, target: Target, tell: Callable[[str], None]) -> None:
        """Nothing is connected yet; `tell` is told of trouble."""
        series = Series(target.stats)
        channels = [Channel(series.numbers)]
        if target.native:
            channels.append(Channel(series.histograms, frozenset({"trend"}), is_extra=True))
        super().__init__(target, _HEADERS, tuple(channels), tell)
        self._nothing = series.numbers((), 0)

    def open(self) -> str:
        """Ask with a write of nothing; one that does not answer yet is no reason not to start."""
        try:
            reply = self.post(self._nothing)
        except httpx.HTTPError as error:
            return f"{no_answer(error)}; it is tried again while the load runs"
        if reply.status_code in SIGN_IN:
            raise OutputError(
                f"refuses us ({reply.status_code}): set LOADTUI_PROMETHEUS_USERNAME and"
                " LOADTUI_PROMETHEUS_PASSWORD, or LOADTUI_PROMETHEUS_BEARER_TOKEN"
            )
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise OutputError(
                "takes no remote write there (404): start Prometheus with"
                " --web.enable-remote-write-receiver"
            )
        return ""

    def unknown_form(self, reply: httpx.Response) -> str:
        """A Prometheus without the feature says 500 and "native histograms are disabled"."""
        if not is_unknown_form(reply) and "histogram" not in reply.text:
            return ""
        return (
            f"takes no native histograms ({said(reply)}), trends are numbers alone:"
            " Prometheus 2 needs --enable-feature=native-histograms"
        )
