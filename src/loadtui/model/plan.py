"""How long a plan lasts, and how many VUs it can need at once."""

from __future__ import annotations

from collections.abc import Sequence

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
