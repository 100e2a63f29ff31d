"""How long a plan lasts, how many VUs it can need, and which worker runs what (pure).

Every function takes seconds since the beginning of the entry: workers compute the same plan from
the same clock, and none waits for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import msgspec

from loadtui.model.executor import (
    ByRate,
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    Manual,
    ManualRate,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
)

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


def end_of(executor: Executor) -> float | None:
    """Seconds until no further iteration begins; None: never by itself.

    Executors that count iterations may be done earlier.
    """
    match executor:
        case ConstantVus(duration=duration) | ConstantRate(duration=duration):
            return duration
        case Manual(duration=limit) | ManualRate(duration=limit):
            return limit
        case SharedIterations(max_duration=duration) | PerVuIterations(max_duration=duration):
            return duration
        case RampingVus(stages=stages) | RampingRate(stages=stages):
            return sum(stage.duration for stage in stages)


def plan_end(entries: Sequence[Entry]) -> float | None:
    """Seconds from the beginning of the plan until its last entry ends, without graceful stops."""
    latest = 0.0
    for entry in entries:
        end = end_of(entry.executor)
        if end is None:
            return None
        latest = max(latest, entry.start_time + end)
    return latest


def planned_vus(executor: Executor) -> int:
    """The most VUs that the executor can ever need at once."""
    match executor:
        case RampingVus(stages=stages, start_vus=start):
            return max(start, *(stage.target for stage in stages), 0)
        case ConstantRate() | RampingRate() | ManualRate():
            return most_vus(executor)
        case _:
            return executor.vus


def most_vus(executor: ByRate) -> int:
    """VUs up to which an arrival rate may grow."""
    return max(executor.max_vus, executor.pre_allocated_vus)


def most_at_once(entries: Sequence[Entry]) -> int:
    """The most VUs of all entries together, gracefully ending ones included.

    Entries that cannot overlap do not add up.
    """
    spans = [_span(entry) for entry in entries]
    moments = sorted({begin for begin, _ in spans})
    sizes = [planned_vus(entry.executor) for entry in entries]
    return max(
        (
            sum(
                size
                for size, (begin, end) in zip(sizes, spans, strict=True)
                if begin <= moment < end
            )
            for moment in moments
        ),
        default=0,
    )


def _span(entry: Entry) -> tuple[float, float]:
    end = end_of(entry.executor)
    if end is None:
        return entry.start_time, float("inf")
    return entry.start_time, entry.start_time + end + entry.graceful_stop + 1e-9


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
