"""What was measured, out of a journal's seconds: for a session that could not say it (pure)."""

from __future__ import annotations

import msgspec

from loadtui.measure.store import KEEP, Store
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched
from loadtui.session.final import completed
from loadtui.session.second_line import SecondLine
from loadtui.session.total import total_of
from loadtui.session.verdicts import Verdicts, store_for
from loadtui.session.watching import Watching

EMPTY = Scenario(name="", target="")


class Rebuilt:
    """A store whose seconds are the session's. Phases and tags are not in a journal."""

    def __init__(self, scenario: Scenario | None) -> None:
        """Start empty."""
        self.scenario = scenario or EMPTY
        self.store: Store = store_for(self.scenario)
        self._verdicts = Verdicts(self.scenario)
        self._watching = Watching(self.scenario, self.store, 0.0)
        self.began: float | None = None
        self._until = 0.0
        # Windows over a hole that is longer than what a store keeps would be judged on nothing.
        self._is_near = True

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
        self._is_near &= line.at - self._until < KEEP
        self._until = max(self._until, line.at + 1)
        if self._is_near:
            self._verdicts.note_windows(self.store, int(self._until), int(self._until), 0.0)

    def watched(self, seen: tuple[Watched, ...], at: float) -> None:
        """How watched processes were at a session second."""
        known = self._watching.trails
        # Their changes are markers already, which screens have; only their numbers are wanted.
        tuple(self._watching.take([each for each in seen if each.name in known], at))

    def completed(self, shown: Snapshot, stats: tuple[str, ...]) -> Snapshot:
        """A snapshot with the numbers of the whole run, up to the last second that is known.

        All of them are those of whole seconds, so that they agree. `stats`: those of trends.
        """
        self.store.refresh(int(shown.at) + 1, 0.0)
        elapsed = self._until - self.began if self.began is not None else 0.0
        judged = self._verdicts.judge(self.store, int(self._until), elapsed=elapsed, last=True)
        known = msgspec.structs.replace(
            shown,
            phase="ended",
            elapsed=elapsed,
            total=total_of(self.store),
            thresholds=tuple(map(_best, shown.thresholds, judged)) or shown.thresholds,
        )
        return completed(known, self.scenario, self.store, self._watching, stats)


def _best(shown: ThresholdStatus, judged: ThresholdStatus) -> ThresholdStatus:
    """What the seconds say, where they can: they know neither phases nor tags."""
    return shown if judged.no_data or judged.run is None else judged
