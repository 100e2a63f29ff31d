"""What a worker counts within one second, until it is drained: requests, checks, iterations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from loadtui.measure.histogram import Histogram
from loadtui.model.error_code import TIMED
from loadtui.model.row import Distribution, IterationRow, Part, Row
from loadtui.model.tags import Names, Tags


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


class PartCell:
    """Requests that ended alike: one status, or one kind of error."""

    __slots__ = ("duration", "phases", "requests", "response")

    def __init__(self) -> None:
        """Start empty."""
        self.requests = 0
        self.duration, self.response = Histogram(), Histogram()
        self.phases = tuple(Histogram() for _ in range(6))

    def times(self, outcome: Outcome) -> None:
        """Record how long it took."""
        self.duration.record(outcome.duration_us)
        blocked, connecting, tls_handshaking, sending, waiting, receiving = self.phases
        # A phase that took no time is not recorded: `part` adds the zeros, for nothing.
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

    def merge(self, other: PartCell) -> None:
        """Add everything of another one."""
        self.requests += other.requests
        self.duration.merge(other.duration)
        self.response.merge(other.response)
        for mine, theirs in zip(self.phases, other.phases, strict=True):
            mine.merge(theirs)

    def part(self, key: int | str) -> Part:
        """The same as a value; not used any more."""
        duration = self.duration.to_distribution()
        return Part(
            status=abs(key) if isinstance(key, int) else 0,
            error=key if isinstance(key, str) else "",
            failed=isinstance(key, str) or key < 0,
            requests=self.requests,
            duration=duration,
            phases=tuple(p.to_distribution(duration.count - p.count) for p in self.phases),
            response=self.response.to_distribution(),
        )


class Cell:
    """What one series did within one second.

    `parts`: by status where it was expected, by minus the status where it was not, by kind of error
    where no answer came.
    """

    __slots__ = ("_names", "bytes_in", "bytes_out", "checks", "counters", "cut", "parts")

    def __init__(self, names: Names) -> None:
        """Start empty; `names` are the worker's names of checks."""
        self._names = names
        self.cut = self.bytes_in = self.bytes_out = 0
        self.parts: dict[int | str, PartCell] = {}
        self.checks: dict[str, list[int]] = {}
        self.counters: dict[str, float] = {}

    def request(self, outcome: Outcome, *, failed: bool, response_us: int = -1) -> None:
        """Count a request that ended with an answer or an error, but was not cut.

        `response_us`: µs from its scheduled start to its end; negative: it had no schedule.
        """
        self.bytes_in += outcome.bytes_in
        self.bytes_out += outcome.bytes_out
        error = outcome.error
        key = error or (-outcome.status if failed else outcome.status)
        try:
            part = self.parts[key]
        except KeyError:
            part = self.parts[key] = PartCell()
        part.requests += 1
        if error and error not in TIMED:
            return
        part.times(outcome)
        if response_us >= 0:
            part.response.record(response_us)

    def check(self, name: str, *, passed: bool) -> None:
        """Count one check."""
        try:
            self.checks[name][not passed] += 1
        except KeyError:
            counts = self.checks.setdefault(self._names.admit(name), [0, 0])
            counts[not passed] += 1

    def count(self, metric: str, value: float = 1.0) -> None:
        """Add to a counter."""
        self.counters[metric] = self.counters.get(metric, 0.0) + value

    @property
    def dialed(self) -> int:
        """Requests for which a connection was made."""
        return sum(part.phases[1].count for part in self.parts.values())

    def merge(self, other: Cell) -> None:
        """Add everything of another cell."""
        self.cut += other.cut
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        for key, part in other.parts.items():
            self.parts.setdefault(key, PartCell()).merge(part)
        for name, (passed, failed) in other.checks.items():
            known = self.checks.setdefault(name, [0, 0])
            known[0] += passed
            known[1] += failed
        for metric, value in other.counters.items():
            self.counters[metric] = self.counters.get(metric, 0.0) + value

    def row(self, second: int, name: str, tags: Tags) -> Row:
        """The cell as a value; the cell is not used any more."""
        parts = tuple(cell.part(key) for key, cell in self.parts.items())
        whole = parts[0] if len(parts) == 1 else None
        phases = zip(*(part.phases for part in parts), strict=True)
        return Row(
            second=second,
            name=name,
            requests=sum(part.requests for part in parts),
            failed=sum(part.requests for part in parts if part.failed),
            cut=self.cut,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
            duration=whole.duration if whole else _sum(part.duration for part in parts),
            phases=whole.phases if whole else tuple(_sum(each) for each in phases),
            statuses=_statuses(parts),
            errors={part.error: part.requests for part in parts if part.error},
            checks={check: (good, bad) for check, (good, bad) in self.checks.items()},
            counters=self.counters,
            tags=tags,
            response=whole.response if whole else _sum(part.response for part in parts),
            parts=() if whole else parts,
        )


def _statuses(parts: Iterable[Part]) -> dict[int, int]:
    # A status may be expected of one request and not of another of the same series.
    out: dict[int, int] = {}
    for part in parts:
        if not part.error:
            out[part.status] = out.get(part.status, 0) + part.requests
    return out


def _sum(distributions: Iterable[Distribution]) -> Distribution:
    out = Histogram()
    for each in distributions:
        out.merge(each)
    return out.to_distribution()


class IterationCell:
    """Iterations of one set of tags within one second."""

    __slots__ = ("cut", "dropped", "duration", "ended", "failed", "late")

    def __init__(self) -> None:
        """Start empty."""
        self.ended = self.failed = self.cut = self.dropped = 0
        self.duration, self.late = Histogram(), Histogram()

    def begin(self, late_us: int) -> None:
        """Count one that began, so many µs after it was due."""
        self.late.record(max(0, late_us))

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
        self.dropped += other.dropped
        self.duration.merge(other.duration)
        self.late.merge(other.late)

    def row(self, second: int, tags: Tags) -> IterationRow:
        """The cell as a value."""
        return IterationRow(
            second=second,
            ended=self.ended,
            failed=self.failed,
            cut=self.cut,
            duration=self.duration.to_distribution(),
            tags=tags,
            dropped=self.dropped,
            late=self.late.to_distribution(),
        )
