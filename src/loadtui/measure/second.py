"""What is remembered of one second."""

from __future__ import annotations

from loadtui.measure.custom import Measured
from loadtui.measure.selection import Selections
from loadtui.measure.tally import Iterations, Tally
from loadtui.model.row import IterationRow, MetricRow, Row
from loadtui.model.tags import NO_TAGS, Tags


class Second:
    """All that ended within one second: by request name, and for each selection of tags.

    `metrics`: custom metrics by name and selection, where no tags mean all samples. `vus`: those
    reported in it; `p95` by name, in ms.
    """

    __slots__ = ("chosen", "chosen_iterations", "iterations", "metrics", "names", "p95", "vus")

    def __init__(self) -> None:
        """Start empty."""
        self.names: dict[str, Tally] = {}
        self.chosen: dict[Tags, Tally] = {}
        self.iterations = Iterations()
        self.chosen_iterations: dict[Tags, Iterations] = {}
        self.metrics: dict[tuple[str, Tags], Measured] = {}
        self.vus: int | None = None
        self.p95: dict[str, float | None] = {}

    def add(self, row: Row, name: str, selections: Selections) -> None:
        """Merge a row, which counts under `name`."""
        self.names.setdefault(name, Tally()).add(row)
        choose(self.chosen, row, selections)

    def add_iterations(self, row: IterationRow, selections: Selections) -> None:
        """Merge a row of iterations."""
        self.iterations.add(row)
        for tags in selections.of(row.tags):
            self.chosen_iterations.setdefault(tags, Iterations()).add(row)

    def strip(self) -> None:
        """Forget phases: they are most of a second's memory."""
        for tallies in (self.names, self.chosen):
            for tally in tallies.values():
                tally.phases = ()

    def pack(self) -> None:
        """Take little memory; whatever comes late still counts."""
        for tally in (*self.names.values(), *self.chosen.values()):
            tally.pack()
        for done in (self.iterations, *self.chosen_iterations.values()):
            done.pack()
        for samples in self.metrics.values():
            samples.pack()


def choose(chosen: dict[Tags, Tally], row: Row, selections: Selections) -> None:
    """Merge a row into the sums of those selections to which it belongs, whole or in part."""
    for tags in selections.whole(row):
        if tags not in chosen:
            chosen[tags] = selections.new(tags)
        chosen[tags].add(row)
    for tags, part in selections.partly(row):
        if tags not in chosen:
            chosen[tags] = selections.new(tags)
        chosen[tags].add_part(part)


def measure(
    metrics: dict[tuple[str, Tags], Measured], row: MetricRow, selections: Selections
) -> None:
    """Merge samples of a custom metric into the sum of all and those of selections."""
    for tags in (NO_TAGS, *selections.of(row.tags)):
        key = (row.metric, tags)
        if key not in metrics:
            metrics[key] = Measured(row.kind)
        metrics[key].add(row)
