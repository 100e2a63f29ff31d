"""Sums since the start of each scenario and each group, for summaries (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from loadtui.measure.custom import Measured
from loadtui.measure.tally import Iterations, Spread, Tally
from loadtui.model.result import MetricResult, Section, trend_stat
from loadtui.model.row import MetricRow, Row
from loadtui.model.tags import OTHER

LIMIT = 100
"""Scenarios and groups kept apart; what comes after them counts as `(other)`."""


class Sections:
    """Sums by the values of the tags `scenario` and `group`; their number is limited."""

    def __init__(self) -> None:
        """Start empty."""
        self.scenarios: dict[str, Tally] = {}
        self.groups: dict[str, Tally] = {}
        self.entered: dict[str, Measured] = {}
        """Of each group, how long it took (`group_duration`)."""

    def add(self, row: Row) -> None:
        """Merge a row where its tags say it belongs."""
        for tag, kept in (("scenario", self.scenarios), ("group", self.groups)):
            if name := _value(row.tags, tag):
                _own(kept, name).add(row)

    def add_metric(self, row: MetricRow) -> None:
        """Take in how long a group took."""
        if row.metric == "group_duration" and (name := _value(row.tags, "group")):
            key = _key(self.entered, name)
            self.entered.setdefault(key, Measured(row.kind)).add(row)

    def of(
        self, iterations: Mapping[str, Iterations], stats: Sequence[str], elapsed: float
    ) -> tuple[Section, ...]:
        """All of them, scenarios first, each in the order of its beginning.

        `iterations`: those of each scenario. `stats`: of trends. `elapsed`: seconds of load.
        """
        names = dict.fromkeys((*iterations, *self.scenarios))
        groups = dict.fromkeys((*self.entered, *self.groups))
        return (
            *(self._scenario(name, iterations.get(name), stats, elapsed) for name in names),
            *(self._group(name, stats, elapsed) for name in groups),
        )

    def _scenario(
        self, name: str, done: Iterations | None, stats: Sequence[str], elapsed: float
    ) -> Section:
        tally = self.scenarios.get(name, Tally(phases=False))
        results = tuple(_requests(tally, stats, elapsed))
        if done is not None:
            results = (*results, *_iterations(done, stats, elapsed))
        return Section("scenario", name, dict(tally.checks), results)

    def _group(self, name: str, stats: Sequence[str], elapsed: float) -> Section:
        tally, entered = self.groups.get(name, Tally(phases=False)), self.entered.get(name)
        results = tuple(_requests(tally, stats, elapsed))
        if entered is not None and entered.count:
            values = _entered(entered, stats)
            results = (MetricResult("group_duration", "trend", "time", values), *results)
        return Section("group", name, dict(tally.checks), results)


def _value(tags: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for tag, value in tags if tag == name), "")


def _key(kept: Mapping[str, object], name: str) -> str:
    return name if name in kept or len(kept) < LIMIT else OTHER


def _own(kept: dict[str, Tally], name: str) -> Tally:
    return kept.setdefault(_key(kept, name), Tally(phases=False))


def _requests(tally: Tally, stats: Sequence[str], elapsed: float) -> Iterator[MetricResult]:
    if tally.duration.count:
        yield MetricResult("http_req_duration", "trend", "time", _spread(tally.duration, stats))
    if tally.requests:
        failed, all_ = float(tally.failed), float(tally.requests)
        shares = {"rate": failed / all_, "passes": failed, "fails": all_ - failed}
        yield MetricResult("http_req_failed", "rate", "default", shares)
        yield _counter("http_reqs", tally.requests, elapsed)


def _iterations(done: Iterations, stats: Sequence[str], elapsed: float) -> Iterator[MetricResult]:
    if done.duration.count:
        values = _spread(done.duration, stats)
        yield MetricResult("iteration_duration", "trend", "time", values)
    if done.ended:
        yield _counter("iterations", done.ended, elapsed)
    if done.dropped:
        yield _counter("dropped_iterations", done.dropped, elapsed)


def _counter(name: str, count: int, elapsed: float) -> MetricResult:
    values = {"count": float(count), "rate": count / elapsed if elapsed > 0 else 0.0}
    return MetricResult(name, "counter", "default", values)


def _spread(spread: Spread, stats: Sequence[str]) -> dict[str, float]:
    """Stats of times, in ms."""
    mean = spread.total / spread.count
    known = {"avg": mean / 1000, "min": spread.low / 1000, "max": spread.high / 1000}
    return _stats(stats, spread.count, known, lambda q: spread.quantiles_ms(q)[0])


def _entered(sums: Measured, stats: Sequence[str]) -> dict[str, float]:
    known = {"avg": sums.total / sums.count, "min": sums.low, "max": sums.high}
    return _stats(stats, sums.count, known, sums.quantile)


def _stats(
    stats: Sequence[str],
    count: int,
    known: Mapping[str, float],
    read: Callable[[float], float | None],
) -> dict[str, float]:
    values = {"count": float(count)}
    for stat in stats:
        quantile = trend_stat(stat)
        if quantile is not None:
            values[stat] = read(quantile) or 0.0
        elif stat in known:
            values[stat] = known[stat]
    return values
