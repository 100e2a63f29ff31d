"""What a plan wants at a moment, and where in it that moment lies, for whoever looks on (pure)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.load.arrivals import Arrivals
from loadtui.load.plan_vus import VuPlan
from loadtui.model.executor import (
    ByRate,
    ConstantRate,
    ConstantVus,
    Entry,
    Manual,
    ManualRate,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
)
from loadtui.model.plan import end_of, planned_vus
from loadtui.model.units import duration


class Wanted(msgspec.Struct, frozen=True):
    """VUs that iterate without a break, and iterations that start per second."""

    vus: int = 0
    rate: float = 0.0


def wanted(entries: Sequence[Entry], elapsed: float) -> Wanted:
    """What all entries together want at `elapsed` seconds of the plan."""
    vus, rate = 0, 0.0
    for entry in entries:
        own = _wanted(entry, elapsed - entry.start_time)
        vus, rate = vus + own.vus, rate + own.rate
    return Wanted(vus, rate)


def _wanted(entry: Entry, elapsed: float) -> Wanted:
    executor = entry.executor
    match executor:
        case ConstantVus() | RampingVus() | Manual():
            return Wanted(vus=VuPlan(executor).vus_at(elapsed))
        case ConstantRate() | RampingRate() | ManualRate():
            return Wanted(rate=Arrivals(executor).rate_at(elapsed))
        case _:
            end = end_of(executor)
            runs = elapsed >= 0 and (end is None or elapsed < end)
            return Wanted(vus=planned_vus(executor) if runs else 0)


def is_by_rate(entries: Sequence[Entry]) -> bool:
    """Whether arrival rates alone make the plan: then a hand that takes over drives a rate."""
    return bool(entries) and all(isinstance(entry.executor, ByRate) for entry in entries)


def lead(entries: Sequence[Entry]) -> float:
    """Seconds between an order and the plan's beginning, in which workers make VUs ready."""
    ready = sum(getattr(entry.executor, "pre_allocated_vus", 0) for entry in entries)
    return 0.1 + 0.0003 * ready


def words(entries: Sequence[Entry], elapsed: float) -> str:
    """Where in the plan a moment lies, such as `stage 2 of 5 → 50 VUs, 1m12s left`."""
    running = [entry for entry in entries if _runs(entry, elapsed)]
    if len(running) == 1 and len(entries) == 1:
        return _stage(running[0], elapsed - running[0].start_time)
    if running:
        return " · ".join(f"{entry.name} {_amount(entry, elapsed)}" for entry in running)
    begins = [entry.start_time - elapsed for entry in entries if entry.start_time > elapsed]
    return f"begins in {_left(min(begins))}" if begins else "over"


def _runs(entry: Entry, elapsed: float) -> bool:
    end = end_of(entry.executor)
    own = elapsed - entry.start_time
    return own >= 0 and (end is None or own < end)


def _amount(entry: Entry, elapsed: float) -> str:
    own = _wanted(entry, elapsed - entry.start_time)
    if own.rate:
        return f"{round(own.rate, 1):g}/s"
    return f"{own.vus} VU" if own.vus == 1 else f"{own.vus} VUs"


def _stage(entry: Entry, elapsed: float) -> str:
    executor = entry.executor
    if isinstance(executor, RampingVus | RampingRate):
        unit = " VUs" if isinstance(executor, RampingVus) else _per(executor.time_unit)
        gone = 0.0
        for place, stage in enumerate(executor.stages, start=1):
            gone += stage.duration
            if elapsed < gone:
                where = f"stage {place} of {len(executor.stages)} → {stage.target}{unit}"
                return f"{where}, {_left(gone - elapsed)} left"
    amount = _amount(entry, elapsed + entry.start_time)
    if isinstance(executor, SharedIterations | PerVuIterations):
        each = "" if isinstance(executor, SharedIterations) else " each"
        count = executor.iterations
        return f"{amount}, {count} iteration{'' if count == 1 else 's'}{each}"
    end = end_of(executor)
    return amount if end is None else f"{amount}, {_left(end - elapsed)} left"


def _per(time_unit: float) -> str:
    return "/s" if time_unit == 1 else f" per {duration(time_unit)}"


def _left(seconds: float) -> str:
    return duration(float(max(1, round(seconds))))
