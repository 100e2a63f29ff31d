"""Which worker runs what (pure): each computes its own share, and none waits for another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import msgspec

from loadtui.model.executor import ByCount, Entry, PerVuIterations
from loadtui.model.plan import planned_vus

HAND_VUS = 100
"""VUs that a rate driven by hand may use at least, where the plan names none."""


class Share(msgspec.Struct, frozen=True):
    """One worker's part of everything: it is number `index` of `workers`, from 0."""

    index: int = 0
    workers: int = 1

    def of(self, total: int) -> int:
        """How many of 0, 1, … total - 1 belong to this worker: number k to worker k % workers."""
        return max(0, -(-(total - self.index) // self.workers))


WHOLE = Share()


def split(target: int, workers: int) -> tuple[int, ...]:
    """The target of each of `workers` ≥ 1 workers: the sum is exact, they differ by one at most."""
    return tuple(Share(index, workers).of(target) for index in range(workers))


def dealt(executor: ByCount, share: Share) -> int:
    """The iterations that a worker has to run; workers without a VU get none."""
    if isinstance(executor, PerVuIterations):
        return executor.iterations * share.of(executor.vus)
    workers = min(share.workers, executor.vus)
    if share.index >= workers:
        return 0
    return Share(share.index, workers).of(executor.iterations)


def weights_of(entries: Sequence[Entry]) -> tuple[int, ...]:
    """By which proportion a hand's target is divided among entries: by the VUs they plan."""
    return tuple(max(1, planned_vus(entry.executor)) for entry in entries)


def by_hand(target: int, weights: Sequence[int], share: Share = WHOLE) -> tuple[int, ...]:
    """How many of a hand's VUs this worker runs for each entry.

    VU k always belongs to the same entry and the same worker, so that raising the target starts
    and lowering it ends only the last ones. Entries get their part within one.
    """
    if len(weights) == 1:
        return (share.of(target),)
    counts = [0] * len(weights)
    total, credit = sum(weights), list(repeat(0, len(weights)))
    for number in range(target):
        credit = [have + weight for have, weight in zip(credit, weights, strict=True)]
        first = max(range(len(weights)), key=credit.__getitem__)
        credit[first] -= total
        counts[first] += number % share.workers == share.index
    return tuple(counts)
