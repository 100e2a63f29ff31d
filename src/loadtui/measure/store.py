"""The session's memory of measurements: a ring of seconds, sums since the start, both bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from loadtui.measure.crews import Crews
from loadtui.measure.custom import Measured
from loadtui.measure.gaps import Gaps
from loadtui.measure.points import beside_gap, point
from loadtui.measure.second import Second, measure
from loadtui.measure.selection import Choice, Selections, chosen_of
from loadtui.measure.tally import Iterations, Tally, added
from loadtui.measure.totals import Totals
from loadtui.measure.window import NOTHING, Windows
from loadtui.model.history import Point
from loadtui.model.row import Batch, IterationRow, MetricRow, Row
from loadtui.model.snapshot import Stats
from loadtui.model.tags import NO_TAGS, Names, Tags

KEEP = 660
"""Seconds kept one by one: a fault's longest default life, its before and its after."""
PHASES = 6
"""Seconds of which phases are kept by default: until a second is complete and written down."""
LOOSE = 6
"""Seconds that are kept as they grow; older ones are packed."""
LONG = 32
"""Seconds from which on a window of some request names is worth sums that are kept."""

NAMES_APART = 200
"""Request names kept apart second by second; further ones count as `(other)` there."""


class Store:
    """Merges batches. Seconds are whole numbers of the session's monotonic clock.

    Memory is bounded: `KEEP` seconds (`keep_phases` of them with phases) of some request names, one
    sum per name, series and selection, and `HISTORY` chart points. `selections`: sets of tags that
    will be asked for, `phased` those with phases. `names`: those of requests to keep apart in any
    case. Sums that it hands out are its own: read them now, change nothing.
    """

    HISTORY = 4 * 3600

    def __init__(
        self,
        keep_phases: int = PHASES,
        *,
        selections: Iterable[Tags] = (),
        phased: Iterable[Tags] = (),
        names: Iterable[str] = (),
    ) -> None:
        """Start empty."""
        self._seconds: dict[int, Second] = {}
        self._newest = self._newest_point = self._packed = self._stripped = -(1 << 62)
        self._keep_phases = keep_phases
        self.crews = Crews()
        self.gaps = Gaps()
        self._selections = Selections(selections, phased)
        self._apart, self._names = Names(NAMES_APART), Names()
        self.keep_apart(names)
        self.since = Totals(self._selections)
        self.points: dict[int, Point] = {}
        self._dirty: set[int] = set()
        self._sums: dict[Choice, Windows] = {}
        self._asked: dict[tuple[int, int, Choice], Tally] = {}

    # -- in -------------------------------------------------------------------------------

    def keep_apart(self, names: Iterable[str]) -> None:
        """Keep requests of these names apart, as long as there is room for more names."""
        for name in names:
            self._apart.admit(self._names.admit(name))

    def ingest(self, batch: Batch) -> None:
        """Merge one worker's report; rows older than the ring count in the totals only."""
        self.crews.saw(batch)
        for row in batch.rows:
            self._add(row)
        for changed in {row.second for row in batch.rows}:
            self._changed(changed)
        for done in batch.iterations:
            self._add_iterations(done)
        for samples in batch.metrics:
            self.add_metric(samples)

    def _add(self, row: Row) -> None:
        name = self._names.admit(row.name)
        self.since.add(row, name)
        if (second := self._second(row.second)) is not None:
            second.add(row, self._apart.admit(name), self._selections)
            self._dirty.add(row.second)

    def _add_iterations(self, row: IterationRow) -> None:
        self.since.add_iterations(row)
        if (second := self._second(row.second)) is not None:
            second.add_iterations(row, self._selections)

    def add_metric(self, row: MetricRow) -> None:
        """Merge samples of one metric."""
        self.since.add_metric(row)
        if (second := self._second(row.second)) is not None:
            measure(second.metrics, row, self._selections)

    def saw(self, second: int, vus: int) -> None:
        """Remember how many VUs were active in a second (the largest seen)."""
        if (kept := self._second(second)) is not None:
            kept.vus = max(kept.vus or 0, vus)

    def missed(self, gaps: Gaps, now: float) -> None:
        """Other seconds than before are known to be gaps, all of them before `now`."""
        newest = int(now) + 1
        before, self.gaps = self.gaps, gaps.recent(newest - KEEP)
        for gap in set(before.spans) ^ set(gaps.spans):
            for second in range(max(int(gap.since), newest - KEEP), newest + 1):
                self._changed(second)
                self._dirty.add(second)

    def _second(self, second: int) -> Second | None:
        if second <= self._newest - KEEP:
            return None
        if second not in self._seconds:
            self._seconds[second] = Second()
            self._newest = max(self._newest, second)
            for old in [s for s in self._seconds if s <= second - KEEP]:
                del self._seconds[old]
                self._changed(old)
            self._age()
        return self._seconds[second]

    def _age(self) -> None:
        """Forget the phases of old seconds, most of a second's memory, and pack those less old."""
        packed, stripped = self._newest - LOOSE + 1, self._newest - self._keep_phases + 1
        for s in range(max(self._packed, packed - KEEP), packed):
            if (old := self._seconds.get(s)) is not None:
                old.pack()
        for s in range(max(self._stripped, stripped - KEEP), stripped):
            if (old := self._seconds.get(s)) is not None:
                old.strip()
        self._packed, self._stripped = max(self._packed, packed), max(self._stripped, stripped)

    def _changed(self, second: int) -> None:
        self._asked.clear()
        for windows in self._sums.values():
            windows.changed(second)

    # -- out ------------------------------------------------------------------------------

    @property
    def first(self) -> int | None:
        """The oldest second still kept."""
        return min(self._seconds, default=None)

    @property
    def newest_point(self) -> int:
        """The newest second that has a chart point."""
        return self._newest_point

    def second(self, second: int) -> Second | None:
        """One second as it stands, None when nothing was reported in it."""
        return self._seconds.get(second)

    def window(self, start: int, end: int, choice: Choice = None, *, phases: bool = False) -> Tally:
        """The sum of the seconds `start` ≤ s < `end`, of what was chosen; with phases if
        asked, which seconds have that are younger than the store was told to keep them.
        """
        if phases:
            return added(self._tallies(range(start, end), choice), phases=True)
        key = (start, end, choice)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) >= KEEP:
                self._asked.clear()
            found = self._asked[key] = self._sum(start, end, choice)
        return found

    def _sum(self, start: int, end: int, choice: Choice) -> Tally:
        start = max(start, self._newest - KEEP + 1)
        if choice and end - start < LONG:
            return added(self._tallies(range(start, end), choice), phases=False)
        if choice not in self._sums:
            self._sums[choice] = Windows(partial(self._one, choice))
        return self._sums[choice].sum(start, end)

    def _one(self, choice: Choice, second: int) -> Tally:
        """The sum of one second; the tally itself where there is but one."""
        found = list(self._tallies((second,), choice))
        return found[0] if len(found) == 1 else added(found, phases=False) if found else NOTHING

    def _tallies(self, seconds: Iterable[int], choice: Choice) -> Iterator[Tally]:
        for second in self._measured(seconds):
            yield from chosen_of(second.names, second.chosen, choice)

    def _measured(self, seconds: Iterable[int]) -> Iterator[Second]:
        """Those of the seconds that are known and are no gaps."""
        is_whole = not self.gaps.spans
        for s in seconds:
            second = self._seconds.get(s)
            if second is not None and (is_whole or not self.gaps.at(s)):
                yield second

    def iteration_window(self, start: int, end: int, tags: Tags = NO_TAGS) -> Iterations:
        """The iterations that ended in the seconds `start` ≤ s < `end`."""
        out = Iterations()
        for second in self._measured(range(start, end)):
            found = second.chosen_iterations.get(tags) if tags else second.iterations
            if found is not None:
                out.add(found)
        return out

    def metric_window(
        self, metric: str, start: int, end: int, tags: Tags = NO_TAGS
    ) -> Measured | None:
        """The samples of a custom metric in the seconds `start` ≤ s < `end`, if there are any."""
        out: Measured | None = None
        for second in self._measured(range(start, end)):
            if (found := second.metrics.get((metric, tags))) is not None:
                out = out or Measured(found.kind)
                out.add(found)
        return out

    def stats(self, start: int, end: int, choice: Choice = None) -> Stats:
        """The numbers of a window; the rate is over its whole seconds that are no gaps."""
        return self.window(start, end, choice).stats(end - start - self.gaps.seconds(start, end))

    @property
    def totals(self) -> dict[str, Tally]:
        """Since the start, by request name."""
        return self.since.names

    @property
    def iterations(self) -> Iterations:
        """All iterations since the start."""
        return self.since.iterations

    def total(self, choice: Choice = None, *, phases: bool = False) -> Tally:
        """Since the start, of what was chosen; with phases if asked."""
        if not choice and not phases:
            return self.since.all
        return added(chosen_of(self.since.names, self.since.chosen, choice), phases=phases)

    def iteration_total(self, tags: Tags = NO_TAGS) -> Iterations:
        """The iterations since the start that have these tags."""
        return self.since.chosen_iterations.get(tags, Iterations()) if tags else self.iterations

    def metric_total(self, metric: str, tags: Tags = NO_TAGS) -> Measured | None:
        """The samples of a custom metric since the start; None: there are none."""
        return self.since.metrics.get((metric, tags))

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

    @property
    def last_vus(self) -> int | None:
        """The VUs of the newest second in which any ran; None where none did."""
        return next((p.vus for p in reversed(self.points.values()) if p.vus), None)

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
        at, kept = second + 1 - origin, self._seconds.get(second)
        if not self.gaps.at(second):
            return point(kept, self.window(second, second + 1), at, has_begun=bool(self.totals))
        if kept is None or self.gaps.whole_at(second):
            return Point(at=at, vus=None)
        whole = added(chosen_of(kept.names, kept.chosen, None), phases=False)
        return beside_gap(point(kept, whole, at, has_begun=True))
