"""Everything counted about some requests over some time: merges exactly, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from loadtui.measure.histogram import quantiles
from loadtui.measure.packed import NO_BUCKETS, Packed, pack, unpack
from loadtui.model.row import Distribution, IterationRow, Part, Row, Sparse
from loadtui.model.snapshot import Stats

K = TypeVar("K")
N = TypeVar("N", int, float)

_NONE: dict[Any, Any] = {}
"""Nothing counted; never changed."""


class Spread:
    """A mutable sparse histogram of integer µs; merging is addition of buckets."""

    __slots__ = ("_buckets", "_packed", "count", "high", "low", "total")

    def __init__(self) -> None:
        """Start empty."""
        self.count = self.total = self.low = self.high = 0
        self._buckets = NO_BUCKETS
        self._packed: Packed | None = None

    @property
    def buckets(self) -> Sparse:
        """Index → count; not to be changed."""
        return self._buckets if self._packed is None else unpack(self._packed)

    def pack(self) -> None:
        """Take little memory until something is added."""
        if self.count and self._packed is None:
            self._packed, self._buckets = pack(self._buckets), NO_BUCKETS

    def add(self, other: Distribution | Spread) -> None:
        """Merge another distribution into this one."""
        if not other.count:
            return
        buckets = other.buckets
        self._buckets = sum_of(self.buckets, buckets) if self.count else dict(buckets)
        self._packed = None
        self.low = min(self.low, other.low) if self.count else other.low
        self.high = max(self.high, other.high)
        self.count += other.count
        self.total += other.total

    def freeze(self) -> Distribution:
        """The same numbers as a value."""
        return Distribution(self.count, self.total, self.low, self.high, dict(self.buckets))

    def quantiles_ms(self, *qs: float) -> tuple[float | None, ...]:
        """Quantiles (0..1) in milliseconds; None each when nothing was recorded."""
        if not self.count:
            return (None,) * len(qs)
        return tuple(value / 1000 for value in quantiles(self.freeze(), qs))


def sum_of(mine: dict[int, int], theirs: Mapping[int, int]) -> dict[int, int]:
    """The counts of both; `mine` may be changed and returned, `theirs` is left as it is."""
    if len(theirs) <= len(mine):
        add_counts(mine, theirs)
        return mine
    # A copy costs a fiftieth of adding: the smaller one is added to a copy of the larger one.
    merged = dict(theirs)
    add_counts(merged, mine)
    return merged


def _summed(mine: dict[K, N], other: Mapping[K, N]) -> dict[K, N]:
    """The counts of both; `mine` is changed only where it has any."""
    if not other:
        return mine
    if not mine:
        return dict(other)
    add_counts(mine, other)
    return mine


def add_counts(into: dict[K, N], other: Mapping[K, N]) -> None:
    """Add the counts of one mapping to another, key by key."""
    for key, count in other.items():
        into[key] = into[key] + count if key in into else count


class Tally:
    """The sum of any number of rows. `phases`: six, or none where they are not kept."""

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
        "response",
        "statuses",
    )

    def __init__(self, *, phases: bool = True) -> None:
        """Start empty."""
        self.requests = self.failed = self.cut = self.bytes_in = self.bytes_out = 0
        self.duration, self.response = Spread(), Spread()
        self.phases: tuple[Spread, ...] = tuple(Spread() for _ in range(6)) if phases else ()
        # Thousands of these are kept, most with nothing to say: the empty ones are shared, and
        # `_summed` and `add` replace what is empty instead of changing it.
        self.statuses: dict[int, int] = _NONE
        self.errors: dict[str, int] = _NONE
        self.checks: dict[str, tuple[int, int]] = _NONE
        self.counters: dict[str, float] = _NONE

    def add(self, other: Row | Tally) -> None:
        """Merge a row or another tally into this one."""
        self.requests += other.requests
        self.failed += other.failed
        self.cut += other.cut
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self._times(other)
        self.statuses = _summed(self.statuses, other.statuses)
        self.errors = _summed(self.errors, other.errors)
        self.counters = _summed(self.counters, other.counters)
        if other.checks and not self.checks:
            self.checks = {}
        for name, (passed, failed) in other.checks.items():
            mine_passed, mine_failed = self.checks.get(name, (0, 0))
            self.checks[name] = (mine_passed + passed, mine_failed + failed)

    def add_part(self, part: Part) -> None:
        """Merge only those requests of a row that ended alike."""
        self.requests += part.requests
        self.failed += part.requests if part.failed else 0
        if part.error:
            self.errors = _summed(self.errors, {part.error: part.requests})
        else:
            self.statuses = _summed(self.statuses, {part.status: part.requests})
        self._times(part)

    def _times(self, other: Row | Tally | Part) -> None:
        self.duration.add(other.duration)
        self.response.add(other.response)
        phases: tuple[Distribution | Spread, ...] = other.phases
        # Most sums keep no phases: six of a row's eight distributions.
        for mine, theirs in zip(self.phases, phases, strict=False):
            mine.add(theirs)

    def pack(self) -> None:
        """Take little memory until something is added."""
        for spread in (self.duration, self.response, *self.phases):
            spread.pack()

    @property
    def failed_share(self) -> float | None:
        """Share 0..1 of requests that failed; None without requests."""
        return self.failed / self.requests if self.requests else None

    @property
    def checks_share(self) -> float | None:
        """Share 0..1 of checks that passed; None where none ran."""
        return self.share_of_check(None)

    def share_of_check(self, name: str | None) -> float | None:
        """Share 0..1 of one check, or of all, that passed; None where none ran."""
        passed, failed = self.counts_of_check(name)
        return passed / (passed + failed) if passed + failed else None

    def counts_of_check(self, name: str | None) -> tuple[int, int]:
        """How often one check, or any, passed and failed."""
        chosen = [counts for check, counts in self.checks.items() if name in {None, check}]
        return sum(passed for passed, _ in chosen), sum(failed for _, failed in chosen)

    def stats(self, seconds: float) -> Stats:
        """The numbers of a window that lasted `seconds`; the rate is None when that is 0."""
        p50, p95, p99 = self.duration.quantiles_ms(0.5, 0.95, 0.99)
        return Stats(
            requests=self.requests,
            rate=self.requests / seconds if seconds > 0 else None,
            p50=p50,
            p95=p95,
            p99=p99,
            failed=self.failed_share,
            checks=self.checks_share,
        )


def added(tallies: Iterable[Tally], *, phases: bool) -> Tally:
    """The sum of some tallies, a new one."""
    out = Tally(phases=phases)
    for tally in tallies:
        out.add(tally)
    return out


class Iterations:
    """The sum of any number of iteration rows."""

    __slots__ = ("cut", "dropped", "duration", "ended", "failed", "late")

    def __init__(self) -> None:
        """Start empty."""
        self.ended = self.failed = self.cut = self.dropped = 0
        self.duration, self.late = Spread(), Spread()

    def add(self, other: IterationRow | Iterations) -> None:
        """Merge a row or another sum into this one."""
        self.ended += other.ended
        self.failed += other.failed
        self.cut += other.cut
        self.dropped += other.dropped
        self.duration.add(other.duration)
        self.late.add(other.late)

    def pack(self) -> None:
        """Take little memory until something is added."""
        self.duration.pack()
        self.late.pack()


def reasons(tally: Tally, *, expected: frozenset[int] = frozenset()) -> dict[str, int]:
    """Why requests failed: statuses as text ("503") and error kinds, with their counts.

    Without knowledge of every request's `expect`, statuses of 400 and above count as reasons
    unless named in `expected`.
    """
    out = {str(s): n for s, n in tally.statuses.items() if s >= 400 and s not in expected}
    add_counts(out, tally.errors)
    return out
