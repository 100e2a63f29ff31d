"""`load:` and `scenarios:` of a checked file → entries of the plan (pure)."""

from __future__ import annotations

from collections.abc import Container

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
    Stage,
)
from loadtui.model.profile import PROFILES
from loadtui.scenario.schema import FilePart, LoadPart

DEFAULT = "default"
"""What the one entry of `load:` is called."""


def entries(part: FilePart) -> tuple[Entry, ...]:
    """The plan of a file that has no problems."""
    named = {DEFAULT: part.load} if part.load is not None else part.scenarios
    return tuple(
        Entry(
            name=name,
            executor=_executor(each),
            exec=each.exec or (name if name in part.journeys else ""),
            start_time=each.startTime,
            graceful_stop=each.gracefulStop,
            pacing=each.pacing,
            tags=dict(each.tags),
        )
        for name, each in named.items()
    )


def kind_of(keys: Container[str], executor: str = "") -> str:
    """The executor that is meant where none is named: k6's shorthands, else `manual`."""
    if executor:
        return executor
    for key, kind in (
        ("stages", "ramping-vus"),
        ("iterations", "shared-iterations"),
        ("duration", "constant-vus"),
    ):
        if key in keys:
            return kind
    return "manual"


def _executor(part: LoadPart) -> Executor:
    stages = tuple(Stage(each.duration, each.target) for each in part.stages)
    duration = part.duration or 0.0
    given = part.model_fields_set
    if part.profile:
        return _profile(part, stages)
    match kind_of(given, part.executor):
        case "constant-vus":
            return ConstantVus(duration, part.vus)
        case "ramping-vus":
            start = part.vus if "vus" in given else part.startVUs
            return RampingVus(stages, start, part.gracefulRampDown)
        case "shared-iterations":
            longest = part.maxDuration if part.executor else part.duration or part.maxDuration
            return SharedIterations(min(part.vus, part.iterations), part.iterations, longest)
        case "per-vu-iterations":
            return PerVuIterations(part.vus, part.iterations, part.maxDuration)
        case "manual":
            return _manual(part)
        case kind:
            ready = part.preAllocatedVUs or 1
            most = max(ready, part.maxVUs or ready)
            if kind == "ramping-arrival-rate":
                return RampingRate(stages, ready, most, part.startRate, part.timeUnit)
            return ConstantRate(part.rate or 1, duration, ready, most, part.timeUnit)


def _profile(part: LoadPart, stages: tuple[Stage, ...]) -> Executor:
    """The profile's executor with what the file says otherwise."""
    known = PROFILES[part.profile].executor
    given = part.model_fields_set
    own: dict[str, object] = {
        "duration": part.duration,
        "vus": part.vus,
        "stages": stages,
        "start_vus": part.startVUs,
        "graceful_ramp_down": part.gracefulRampDown,
    }
    said = {PROFILE_FIELDS[key]: own[PROFILE_FIELDS[key]] for key in PROFILE_FIELDS if key in given}
    return msgspec.structs.replace(known, **said)


PROFILE_FIELDS = {
    "duration": "duration",
    "vus": "vus",
    "stages": "stages",
    "startVUs": "start_vus",
    "gracefulRampDown": "graceful_ramp_down",
}
"""What a file may say otherwise than a profile, and what the executor calls it."""


def _manual(part: LoadPart) -> Executor:
    if part.rate is None:
        return Manual(part.vus, part.duration)
    ready = part.preAllocatedVUs or 1
    most = max(ready, part.maxVUs or ready)
    return ManualRate(part.rate, ready, most, part.timeUnit, part.duration)
