"""A worker's measurements on their way out: one cell a second and request name, until drained."""

from __future__ import annotations

from typing import Protocol

from loadtui.measure.histogram import Histogram
from loadtui.model.row import IterationRow, Row

SECONDS = 120
"""Seconds kept apart while nobody takes them; after that the oldest two become one."""

_TIMED_ERRORS = frozenset({"timeout", "connect_timeout"})
"""Failures with a latency: somebody waited that long. Any other error is not "0 ms"."""


class Outcome(Protocol):
    """What is recorded of one request: see `Row` for the meaning, times in integer µs."""

    @property
    def status(self) -> int:
        """HTTP status, 0 without an answer."""

    @property
    def error(self) -> str:
        """Kind of the failure, "" when there was an answer."""

    @property
    def duration_us(self) -> int:
        """Sending + waiting + receiving, or the full wait of one that timed out."""

    @property
    def blocked(self) -> int:
        """Phase."""

    @property
    def connecting(self) -> int:
        """Phase."""

    @property
    def tls_handshaking(self) -> int:
        """Phase."""

    @property
    def sending(self) -> int:
        """Phase."""

    @property
    def waiting(self) -> int:
        """Phase."""

    @property
    def receiving(self) -> int:
        """Phase."""

    @property
    def bytes_in(self) -> int:
        """Bytes read."""

    @property
    def bytes_out(self) -> int:
        """Bytes written."""


class Cell:
    """What one request name did within one second."""

    __slots__ = (
        "bytes_in",
        "bytes_out",
        "checks",
        "counters",
        "cut",
        "duration",
        "errors",
        "failed",
        "phases",
        "requests",
        "statuses",
    )

    def __init__(self) -> None:
        """Start empty."""
        self.requests = self.failed = self.cut = self.bytes_in = self.bytes_out = 0
        self.duration = Histogram()
        self.phases = tuple(Histogram() for _ in range(6))
        self.statuses: dict[int, int] = {}
        self.errors: dict[str, int] = {}
        self.checks: dict[str, list[int]] = {}
        self.counters: dict[str, float] = {}

    def request(self, outcome: Outcome, *, failed: bool) -> None:
        """Count a request that ended with an answer or an error, but was not cut."""
        self.requests += 1
        self.failed += failed
        self.bytes_in += outcome.bytes_in
        self.bytes_out += outcome.bytes_out
        if error := outcome.error:
            self.errors[error] = self.errors.get(error, 0) + 1
            if error not in _TIMED_ERRORS:
                return
        else:
            status = outcome.status
            self.statuses[status] = self.statuses.get(status, 0) + 1
        self._times(outcome)

    def _times(self, outcome: Outcome) -> None:
        self.duration.record(outcome.duration_us)
        blocked, connecting, tls_handshaking, sending, waiting, receiving = self.phases
        # A phase that took no time is not recorded: `row` adds the zeros, for nothing.
        if outcome.blocked:
            blocked.record(outcome.blocked)
        if outcome.connecting:
            connecting.record(outcome.connecting)
        if outcome.tls_handshaking:
            tls_handshaking.record(outcome.tls_handshaking)
        if outcome.sending:
            sending.record(outcome.sending)
        if outcome.waiting:
            waiting.record(outcome.waiting)
        if outcome.receiving:
            receiving.record(outcome.receiving)

    def check(self, name: str, *, passed: bool) -> None:
        """Count one check."""
        try:
            self.checks[name][not passed] += 1
        except KeyError:
            self.checks[name] = [int(passed), int(not passed)]

    def count(self, metric: str, value: float = 1.0) -> None:
        """Add to a counter."""
        self.counters[metric] = self.counters.get(metric, 0.0) + value

    def merge(self, other: Cell) -> None:
        """Add everything of another cell."""
        self.requests += other.requests
        self.failed += other.failed
        self.cut += other.cut
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self.duration.merge(other.duration)
        for mine, theirs in zip(self.phases, other.phases, strict=True):
            mine.merge(theirs)
        for status, number in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + number
        for error, number in other.errors.items():
            self.errors[error] = self.errors.get(error, 0) + number
        for name, (passed, failed) in other.checks.items():
            known = self.checks.setdefault(name, [0, 0])
            known[0] += passed
            known[1] += failed
        for metric, value in other.counters.items():
            self.count(metric, value)

    def row(self, second: int, name: str) -> Row:
        """The cell as a value; the cell is not used any more."""
        duration = self.duration.to_distribution()
        return Row(
            second=second,
            name=name,
            requests=self.requests,
            failed=self.failed,
            cut=self.cut,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
            duration=duration,
            phases=tuple(p.to_distribution(duration.count - p.count) for p in self.phases),
            statuses=self.statuses,
            errors=self.errors,
            checks={name: (passed, failed) for name, (passed, failed) in self.checks.items()},
            counters=self.counters,
        )


class IterationCell:
    """Iterations that ended within one second."""

    __slots__ = ("cut", "duration", "ended", "failed")

    def __init__(self) -> None:
        """Start empty."""
        self.ended = self.failed = self.cut = 0
        self.duration = Histogram()

    def end(self, us: int, *, failed: bool) -> None:
        """Count one that came to its end after `us` µs, by a failure or not."""
        self.ended += 1
        self.failed += failed
        self.duration.record(us)

    def merge(self, other: IterationCell) -> None:
        """Add everything of another cell."""
        self.ended += other.ended
        self.failed += other.failed
        self.cut += other.cut
        self.duration.merge(other.duration)

    def row(self, second: int) -> IterationRow:
        """The cell as a value."""
        duration = self.duration.to_distribution()
        return IterationRow(second, self.ended, self.failed, self.cut, duration)


class Recorder:
    """Everything recorded and not yet drained; at most `seconds` of it, however long that takes."""

    def __init__(self, seconds: int = SECONDS) -> None:
        """Start empty."""
        self._limit = seconds
        self._cells: dict[int, dict[str, Cell]] = {}
        self._iterations: dict[int, IterationCell] = {}

    def cell(self, name: str, second: int) -> Cell:
        """The cell of one request name in one second of the caller's clock."""
        try:
            return self._cells[second][name]
        except KeyError:
            return self._new_cell(name, second)

    def iterations(self, second: int) -> IterationCell:
        """The cell of the iterations that end in one second."""
        try:
            return self._iterations[second]
        except KeyError:
            return self._new_iterations(second)

    def drain(self) -> tuple[tuple[Row, ...], tuple[IterationRow, ...]]:
        """Hand over all that was recorded since the last time, oldest second first."""
        cells, self._cells = self._cells, {}
        iterations, self._iterations = self._iterations, {}
        rows = tuple(
            cell.row(second, name)
            for second in sorted(cells)
            for name, cell in cells[second].items()
        )
        return rows, tuple(iterations[second].row(second) for second in sorted(iterations))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to drain."""
        return not self._cells and not self._iterations

    def _new_cell(self, name: str, second: int) -> Cell:
        names = self._cells.setdefault(second, {})
        cell = names[name] = Cell()
        if len(self._cells) > self._limit:
            oldest, next_oldest = sorted(self._cells)[:2]
            kept = self._cells[next_oldest]
            for other, old in self._cells.pop(oldest).items():
                kept.setdefault(other, Cell()).merge(old)
            return self._cells.get(second, kept)[name]
        return cell

    def _new_iterations(self, second: int) -> IterationCell:
        cell = self._iterations[second] = IterationCell()
        if len(self._iterations) > self._limit:
            oldest, next_oldest = sorted(self._iterations)[:2]
            self._iterations[next_oldest].merge(self._iterations.pop(oldest))
            return self._iterations.get(second, self._iterations[next_oldest])
        return cell
