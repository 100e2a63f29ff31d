"""A plan in less time than it is written for: what that shortens, and what it leaves."""

from __future__ import annotations

import msgspec

from loadtui.model.executor import (
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
from loadtui.model.scenario import FaultPreset, Scenario

replace = msgspec.structs.replace


def rehearsed(scenario: Scenario, scale: float) -> Scenario:
    """The scenario with the times of its plan and of its faults divided by `scale`.

    Think time, time-outs, graceful stops and the windows of thresholds stay what they are.
    """
    if scale == 1.0:
        return scenario
    entries = tuple(_entry(each, scale) for each in scenario.scenarios)
    faults = tuple(_fault(each, scale) for each in scenario.faults)
    return replace(scenario, scenarios=entries, faults=faults, time_scale=scale)


def _fault(fault: FaultPreset, scale: float) -> FaultPreset:
    at = None if fault.at is None else fault.at / scale
    lasts = None if fault.lasts is None else fault.lasts / scale
    return replace(fault, at=at, lasts=lasts)


def _entry(entry: Entry, scale: float) -> Entry:
    executor = _executor(entry.executor, scale)
    return replace(entry, executor=executor, start_time=entry.start_time / scale)


def _executor(executor: Executor, scale: float) -> Executor:
    match executor:
        case RampingVus(stages=stages) | RampingRate(stages=stages):
            shorter = tuple(replace(each, duration=each.duration / scale) for each in stages)
            return replace(executor, stages=shorter)
        case SharedIterations(max_duration=longest) | PerVuIterations(max_duration=longest):
            return replace(executor, max_duration=longest / scale)
        case ConstantVus(duration=duration) | ConstantRate(duration=duration):
            return replace(executor, duration=duration / scale)
        case Manual(duration=limit) | ManualRate(duration=limit):
            return replace(executor, duration=None if limit is None else limit / scale)
