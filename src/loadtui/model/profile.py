"""Profiles: a usual load by name, with what usually must hold under it.

The figures are those of the orders tutorial's five load tests; `breakpoint` climbs until a
threshold breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from loadtui.errors import BadInput
from loadtui.model.executor import ConstantVus, Entry, Executor, RampingVus, Stage
from loadtui.model.metric import METRICS
from loadtui.model.scenario import Scenario
from loadtui.model.suggest import advice
from loadtui.model.threshold import Threshold, parse

DURATION, FAILED = "http_req_duration", "http_req_failed"


class Profile(msgspec.Struct, frozen=True):
    """`rules`: metric and threshold; `aborts`: whether the first that breaks ends the run."""

    name: str
    executor: Executor
    rules: tuple[tuple[str, str], ...]
    aborts: bool = False

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """What must hold."""
        return tuple(
            msgspec.structs.replace(parse(metric, rule), abort_on_fail=self.aborts)
            for metric, rule in self.rules
        )


def _climb(*stages: tuple[float, int]) -> RampingVus:
    """Stages of minutes and VUs, from 1 VU."""
    return RampingVus(tuple(Stage(minutes * 60.0, target) for minutes, target in stages))


_TEN_SECONDS = 1 / 6
CLIMB_WINDOW = 10.0
"""Seconds over which a threshold is judged while the load climbs."""

PROFILES: Mapping[str, Profile] = {
    each.name: each
    for each in (
        Profile("smoke", ConstantVus(60.0, 1), ((FAILED, "rate<0.01"),)),
        Profile(
            "load",
            _climb((2, 50), (5, 50), (2, 0)),
            ((DURATION, "p(95)<500"), (DURATION, "p(99)<1000"), (FAILED, "rate<0.01")),
        ),
        Profile(
            "stress",
            _climb((2, 100), (5, 100), (2, 200), (5, 200), (2, 300), (5, 300), (2, 0)),
            ((DURATION, "p(95)<2000"),),
        ),
        Profile("soak", _climb((5, 50), (240, 50), (5, 0)), ((DURATION, "p(95)<500"),)),
        Profile(
            "spike",
            _climb(
                (_TEN_SECONDS, 10),
                (1, 10),
                (_TEN_SECONDS, 500),
                (3, 500),
                (_TEN_SECONDS, 10),
                (3, 10),
                (_TEN_SECONDS / 2, 0),
            ),
            ((DURATION, "p(95)<3000"), (FAILED, "rate<0.05")),
        ),
        Profile(
            "breakpoint",
            _climb((20, 1000)),
            ((DURATION, "p(95)<500 over 10s"), (FAILED, "rate<0.01 over 10s")),
            aborts=True,
        ),
    )
}
"""The built-in profiles, in the order of their help."""


def profile(name: str) -> Profile:
    """The profile of that name; raises BadInput where there is none."""
    if name not in PROFILES:
        raise BadInput(f"there is no profile {name}", hint=advice(name, PROFILES))
    return PROFILES[name]


def added(own: Sequence[Threshold], chosen: Profile) -> tuple[Threshold, ...]:
    """The thresholds of a file and, for metrics that it leaves unset, those of its profile.

    Under a profile that ends with the first that breaks, those of the file end it as well: each
    that is judged over a window, and of times and shares over the run, which follow a climb too
    late, the same over the profile's window beside them.
    """
    kept = tuple(_ending(own)) if chosen.aborts else own
    return (*kept, *_missing(own, chosen))


def _missing(own: Sequence[Threshold], chosen: Profile) -> Iterator[Threshold]:
    taken = {each.metric for each in own if not each.tags}
    yield from (each for each in chosen.thresholds if each.metric not in taken)


def _ending(own: Sequence[Threshold]) -> Iterator[Threshold]:
    written = {(each.metric, each.source) for each in own}
    for each in own:
        if each.window is not None:
            yield msgspec.structs.replace(each, abort_on_fail=True)
            continue
        yield each
        source = f"{each.source} over {CLIMB_WINDOW:g}s"
        if METRICS.get(each.metric) in {"trend", "rate"} and (each.metric, source) not in written:
            yield msgspec.structs.replace(
                each, source=source, window=CLIMB_WINDOW, abort_on_fail=True
            )


def with_profile(scenario: Scenario, chosen: Profile) -> Scenario:
    """The scenario under that profile in place of its own load.

    The name of its one entry, the journey it runs and its tags stay. Raises BadInput where the
    scenario has several entries.
    """
    entries = scenario.scenarios
    if len(entries) > 1:
        raise BadInput(
            f"the file has {len(entries)} scenarios, and a profile describes one",
            hint="change the file, or leave --profile out",
        )
    executor = _capped(chosen, scenario.guard.max_vus)
    entry = entries[0] if entries else Entry("default", executor)
    own = scenario.own_thresholds if scenario.profile else scenario.thresholds
    return msgspec.structs.replace(
        scenario,
        scenarios=(msgspec.structs.replace(entry, executor=executor, start_time=0.0),),
        thresholds=added(own, chosen),
        own_thresholds=own,
        profile=chosen.name,
    )


def _capped(chosen: Profile, most: int) -> Executor:
    """Its executor; one that climbs until something breaks climbs no higher than it may."""
    executor = chosen.executor
    if not chosen.aborts or not isinstance(executor, RampingVus):
        return executor
    stages = (msgspec.structs.replace(s, target=min(s.target, most)) for s in executor.stages)
    return msgspec.structs.replace(executor, stages=tuple(stages))
