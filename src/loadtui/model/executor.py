"""Executors: how much load at which moment of a plan, with k6's words and semantics.

Durations are seconds, rates are starts per `time_unit`. What each means at a moment is computed in
`load.plan_vus` and `load.arrivals`.
"""

from __future__ import annotations

import msgspec

GRACEFUL = 30.0
"""Seconds that an iteration has to end in, unless the plan says otherwise (k6)."""


class Stage(msgspec.Struct, frozen=True):
    """A straight line to `target` (VUs, or starts per time unit) over `duration` seconds; 0: a
    jump.
    """

    duration: float
    target: int


class ConstantVus(msgspec.Struct, frozen=True, tag="constant-vus"):
    """So many VUs iterate without a break."""

    duration: float
    vus: int = 1


class RampingVus(msgspec.Struct, frozen=True, tag="ramping-vus"):
    """VUs along the stages; one that leaves has `graceful_ramp_down` seconds for its iteration."""

    stages: tuple[Stage, ...]
    start_vus: int = 1
    graceful_ramp_down: float = GRACEFUL


class ConstantRate(msgspec.Struct, frozen=True, tag="constant-arrival-rate"):
    """Start i is due at i × time_unit / rate, whether or not earlier iterations have ended."""

    rate: int
    duration: float
    pre_allocated_vus: int
    max_vus: int
    time_unit: float = 1.0


class RampingRate(msgspec.Struct, frozen=True, tag="ramping-arrival-rate"):
    """Start n is due when the area under the rate's curve reaches n."""

    stages: tuple[Stage, ...]
    pre_allocated_vus: int
    max_vus: int
    start_rate: int = 0
    time_unit: float = 1.0


class SharedIterations(msgspec.Struct, frozen=True, tag="shared-iterations"):
    """VUs take iterations from one heap until none is left, or `max_duration` is over."""

    vus: int = 1
    iterations: int = 1
    max_duration: float = 600.0


class PerVuIterations(msgspec.Struct, frozen=True, tag="per-vu-iterations"):
    """Each VU runs so many iterations, unless `max_duration` ends first."""

    vus: int = 1
    iterations: int = 1
    max_duration: float = 600.0


class Manual(msgspec.Struct, frozen=True, tag="manual"):
    """VUs that only a hand changes; `duration` None: until stopped."""

    vus: int = 1
    duration: float | None = None


class ManualRate(msgspec.Struct, frozen=True, tag="manual-rate"):
    """An arrival rate that only a hand changes; `duration` None: until stopped."""

    rate: int
    pre_allocated_vus: int
    max_vus: int
    time_unit: float = 1.0
    duration: float | None = None


ByVus = ConstantVus | RampingVus | Manual
"""Executors that say how many VUs iterate at a moment."""

ByRate = ConstantRate | RampingRate | ManualRate
"""Executors that say when iterations start."""

ByCount = SharedIterations | PerVuIterations
"""Executors that say how many iterations there are."""

Executor = ByVus | ByRate | ByCount


class Entry(msgspec.Struct, frozen=True):
    """One of a scenario's plans, which run side by side. `name` is also its samples' tag
    `scenario`; `exec`: the journey that it runs, "" for the file's own; `start_time`: seconds after
    the plan's beginning; `graceful_stop`: seconds that iterations have to end in after its end;
    `pacing`: seconds from one beginning of a VU's iterations to the next, 0: when the last one
    ended. An iteration that is too long for it makes the next ones late until the VU has caught up,
    and what they are late counts in `response_time` (the correction of wrk2).
    """

    name: str
    executor: Executor
    exec: str = ""
    start_time: float = 0.0
    graceful_stop: float = GRACEFUL
    tags: dict[str, str] = {}
    pacing: float = 0.0
