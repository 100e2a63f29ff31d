"""Iterations that are counted, dealt to workers, and what a lost one leaves undone (pure).

An iteration that a worker ended and had not yet reported when it was lost is run once more: at most
those of its last quarter of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import msgspec

from loadtui.load.plan import Share, dealt
from loadtui.model.executor import ByCount, Entry, Executor, SharedIterations
from loadtui.model.row import IterationRow
from loadtui.model.scenario import Scenario


class Owed:
    """What each worker still has to run of every entry that counts iterations."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Nothing is dealt yet."""
        self._counted = {
            entry.name: entry.executor for entry in entries if isinstance(entry.executor, ByCount)
        }
        self._left: dict[int, dict[str, int]] = {}

    def deal(self, workers: Iterable[int]) -> None:
        """The plan begins, and these workers share it; later ones continue what was dealt."""
        if self._left:
            return
        known = tuple(workers)
        for place, worker in enumerate(known):
            share = Share(place, len(known))
            self._left[worker] = {
                name: dealt(executor, share) for name, executor in self._counted.items()
            }

    def ran(self, worker: int, rows: Iterable[IterationRow]) -> None:
        """A worker reports iterations that ended while the plan drove."""
        left = self._left.get(worker)
        if left is None or not self._counted:
            return
        for row in rows:
            name = dict(row.tags).get("scenario", "")
            if name in left:
                left[name] = max(0, left[name] - row.ended)

    def left(self, worker: int) -> int:
        """How many iterations a worker still has to run."""
        return sum(self._left.get(worker, {}).values())

    def scenario(
        self, scenario: Scenario, worker: int, share: Share, elapsed: float = inf
    ) -> Scenario:
        """The scenario for a fresh worker in a lost one's place, with that share: it owes what that
        one owed. `elapsed`: seconds of the plan; entries that are still to begin are dealt then.
        """
        left = self._left.get(worker)
        if left is None or not self._counted:
            return scenario
        entries = tuple(
            msgspec.structs.replace(entry, executor=_rest(entry.executor, left[entry.name], share))
            if entry.name in left and elapsed >= entry.start_time
            else entry
            for entry in scenario.scenarios
        )
        return msgspec.structs.replace(scenario, scenarios=entries)


def _rest(executor: Executor, left: int, share: Share) -> Executor:
    """An executor of which this share is exactly `left`; what VUs had for themselves is shared."""
    if not isinstance(executor, ByCount):
        return executor
    workers = min(share.workers, executor.vus)
    total = share.index + workers * (left - 1) + 1 if left else 0
    return SharedIterations(executor.vus, total, executor.max_duration)
