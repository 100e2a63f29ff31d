"""The session's memory of measurements: a ring of seconds, sums since the start, both bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from loadtui.measure.tally import Iterations, Tally, reasons
from loadtui.measure.window import NOTHING, Windows
from loadtui.model.row import Batch, Health
from loadtui.model.snapshot import Point, Stats

KEEP = 660
"""Seconds kept one by one: a fault's longest default life, its before and its after."""
PHASES = 60
"""Seconds of which phases are kept by default: longer than a report may come late."""
LONG = 32
"""Seconds from which on a window of some request names is worth sums that are kept."""

Names = frozenset[str] | None
"""Request names; None: all of them."""


class Second:
    """All that ended within one second, by request name; the VUs reported in it; p95 by name, in
    ms.
    """

    __slots__ = ("iterations", "names", "p95", "vus")

    def __init__(self) -> None:
        """Start empty."""
        self.names: dict[str, Tally] = {}
        self.iterations = Iterations()
        self.vus: int | None = None
        self.p95: dict[str, float | None] = {}


class Store:
    """Merges batches. Seconds are whole numbers of the session's monotonic clock.

    Memory is bounded: `KEEP` seconds (`keep_phases` of them with phases), one sum per request name,
    and `HISTORY` chart points. Sums that it hands out are its own: read them now, change nothing.
    """

    HISTORY = 4 * 3600

    def __init__(self, keep_phases: int = PHASES) -> None:
        """Start empty."""
        self._seconds: dict[int, Second] = {}
        self._newest = self._newest_point = self._stripped = -(1 << 62)
        self._keep_phases = keep_phases
        self._active: dict[int, tuple[int, int]] = {}
        self.totals: dict[str, Tally] = {}
        self._total = Tally(phases=False)
        self.iterations = Iterations()
        self.points: dict[int, Point] = {}
        self.health: dict[int, deque[Health]] = {}
        self.seen_until: dict[int, float] = {}
        self._dirty: set[int] = set()
        self._sums: dict[Names, Windows] = {}
        self._asked: dict[tuple[int, int, Names], Tally] = {}

    # -- in -------------------------------------------------------------------------------

    def ingest(self, batch: Batch) -> None:
        """Merge one worker's report; rows older than the ring count in the totals only."""
        self._active[batch.worker] = (batch.active, batch.draining)
        self.health.setdefault(batch.worker, deque(maxlen=40)).append(batch.health)
        self.seen_until[batch.worker] = batch.at
        for row in batch.rows:
            self.totals.setdefault(row.name, Tally()).add(row)
            self._total.add(row)
            if (second := self._second(row.second)) is not None:
                second.names.setdefault(row.name, Tally()).add(row)
                self._dirty.add(row.second)
        for changed in {row.second for row in batch.rows}:
            self._changed(changed)
        for done in batch.iterations:
            self.iterations.add(done)
            if (second := self._second(done.second)) is not None:
                second.iterations.add(done)

    def saw(self, second: int, vus: int) -> None:
        """Remember how many VUs were active in a second (the largest seen)."""
        if (kept := self._second(second)) is not None:
            kept.vus = max(kept.vus or 0, vus)

    def set_active(self, worker: int, active: int, draining: int) -> None:
        """Take an acknowledgement's counts before its next batch."""
        self._active[worker] = (active, draining)

    def lose(self, worker: int) -> None:
        """Forget a worker that is gone."""
        self._active.pop(worker, None)
        self.health.pop(worker, None)
        self.seen_until.pop(worker, None)

    def _second(self, second: int) -> Second | None:
        if second <= self._newest - KEEP:
            return None
        if second not in self._seconds:
            self._seconds[second] = Second()
            self._newest = max(self._newest, second)
            for old in [s for s in self._seconds if s <= second - KEEP]:
                del self._seconds[old]
                self._changed(old)
            self._strip(self._newest - self._keep_phases + 1)
        return self._seconds[second]

    def _strip(self, until: int) -> None:
        """Forget the phases of all seconds before `until`: they are most of a second's memory."""
        for s in range(max(self._stripped, until - KEEP), until):
            if (old := self._seconds.get(s)) is not None:
                for tally in old.names.values():
                    tally.phases = ()
        self._stripped = max(self._stripped, until)

    def _changed(self, second: int) -> None:
        self._asked.clear()
        for windows in self._sums.values():
            windows.changed(second)

    # -- out ------------------------------------------------------------------------------

    @property
    def active(self) -> int:
        """VUs running now, as the workers last reported."""
        return sum(active for active, _ in self._active.values())

    @property
    def draining(self) -> int:
        """VUs that finish their last iteration."""
        return sum(draining for _, draining in self._active.values())

    @property
    def first(self) -> int | None:
        """The oldest second still kept."""
        return min(self._seconds, default=None)

    def second(self, second: int) -> Second | None:
        """One second as it stands, None when nothing was reported in it."""
        return self._seconds.get(second)

    def window(self, start: int, end: int, names: Names = None, *, phases: bool = False) -> Tally:
        """The sum of the seconds `start` ≤ s < `end`, of some request names or of all; with phases
        if asked, which seconds have that are younger than the store was told to keep them.
        """
        if phases:
            return _added(self._tallies(range(start, end), names), phases=True)
        key = (start, end, names)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) >= KEEP:
                self._asked.clear()
            found = self._asked[key] = self._sum(start, end, names)
        return found

    def _sum(self, start: int, end: int, names: Names) -> Tally:
        start = max(start, self._newest - KEEP + 1)
        if names is not None and end - start < LONG:
            return _added(self._tallies(range(start, end), names), phases=False)
        if names not in self._sums:
            self._sums[names] = Windows(partial(self._one, names))
        return self._sums[names].sum(start, end)

    def _one(self, names: Names, second: int) -> Tally:
        """The sum of one second; the tally itself where there is but one."""
        found = list(self._tallies((second,), names))
        return found[0] if len(found) == 1 else _added(found, phases=False) if found else NOTHING

    def _tallies(self, seconds: Iterable[int], names: Names) -> Iterator[Tally]:
        for s in seconds:
            if (second := self._seconds.get(s)) is not None:
                for name, tally in second.names.items():
                    if names is None or name in names:
                        yield tally

    def iteration_window(self, start: int, end: int) -> Iterations:
        """The iterations that ended in the seconds `start` ≤ s < `end`."""
        out = Iterations()
        for s in range(start, end):
            if (second := self._seconds.get(s)) is not None:
                out.add(second.iterations)
        return out

    def stats(self, start: int, end: int, names: Names = None) -> Stats:
        """The numbers of a window; the rate is over its whole seconds."""
        return self.window(start, end, names).stats(end - start)

    def total(self, names: Names = None, *, phases: bool = False) -> Tally:
        """Since the start, of some request names or of all; with phases if asked."""
        if names is None and not phases:
            return self._total
        chosen = (t for name, t in self.totals.items() if names is None or name in names)
        return _added(chosen, phases=phases)

    def complete(self, now: float) -> int:
        """The first second that is not yet complete: some worker may still report rows of it.

        A worker that has been silent for 2 s holds nothing up; its rows mend the points later.
        """
        current = int(now)
        return max(min(map(int, self.seen_until.values()), default=current), current - 2)

    def refresh(self, complete: int, origin: float) -> None:
        """Bring the chart points of all seconds before `complete` up to date."""
        newest = max(self._newest_point, int(origin) - 1)
        todo = {s for s in self._dirty if s < complete} | set(range(newest + 1, complete))
        self._dirty -= todo
        for second in sorted(todo):
            self.points[second] = self._point(second, origin)
            self._newest_point = max(self._newest_point, second)
        for old in list(islice(self.points, max(0, len(self.points) - self.HISTORY))):
            del self.points[old]

    def last_points(self, seconds: int) -> tuple[Point, ...]:
        """The newest chart points, oldest first."""
        newest = self._newest_point
        chosen = range(newest - seconds + 1, newest + 1)
        return tuple(self.points[s] for s in chosen if s in self.points)

    def points_between(self, start: int, end: int) -> tuple[Point, ...]:
        """The chart points of the seconds `start` ≤ s < `end`."""
        return tuple(self.points[s] for s in range(start, end) if s in self.points)

    def trend(self, name: str, seconds: int) -> tuple[float | None, ...]:
        """p95 in ms of one request name, one value for each of the last seconds, oldest first."""
        newest = self._newest_point
        kept: Iterable[Second | None] = (
            self._seconds.get(s) for s in range(newest - seconds + 1, newest + 1)
        )
        return tuple(second.p95.get(name) if second is not None else None for second in kept)

    def _point(self, second: int, origin: float) -> Point:
        seen, at = self._seconds.get(second), second + 1 - origin
        vus = seen.vus or 0 if seen is not None else 0
        if seen is None or not seen.names:
            return Point(at=at, vus=vus, rate=0.0 if self.totals else None)
        for name, one in seen.names.items():
            seen.p95[name] = one.duration.quantiles_ms(0.95)[0]
        return _measured(self.window(second, second + 1), at, vus)


def _added(tallies: Iterable[Tally], *, phases: bool) -> Tally:
    out = Tally(phases=phases)
    for tally in tallies:
        out.add(tally)
    return out


def _measured(tally: Tally, at: float, vus: int) -> Point:
    if not tally.requests:
        return Point(at=at, vus=vus, rate=0.0)
    p50, p95, p99 = tally.duration.quantiles_ms(0.5, 0.95, 0.99)
    why = reasons(tally)
    timeouts = sum(n for kind, n in tally.errors.items() if "timeout" in kind)
    return Point(
        at=at,
        vus=vus,
        rate=float(tally.requests),
        p50=p50,
        p95=p95,
        p99=p99,
        failed=tally.failed / tally.requests,
        timeouts=timeouts / tally.requests,
        worst=max(why, key=lambda k: why[k]) if why and tally.failed else "",
    )
