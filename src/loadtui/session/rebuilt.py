"""What was measured, out of a journal's seconds: for a session that could not say it (pure)."""

from __future__ import annotations

import msgspec

from loadtui.measure.store import Store
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.session.final import completed
from loadtui.session.second_line import SecondLine
from loadtui.session.verdicts import store_for

EMPTY = Scenario(name="", target="")


class Rebuilt:
    """A store whose seconds are the session's. Phases and tags are not in a journal."""

    def __init__(self, scenario: Scenario | None) -> None:
        """Start empty."""
        self.scenario = scenario or EMPTY
        self.store: Store = store_for(self.scenario)
        self.began: float | None = None

    def add(self, line: SecondLine, active: int) -> None:
        """One second; raises ValueError where its numbers cannot be."""
        report = Batch(
            worker=0,
            seq=0,
            at=line.at + 1,
            active=active,
            draining=0,
            rows=line.rows,
            iterations=line.iteration_rows,
            metrics=line.metric_rows,
        )
        if self.began is None and line.names:
            self.began = line.at
        self.store.ingest(report)
        self.store.saw(int(line.at), active)

    def completed(self, shown: Snapshot, stats: tuple[str, ...]) -> Snapshot:
        """A snapshot with the numbers of the whole run, up to the last second that is known."""
        newest = int(shown.at) + 1
        self.store.refresh(newest, 0.0)
        elapsed = max(0.0, shown.at - (self.began if self.began is not None else shown.at))
        final = completed(shown, self.scenario, self.store, elapsed, stats)
        return msgspec.structs.replace(final, phase="ended")
