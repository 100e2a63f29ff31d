"""What a profile is run for, in words: how a spike was met, whether a soak drifted, where the
knee is (pure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from loadtui.measure.drift import Drift, drift
from loadtui.measure.knee import Break, Knee, knee
from loadtui.measure.within import STEADY, Return, back, judged
from loadtui.model.executor import RampingVus, Stage
from loadtui.model.finding import Finding
from loadtui.model.history import Point
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.units import duration, grouped, milliseconds, number, share, size
from loadtui.session.plan_rules import PLAN_BEGUN, PLAN_OVER
from loadtui.session.watching import Trails

Span = tuple[float, float]

FAILURES = 8
"""First failures that are told, at most."""

ASKING = frozenset({"spike", "soak", "breakpoint"})
"""Profiles that ask more than whether thresholds held."""

MOVED = 0.05
"""A change smaller than this share of the first quarter's value is called none."""


class Failure(NamedTuple):
    """The first time that a request failed in one way; `at`: session seconds."""

    at: float
    endpoint: str
    reason: str


def findings(
    scenario: Scenario,
    final: Snapshot,
    points: Sequence[Point],
    trails: Mapping[str, Trails] = {},
    failures: Sequence[Failure] = (),
) -> Iterator[Finding]:
    """What a run under a profile found out, nothing for one that asks nothing more.

    `points`: the whole run, one a second. `trails`: those of watched processes by name.
    `failures`: the first of each kind, in order of time.
    """
    began = next((p.at - 1 for p in points if p.vus), None)
    executor = scenario.scenarios[0].executor if scenario.scenarios else None
    if began is None or not isinstance(executor, RampingVus):
        return
    if scenario.profile in ASKING:
        yield from _by_hand(final)
    match scenario.profile:
        case "spike":
            yield from _spike(scenario, points, began, executor)
        case "soak":
            since, until = steady(executor.stages, executor.start_vus)
            yield from _soak(points, trails, (began + since, began + until))
        case "breakpoint":
            yield from _breakpoint(scenario, final, points, failures)
        case _:
            return


def _by_hand(final: Snapshot) -> Iterator[Finding]:
    """That an operator moved or held the load while the plan had it."""
    acts = [each for each in final.markers if each.kind in {"act", "panic"}]
    over = next((place for place, each in enumerate(acts) if each.what == PLAN_OVER), len(acts))
    own = [each for each in acts[:over] if each.what != PLAN_BEGUN]
    if own:
        more = f" and {len(own) - 1} more" if len(own) > 1 else ""
        text = f"by hand: {own[0].what} {_at(own[0].at)} into the run{more}"
        yield Finding("by-hand", f"{text}, so the profile's moments may not be the run's", ok=False)


def peak(stages: Sequence[Stage]) -> Span:
    """From the beginning of the climb to the highest target until it begins to fall, in seconds."""
    top = max(stage.target for stage in stages)
    gone, since, until = 0.0, None, 0.0
    for stage in stages:
        if stage.target == top and since is None:
            since = gone
        gone += stage.duration
        if stage.target == top:
            until = gone
    return since or 0.0, until


def steady(stages: Sequence[Stage], start: int) -> Span:
    """The longest stage in which the load stands still, in seconds; an empty span where none."""
    best, gone, before = (0.0, 0.0), 0.0, start
    for stage in stages:
        is_longer = stage.duration > best[1] - best[0]
        if stage.target == before and is_longer:
            best = gone, gone + stage.duration
        gone, before = gone + stage.duration, stage.target
    return best


def _spike(
    scenario: Scenario, points: Sequence[Point], began: float, executor: RampingVus
) -> Iterator[Finding]:
    since, until = peak(executor.stages)
    end = sum(stage.duration for stage in executor.stages)
    limits = judged(scenario.thresholds)
    if not limits:
        yield Finding("reaction", "spike: no threshold can be judged second by second")
        return
    reaction = back(points, began + since, began + until, limits)
    recovery = back(points, began + until, began + end, limits)
    yield _return("reaction", "spike", reaction, "while it lasted")
    yield _return("recovery", "after the spike", recovery, "before the run ended")


def _return(about: str, when: str, found: Return, until: str) -> Finding:
    is_short = found.seen < STEADY
    return Finding(
        about,
        f"{when}: {_words(found, until)}",
        None if is_short else found.seconds is not None,
        {"seconds": found.seconds, "measured": found.seen, "broken": found.bad},
    )


def _words(found: Return, until: str) -> str:
    if found.seen < STEADY:
        return f"too short to say ({found.seen} s measured, {STEADY} s in a row are needed)"
    if found.seconds is None:
        return f"NOT back within the thresholds {until} ({found.bad} of {found.seen} s broke them)"
    if found.seconds == 0:
        return f"within the thresholds ({found.bad} of {found.seen} s broke them)"
    took = duration(float(round(found.seconds)))
    return f"back within the thresholds after {took}, for {STEADY} s in a row"


def _soak(points: Sequence[Point], trails: Mapping[str, Trails], span: Span) -> Iterator[Finding]:
    p95 = [(p.at, p.p95) for p in points if p.p95 is not None]
    yield _drift("drift", "p95", drift(p95, *span), milliseconds)
    for name, each in trails.items():
        memory, files = drift(each.memory.values, *span), drift(each.files.values, *span)
        yield _drift(f"drift-memory-{name}", f"memory of {name}", memory, size)
        yield _drift(f"drift-files-{name}", f"open files of {name}", files, grouped)


def _drift(about: str, what: str, found: Drift | None, shown: Callable[[float], str]) -> Finding:
    if found is None:
        return Finding(about, f"drift: {what}: too short to say")
    change = (found.last - found.first) / found.first if found.first else 0.0
    slope = f"{'+' if found.per_hour >= 0 else '−'}{shown(abs(found.per_hour))} an hour"
    moved = "grew" if change >= MOVED else "fell" if change <= -MOVED else "stood still"
    quarters = f"{shown(found.first)} in the first quarter, {shown(found.last)} in the last"
    return Finding(
        about,
        f"drift: {what} {moved}: {quarters} ({change:+.0%}, {slope})",
        values={"first": found.first, "last": found.last, "per_hour": found.per_hour},
    )


def _breakpoint(
    scenario: Scenario, final: Snapshot, points: Sequence[Point], failures: Sequence[Failure]
) -> Iterator[Finding]:
    """The knee, then in order of time what failed and which thresholds broke."""
    found = knee(points, final.thresholds, scenario.thresholds)
    told = [(each.at, _failed(each)) for each in failures[:FAILURES]]
    if found is None:
        most = max((p.vus or 0 for p in points), default=0)
        yield Finding("knee", f"knee: none up to {most} VUs", values={"vus": None, "most": most})
    else:
        yield _knee(found)
        if final.generator.state == "measuring the generator":
            why = f"the generator was at a limit of its own: {final.generator.why}"
            yield Finding("generator", f"{why}; the knee may be the generator's", ok=False)
        for place, each in enumerate(found.breaks):
            told.append((each.window.until, _broken(each, "then" if place else "broke first")))
    yield from (finding for _, finding in sorted(told, key=lambda each: each[0]))


def _knee(found: Knee) -> Finding:
    rate = f", {number(found.rate)} requests/s" if found.rate is not None else ""
    return Finding(
        "knee",
        f"knee: {found.vus} VUs{rate}, {_at(found.at)} into the run",
        values={"vus": found.vus, "rate": found.rate, "at": found.at},
    )


def _failed(failure: Failure) -> Finding:
    text = f"first {failure.reason} on {failure.endpoint}: {_at(failure.at)} into the run"
    return Finding("failure", text, values={**failure._asdict()})


def _broken(each: Break, when: str) -> Finding:
    window = each.window
    what = f"was {_shown(window.value, each.unit)} from {_at(window.since)} to {_at(window.until)}"
    if window.endpoint:
        what += f"; most of it {window.endpoint}"
    if window.reason:
        what += f", failing with {window.reason}"
    return Finding(
        "break",
        f"{when}: {each.metric} {each.rule} ({what})",
        ok=False,
        values={
            "metric": each.metric,
            "threshold": each.rule,
            "value": window.value,
            "since": window.since,
            "until": window.until,
            "endpoint": window.endpoint,
            "reason": window.reason,
        },
    )


def _shown(value: float, unit: str) -> str:
    match unit:
        case "ms":
            return milliseconds(value)
        case "%":
            return share(value)
        case _:
            return number(value)


def _at(seconds: float) -> str:
    return duration(float(round(seconds))) if round(seconds) else "0s"
