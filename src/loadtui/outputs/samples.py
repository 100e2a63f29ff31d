"""From a worker's compact points to k6's samples: one a metric, with k6's names, tags and units.

`T` is what an encoder makes of a set of tags, once for each set. Samples of requests that never had
an answer carry no times: a refused connection has no latency, here as in the summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

from loadtui.model.error_code import TIMED, error_code, status_code_error
from loadtui.model.metric import METRICS, MetricType
from loadtui.model.point import PointFrame, RequestPoint, RequestSum, ValueSum
from loadtui.model.tags import NO_TAGS, Tags

T = TypeVar("T")

TIMES = (
    "http_req_duration",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_tls_handshaking",
    "http_req_sending",
    "http_req_waiting",
    "http_req_receiving",
)
"""Trends of a request, in k6's order."""

RUN = -1
"""The series of samples of the whole run: the run's tags alone."""


class Sample(NamedTuple, Generic[T]):
    """One value of one metric: times in ms, rates 1 or 0. `at`: ns of the Unix epoch."""

    metric: str
    tags: T
    at: int
    value: float


class Expander(Generic[T]):
    """Expands the frames of one source. `names`: series → name and tags; read when needed."""

    def __init__(
        self,
        names: Mapping[int, tuple[str, Tags]],
        kinds: Mapping[str, MetricType],
        encode: Callable[[Mapping[str, str]], T],
    ) -> None:
        """Know no set of tags yet."""
        self._names, self._kinds, self._encode = names, kinds, encode
        self._outcomes: dict[tuple[object, ...], T] = {}
        self._plain: dict[int, T] = {}

    def samples(self, frame: PointFrame) -> Iterator[Sample[T]]:
        """All samples of a frame, sums first."""
        origin = frame.origin
        for ended in frame.request_sums:
            yield from self._many(ended, self._at(origin, ended.at))
        for summed in frame.value_sums:
            yield from self._sum(summed, self._at(origin, summed.at))
        for request in frame.requests:
            yield from self._request(request, self._at(origin, request.at))
        for value in frame.values:
            at = self._at(origin, value.at)
            yield Sample(value.metric, self._tags(value.series), at, value.value)

    @staticmethod
    def _at(origin: int, at: float) -> int:
        return origin + int(at * 1e9)

    def _request(self, point: RequestPoint, at: int) -> Iterator[Sample[T]]:
        tags = self._outcome(point)
        yield Sample("http_reqs", tags, at, 1.0)
        if not point.error or point.error in TIMED:
            times = (
                point.duration,
                point.blocked,
                point.connecting,
                point.tls_handshaking,
                point.sending,
                point.waiting,
                point.receiving,
            )
            for metric, us in zip(TIMES, times, strict=True):
                yield Sample(metric, tags, at, us / 1e3)
            if point.response >= 0:
                yield Sample("response_time", tags, at, point.response / 1e3)
        yield Sample("http_req_failed", tags, at, float(point.failed))

    def _many(self, point: RequestSum, at: int) -> Iterator[Sample[T]]:
        tags = self._outcome(point)
        yield Sample("http_reqs", tags, at, float(point.count))
        failed = Sample("http_req_failed", tags, at, float(point.failed))
        for _ in range(point.count):
            yield failed

    def _sum(self, point: ValueSum, at: int) -> Iterator[Sample[T]]:
        tags = self._tags(point.series)
        kind = METRICS.get(point.metric) or self._kinds.get(point.metric, "counter")
        if kind != "rate":
            yield Sample(point.metric, tags, at, point.total)
            return
        for number in range(point.count):
            yield Sample(point.metric, tags, at, float(number < point.total))

    # -- tags --------------------------------------------------------------------------------

    def _tags(self, series: int) -> T:
        try:
            return self._plain[series]
        except KeyError:
            _, tags = self._names.get(series, ("", NO_TAGS))
            own = dict(tags) if series <= RUN else {"group": "", **dict(tags)}
            encoded = self._plain[series] = self._encode(own)
            return encoded

    def _outcome(self, point: RequestPoint | RequestSum) -> T:
        key = (point.series, point.status, point.error, point.failed, point.http)
        try:
            return self._outcomes[key]
        except KeyError:
            encoded = self._outcomes[key] = self._encode(self._request_tags(point))
            return encoded

    def _request_tags(self, point: RequestPoint | RequestSum) -> dict[str, str]:
        name, tags = self._names.get(point.series, ("", NO_TAGS))
        out = {
            "expected_response": "false" if point.failed else "true",
            "group": "",
            "name": name,
            "status": str(point.status),
            "url": name,  # as in k6 where a request has a name of its own, and ours always have
        }
        if point.http:
            out["proto"] = point.http
        code = error_code(point.error) if point.error else status_code_error(point.status)
        if code:
            out["error_code"] = str(code)
        if point.error:
            out["error"] = point.error
        return {**out, **dict(tags)}
