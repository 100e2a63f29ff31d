"""Sums since the start: of everything, by request name, by series and for each selection."""

from __future__ import annotations

from typing import NamedTuple

from loadtui.measure.custom import Measured
from loadtui.measure.second import choose, measure
from loadtui.measure.sections import Sections
from loadtui.measure.selection import Selections, parts_of
from loadtui.measure.tally import Iterations, Tally
from loadtui.model.row import IterationRow, MetricRow, Part, Row
from loadtui.model.tags import NO_TAGS, OTHER, SERIES_LIMIT, Tags


class SeriesKey(NamedTuple):
    """Requests of one name and set of tags that ended alike: `status` 0 with an `error`."""

    name: str
    tags: Tags
    status: int
    error: str


class Totals:
    """Since the start; memory grows with the number of series, which is limited, not with time."""

    def __init__(self, selections: Selections) -> None:
        """Start empty."""
        self._selections = selections
        self.all = Tally(phases=False)
        self.names: dict[str, Tally] = {}
        self.series: dict[SeriesKey, Tally] = {}
        self.chosen: dict[Tags, Tally] = {}
        self.iterations = Iterations()
        self.scenarios: dict[str, Iterations] = {}
        self.chosen_iterations: dict[Tags, Iterations] = {}
        self.metrics: dict[tuple[str, Tags], Measured] = {}
        self.first_failures: dict[tuple[str, str], int] = {}
        """(request name, status or kind of error) → the second in which it first failed so."""
        self.sections = Sections()

    def add(self, row: Row, name: str) -> None:
        """Merge a row, which counts under `name`."""
        self.all.add(row)
        self.names.setdefault(name, Tally()).add(row)
        choose(self.chosen, row, self._selections)
        for part in parts_of(row):
            self._series(row, part).add_part(part)
            if part.failed:
                self._failure(name, part.error or str(part.status), row.second)
        self.sections.add(row)

    def _failure(self, name: str, reason: str, second: int) -> None:
        known = self.first_failures.get((name, reason))
        if known is not None or len(self.first_failures) < SERIES_LIMIT:
            earliest = second if known is None else min(known, second)
            self.first_failures[name, reason] = earliest

    def add_iterations(self, row: IterationRow) -> None:
        """Merge a row of iterations."""
        self.iterations.add(row)
        scenario = dict(row.tags).get("scenario", OTHER)
        self.scenarios.setdefault(scenario, Iterations()).add(row)
        for tags in self._selections.of(row.tags):
            self.chosen_iterations.setdefault(tags, Iterations()).add(row)

    def add_metric(self, row: MetricRow) -> None:
        """Merge samples of a custom metric."""
        measure(self.metrics, row, self._selections)
        self.sections.add_metric(row)

    def _series(self, row: Row, part: Part) -> Tally:
        key = SeriesKey(row.name, row.tags, part.status, part.error)
        if key not in self.series and len(self.series) >= SERIES_LIMIT:
            key = SeriesKey(OTHER, NO_TAGS, 0, "")
        if key not in self.series:
            self.series[key] = Tally(phases=False)
        return self.series[key]
