"""Points on their way out, bounded: what has no room loses its times, never its counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from loadtui.model.error_code import TIMED
from loadtui.model.metric import METRICS, MetricType
from loadtui.model.point import PointFrame, RequestPoint, RequestSum, ValuePoint, ValueSum

LIMIT = 50_000
"""Requests, and as many other values, that may wait."""

SECONDS_LIMIT = 20_000
"""Sums kept apart by second; beyond them a sum takes in all seconds from then on."""


class _Ended(NamedTuple):
    """Requests that ended alike within a second."""

    series: int
    second: int
    status: int
    error: str
    failed: bool
    http: str


class _Of(NamedTuple):
    """Values of one metric and series within a second."""

    metric: str
    series: int
    second: int


class PointQueue:
    """Waiting points. Past the limit every other one is folded into sums of a second: counters,
    rates and gauges keep their meaning, points of trends are given up and counted.

    Folding evenly leaves a trend's points spread over all the time that they waited.
    """

    def __init__(
        self, kinds: Mapping[str, MetricType], limit: int = LIMIT, values: int | None = None
    ) -> None:
        """Start empty; `kinds`: types of metrics that are not built in, read when needed. `limit`:
        of requests, and of values where `values` is no other limit.
        """
        self._kinds, self._limit = kinds, limit
        self._values_limit = limit if values is None else values
        self.requests: list[RequestPoint] = []
        self.values: list[ValuePoint] = []
        self._request_sums: dict[_Ended, int] = {}
        self._value_sums: dict[_Of, tuple[int, float]] = {}
        self._stuck: int | None = None
        self.thinned = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.requests or self.values or self._request_sums or self._value_sums)

    def request(self, point: RequestPoint) -> None:
        """Take one request."""
        self.requests.append(point)
        if len(self.requests) > self._limit:
            self._fold_requests()

    def value(self, point: ValuePoint) -> None:
        """Take one sample of another metric."""
        self.values.append(point)
        if len(self.values) > self._values_limit:
            self._fold_values()

    def add(self, frame: PointFrame) -> None:
        """Take everything of a frame."""
        for each in frame.request_sums:
            self._sum_request(each, each.count)
        for value in frame.value_sums:
            self._sum_value(value.metric, value.series, value.at, value.count, value.total)
        self.thinned += frame.thinned
        self.requests += frame.requests
        while len(self.requests) > self._limit:
            self._fold_requests()
        self.values += frame.values
        while len(self.values) > self._values_limit:
            self._fold_values()

    def fold_all(self) -> None:
        """Leave nothing but sums, for an end that has no time."""
        for request in self.requests:
            self._fold_request(request)
        for value in self.values:
            self._fold_value(value)
        self.requests, self.values = [], []

    def take(self, origin: int, most: int = LIMIT) -> PointFrame:
        """Hand over all sums and the oldest points, at most so many of each sort."""
        requests, self.requests = self.requests[:most], self.requests[most:]
        values, self.values = self.values[:most], self.values[most:]
        request_sums = [
            RequestSum(key.series, float(key.second), *key[2:], count)
            for key, count in self._request_sums.items()
        ]
        value_sums = [
            ValueSum(key.metric, key.series, float(key.second), count, total)
            for key, (count, total) in self._value_sums.items()
        ]
        self._request_sums, self._value_sums, self._stuck = {}, {}, None
        thinned, self.thinned = self.thinned, 0
        return PointFrame(
            origin=origin,
            requests=requests,
            values=values,
            request_sums=request_sums,
            value_sums=value_sums,
            thinned=thinned,
        )

    def _fold_requests(self) -> None:
        for point in self.requests[1::2]:
            self._fold_request(point)
        self.requests = self.requests[::2]

    def _fold_values(self) -> None:
        for point in self.values[1::2]:
            self._fold_value(point)
        self.values = self.values[::2]

    def _fold_request(self, point: RequestPoint) -> None:
        if not point.error or point.error in TIMED:
            self.thinned += 7 + (point.response >= 0)
        self._sum_request(point, 1)

    def _sum_request(self, point: RequestPoint | RequestSum, count: int) -> None:
        second = self._second(point.at)
        key = _Ended(point.series, second, point.status, point.error, point.failed, point.http)
        self._request_sums[key] = self._request_sums.get(key, 0) + count

    def _fold_value(self, point: ValuePoint) -> None:
        is_rate = (METRICS.get(point.metric) or self._kinds.get(point.metric)) == "rate"
        value = float(point.value != 0) if is_rate else point.value
        self._sum_value(point.metric, point.series, point.at, 1, value)

    def _sum_value(self, metric: str, series: int, at: float, count: int, total: float) -> None:
        kind = METRICS.get(metric) or self._kinds.get(metric, "counter")
        if kind == "trend":
            self.thinned += count
            return
        key = _Of(metric, series, self._second(at))
        known, before = self._value_sums.get(key, (0, 0.0))
        self._value_sums[key] = known + count, total if kind == "gauge" else before + total

    def _second(self, at: float) -> int:
        if self._stuck is None and len(self._request_sums) + len(self._value_sums) >= SECONDS_LIMIT:
            self._stuck = int(at)
        return int(at) if self._stuck is None else self._stuck
