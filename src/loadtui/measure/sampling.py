"""A recorder that also keeps one compact point of everything it records, for outputs of samples.

Without such an output a worker has a plain `Recorder`, and pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from loadtui.measure.cell import Cell, IterationCell, Outcome
from loadtui.measure.point_queue import PointQueue
from loadtui.measure.recorder import DEFAULT, FOLDED, Recorder, Series
from loadtui.model.metric import MetricType
from loadtui.model.point import Named, PointFrame, RequestPoint, ValuePoint
from loadtui.model.row import IterationRow, Row
from loadtui.model.tags import NO_TAGS, SERIES_LIMIT, Names, Tags, tagset


class Sampled(Outcome, Protocol):
    """What a worker's exchanges tell beyond an outcome."""

    @property
    def ended(self) -> float:
        """Second of the worker's clock at which it ended."""

    @property
    def head(self) -> bytes:
        """Status line and headers as they came."""


HTTP = {b"HTTP/1.1": "HTTP/1.1", b"HTTP/1.0": "HTTP/1.0", b"HTTP/2.0": "HTTP/2.0"}
"""How an answer begins → what k6 tags it with as `proto`."""


class Tap:
    """Where points go until they are sent. `clock`: seconds, the one that stamps exchanges."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nothing waits, nothing has a number."""
        self.clock = clock
        self.kinds: dict[str, MetricType] = {}
        self.queue = PointQueue(self.kinds)
        self._numbers: dict[tuple[str, Tags], int] = {}
        self._new: list[Named] = []
        self._new_kinds: dict[str, MetricType] = {}

    def number(self, name: str, tags: Tags) -> int:
        """The number of a series; tags that are one set too many share one."""
        key = (name, tags)
        if key in self._numbers:
            return self._numbers[key]
        if len(self._numbers) >= 4 * SERIES_LIMIT:
            key = ("", FOLDED)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self._new.append(Named(self._numbers[key], *key))
        return self._numbers[key]

    def declare(self, metric: str, kind: MetricType) -> None:
        """Know the type of a metric that is not built in."""
        if metric not in self.kinds:
            self.kinds[metric] = self._new_kinds[metric] = kind

    def add(self, metric: str, series: int, value: float, at: float | None = None) -> None:
        """Keep one sample, of now unless said otherwise."""
        self.queue.value(ValuePoint(metric, series, self.clock() if at is None else at, value))

    def take(self, origin: int, most: int) -> PointFrame:
        """Hand over what waits, at most so many requests and so many values."""
        frame = self.queue.take(origin, most)
        named, self._new = tuple(self._new), []
        kinds, self._new_kinds = self._new_kinds, {}
        return PointFrame(
            frame.origin,
            named,
            kinds,
            frame.requests,
            frame.values,
            frame.request_sums,
            frame.value_sums,
            frame.thinned,
        )


class SampledCell(Cell):
    """A cell whose requests, checks and counters are kept one by one too."""

    __slots__ = ("_tap", "series")

    def __init__(self, names: Names, tap: Tap) -> None:
        """`series` is set by the recorder."""
        super().__init__(names)
        self._tap = tap
        self.series: SampledSeries | None = None

    def request(self, outcome: Outcome, *, failed: bool, response_us: int = -1) -> None:
        """Count it and keep it."""
        super().request(outcome, failed=failed, response_us=response_us)
        assert self.series is not None  # noqa: S101 - the recorder has set it
        seen: Sampled = cast("Sampled", outcome)  # every exchange of a worker has both
        self._tap.queue.request(
            RequestPoint(
                self.series.number,
                seen.ended,
                seen.status,
                seen.error,
                failed,
                HTTP.get(seen.head[:8], ""),
                seen.duration_us,
                seen.blocked,
                seen.connecting,
                seen.tls_handshaking,
                seen.sending,
                seen.waiting,
                seen.receiving,
                response_us,
            )
        )

    def check(self, name: str, *, passed: bool) -> None:
        """Count it and keep it."""
        super().check(name, passed=passed)
        assert self.series is not None  # noqa: S101 - the recorder has set it
        self._tap.add("checks", self.series.check(name), float(passed))

    def count(self, metric: str, value: float = 1.0) -> None:
        """Count it and keep it."""
        super().count(metric, value)
        assert self.series is not None  # noqa: S101 - the recorder has set it
        self._tap.declare(metric, "counter")
        self._tap.add(metric, self.series.plain, value)


class SampledSeries(Series):
    """A series with its numbers: of its requests, of its counters and of each of its checks.

    As in k6, checks and counters carry no name and no method of the request before them.
    """

    __slots__ = ("_checks", "_tap", "number", "plain")

    def __init__(
        self, name: str, tags: Tags, find: Callable[[Series, int], Cell], tap: Tap
    ) -> None:
        """Number it."""
        super().__init__(name, tags, find)
        self._tap = tap
        self.number = tap.number(name, tags)
        self.plain = tap.number("", _without_method(tags))
        self._checks: dict[str, int] = {}

    def check(self, name: str) -> int:
        """The number of one check's samples."""
        if name not in self._checks:
            tags = tagset(dict(_without_method(self.tags)), {"check": name})
            self._checks[name] = self._tap.number("", tags)
        return self._checks[name]


class SampledIterationCell(IterationCell):
    """A cell whose iterations are kept one by one too."""

    __slots__ = ("_tap", "number")

    def __init__(self, tap: Tap) -> None:
        """`number` is set by the recorder."""
        super().__init__()
        self._tap, self.number = tap, 0

    def begin(self, late_us: int) -> None:
        """Count it and keep how late it was."""
        super().begin(late_us)
        self._tap.add("iteration_lateness", self.number, max(0, late_us) / 1e3)

    def end(self, us: int, *, failed: bool) -> None:
        """Count it and keep it."""
        super().end(us, failed=failed)
        tap, number, at = self._tap, self.number, self._tap.clock()
        tap.add("iterations", number, 1.0, at)
        tap.add("iteration_duration", number, us / 1e3, at)
        tap.add("iteration_failed", number, float(failed), at)


class SamplingRecorder(Recorder):
    """Records as any does, and keeps points in its `tap`."""

    def __init__(self, tap: Tap, *, say: Callable[[str], None] = lambda _: None) -> None:
        """Start empty."""
        self.tap = tap
        super().__init__(say=say)

    def drain(self) -> tuple[tuple[Row, ...], tuple[IterationRow, ...]]:
        """Hand over rows; bytes and dropped iterations become points here, as sums."""
        rows, iterations = super().drain()
        tap = self.tap
        for row in rows:
            number = tap.number("", _without_method(row.tags))
            for metric, size in (("data_sent", row.bytes_out), ("data_received", row.bytes_in)):
                if size:
                    tap.add(metric, number, float(size))
        for done in iterations:
            if done.dropped:
                tap.add("dropped_iterations", tap.number("", done.tags), float(done.dropped))
        return rows, iterations

    def iterations(self, second: int, tags: Tags = DEFAULT) -> IterationCell:
        """The cell of the iterations of one second."""
        cell = super().iterations(second, tags)
        if isinstance(cell, SampledIterationCell):
            cell.number = self.tap.number("", tags)
        return cell

    def _new_iteration_cell(self) -> IterationCell:
        return SampledIterationCell(self.tap)

    def _made_series(self, name: str, tags: Tags) -> Series:
        return SampledSeries(name, tags, self._find, self.tap)

    def _new_cell(self) -> Cell:
        return SampledCell(self._checks, self.tap)

    def _find(self, series: Series, second: int) -> Cell:
        cell = super()._find(series, second)
        if isinstance(cell, SampledCell) and isinstance(series, SampledSeries):
            cell.series = series
        return cell

    def _keep(self, name: str, kind: MetricType, value: float, tags: Tags, at: float) -> None:
        super()._keep(name, kind, value, tags, at)
        self.tap.declare(name, kind)
        self.tap.add(name, self.tap.number("", tags), value, at)


def _without_method(tags: Tags) -> Tags:
    return tuple(pair for pair in tags if pair[0] != "method") if tags else NO_TAGS
