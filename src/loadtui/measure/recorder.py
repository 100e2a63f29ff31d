"""A worker's measurements on their way out: one cell a second and series, until drained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from loadtui.measure.cell import Cell, IterationCell
from loadtui.measure.custom import Measured
from loadtui.measure.kept import Kept
from loadtui.model.metric import MetricType, is_name
from loadtui.model.row import IterationRow, MetricRow, Row
from loadtui.model.tags import NO_TAGS, OTHER, SERIES_LIMIT, TOO_MANY, Names, Tags

SECONDS = 120
"""Seconds kept apart while nobody takes them; after that the oldest two become one."""

METRICS_LIMIT = 500
"""Custom metrics that one worker may have; more can only be names made of values."""

DEFAULT: Tags = (("scenario", "default"),)
"""Tags of iterations of the one unnamed executor, as in k6."""

FOLDED: Tags = (("series", OTHER),)
"""Tags of iterations and of a metric's samples whose own set of tags is one series too many."""

_NEVER = -(1 << 62)

MetricKey = tuple[str, Tags]
K = TypeVar("K")


class Series:
    """A request name with one set of tags: interned, and quick at finding its cell of a second."""

    __slots__ = ("_cell", "_find", "_second", "name", "tags")

    def __init__(self, name: str, tags: Tags, find: Callable[[Series, int], Cell]) -> None:
        """`find` looks a cell up in the recorder."""
        self.name, self.tags, self._find = name, tags, find
        self._second = _NEVER
        self._cell: Cell | None = None

    def at(self, second: int) -> Cell:
        """The cell of one second of the caller's clock; ask again for every request."""
        if second == self._second and self._cell is not None:
            return self._cell
        self._cell, self._second = self._find(self, second), second
        return self._cell

    def forget(self) -> None:
        """The cell found last is used no more."""
        self._second, self._cell = _NEVER, None


class Recorder:
    """Everything recorded and not yet drained; at most `seconds` of it, however long that takes.

    At most `series` series of requests, of iterations and of metrics are kept apart; `say` is told
    once when there are more. Series asked for first are those kept: ask for the known ones early.
    """

    def __init__(
        self,
        seconds: int = SECONDS,
        *,
        series: int = SERIES_LIMIT,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start empty."""
        self._limit, self._say = series, say
        self._is_said = False
        self._series: dict[tuple[str, Tags], Series] = {}
        self._other = self._made_series(OTHER, NO_TAGS)
        self._checks = Names(series)
        self._iteration_tags: set[Tags] = set()
        self._kinds: dict[str, MetricType] = {}
        self._metric_keys: set[MetricKey] = set()
        self._cells = Kept[Series, Cell](seconds, self._new_cell, Cell.merge, Series.forget)
        self._iterations = Kept[Tags, IterationCell](
            seconds, self._new_iteration_cell, IterationCell.merge, self._forget
        )
        self._last_second, self._last_tags = _NEVER, NO_TAGS
        self._last: IterationCell | None = None
        self._metrics: dict[str, Kept[Tags, Measured]] = {}
        self._seconds = seconds
        self.dialed = 0
        """Connections dialled by what was drained so far."""

    # -- requests and iterations -------------------------------------------------------------

    def series(self, name: str, tags: Tags = NO_TAGS) -> Series:
        """The series of a request name and tags, or `(other)` where it is one too many."""
        try:
            return self._series[name, tags]
        except KeyError:
            return self._new_series(name, tags)

    def cell(self, name: str, second: int, tags: Tags = NO_TAGS) -> Cell:
        """The cell of one request name in one second of the caller's clock."""
        return self.series(name, tags).at(second)

    def iterations(self, second: int, tags: Tags = DEFAULT) -> IterationCell:
        """The cell of the iterations that begin, end or are dropped in one second."""
        # Nearly always those of the last time, and hashing tags costs more than all the rest.
        if second == self._last_second and tags is self._last_tags and self._last is not None:
            return self._last
        self._last_second, self._last_tags = second, tags
        if tags not in self._iteration_tags:
            tags = self._admit(self._iteration_tags, tags, FOLDED)
        self._last = self._iterations.cell(second, tags)
        return self._last

    # -- custom metrics ----------------------------------------------------------------------

    def counter(self, name: str, value: float = 1.0, tags: Tags = NO_TAGS, *, at: float) -> None:
        """Add to a counter, at `at` seconds of the caller's clock.

        This one and the next three raise ValueError, with a sentence, for a name that is none, a
        metric of another type and a value that is no finite number; a counter also below 0.
        """
        if value < 0:
            raise ValueError(f"the counter {name} cannot go down by {value:g}")
        self._keep(name, "counter", value, tags, at)

    def gauge(self, name: str, value: float, tags: Tags = NO_TAGS, *, at: float) -> None:
        """Set a gauge: its value is the newest one."""
        self._keep(name, "gauge", value, tags, at)

    def rate(self, name: str, value: float, tags: Tags = NO_TAGS, *, at: float) -> None:
        """Count one that was so (not 0) or not (0): a rate is the share of those that were."""
        self._keep(name, "rate", value, tags, at)

    def trend(self, name: str, value: float, tags: Tags = NO_TAGS, *, at: float) -> None:
        """Add a value to a trend."""
        self._keep(name, "trend", value, tags, at)

    # -- out ---------------------------------------------------------------------------------

    def drain(self) -> tuple[tuple[Row, ...], tuple[IterationRow, ...]]:
        """Hand over all requests and iterations recorded since the last time, oldest second
        first.
        """
        rows = []
        for second, series, cell in self._cells.take():
            series.forget()
            self.dialed += cell.dialed
            rows.append(cell.row(second, series.name, series.tags))
        self._forget()
        iterations = (cell.row(second, tags) for second, tags, cell in self._iterations.take())
        return tuple(rows), tuple(iterations)

    def drain_metrics(self) -> tuple[MetricRow, ...]:
        """Hand over all samples of custom metrics recorded since the last time."""
        return tuple(
            sums.row(second, name, tags)
            for name, kept in self._metrics.items()
            for second, tags, sums in kept.take()
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to drain."""
        is_quiet = self._cells.is_empty and self._iterations.is_empty
        return is_quiet and all(kept.is_empty for kept in self._metrics.values())

    # -- within ------------------------------------------------------------------------------

    def _forget(self, _tags: Tags = NO_TAGS) -> None:
        self._last = None

    def _new_cell(self) -> Cell:
        return Cell(self._checks)

    def _new_iteration_cell(self) -> IterationCell:
        return IterationCell()

    def _made_series(self, name: str, tags: Tags) -> Series:
        return Series(name, tags, self._find)

    def _find(self, series: Series, second: int) -> Cell:
        return self._cells.cell(second, series)

    def _new_series(self, name: str, tags: Tags) -> Series:
        if len(self._series) >= self._limit:
            self._too_many()
            return self._other
        series = self._series[name, tags] = self._made_series(name, tags)
        return series

    def _keep(self, name: str, kind: MetricType, value: float, tags: Tags, at: float) -> None:
        self._sample(name, kind, tags, at).record(value, at)

    def _sample(self, name: str, kind: MetricType, tags: Tags, at: float) -> Measured:
        known = self._kinds.get(name)
        if known != kind:
            self._declare(name, kind, known)
        key = (name, tags)
        if key not in self._metric_keys:
            _, tags = self._admit(self._metric_keys, key, (name, FOLDED))
        return self._metrics[name].cell(int(at), tags)

    def _declare(self, name: str, kind: MetricType, known: MetricType | None) -> None:
        if known is not None:
            raise ValueError(f"the metric {name} is a {known}, not a {kind}")
        if not is_name(name):
            raise ValueError(
                f"{name!r} is no metric: 2 to 128 letters, digits or _, no digit first"
            )
        if len(self._kinds) >= METRICS_LIMIT:
            raise ValueError(f"{name} is one metric too many: there may be {METRICS_LIMIT}")
        self._kinds[name] = kind

        def new() -> Measured:
            return Measured(kind)

        self._metrics[name] = Kept[Tags, Measured](self._seconds, new, Measured.add)

    def _admit(self, known: set[K], key: K, folded: K) -> K:
        """The key, if there is room for one more; else what stands for all that have none."""
        if len(known) >= self._limit:
            self._too_many()
            return folded
        known.add(key)
        return key

    def _too_many(self) -> None:
        if not self._is_said:
            self._is_said = True
            self._say(TOO_MANY)
