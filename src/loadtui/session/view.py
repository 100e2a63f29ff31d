"""From what was decided and measured to the one snapshot that everybody is shown."""

from __future__ import annotations

from itertools import islice
from typing import Any

import msgspec

from loadtui.load.planned import words
from loadtui.measure.health import Vitals, judge, vitals
from loadtui.measure.past import Past
from loadtui.measure.store import Store
from loadtui.measure.tally import Tally, reasons
from loadtui.model.command import Watch
from loadtui.model.generator import Generator, GeneratorState
from loadtui.model.history import History
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import (
    Comparison,
    Driver,
    Endpoint,
    Phase,
    Snapshot,
    SpikeStatus,
)
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched
from loadtui.session.chaos_state import panel
from loadtui.session.limits import endpoint_limit, failed_limit, slo
from loadtui.session.load_state import LoadState
from loadtui.session.staff import Staff
from loadtui.session.state import Now, State
from loadtui.session.timeline import Timeline
from loadtui.session.total import total_of
from loadtui.session.verdicts import NOW

CHART = 120
TREND = 60
FURTHER = 100
"""Request names beside the scenario's own, those of journeys, that the table shows at most."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What only the interpreter knows."""

    phase: Phase
    staff: Staff
    parts: dict[str, str]
    news: str
    news_number: int
    journal: str
    origin: float
    load_began: float | None
    thresholds: tuple[ThresholdStatus, ...]
    comparisons: tuple[Comparison, ...]
    timeline: Timeline
    watched: tuple[Watched, ...] = ()
    elapsed: float = 0.0
    dead_man: float | None = None


class View:
    """Builds snapshots; keeps the endpoint table of the last half second, which is dear to make."""

    def __init__(self, scenario: Scenario) -> None:
        """Start with an empty past."""
        self._endpoints: tuple[Endpoint, ...] = ()
        self.adopt(scenario)
        self._past, self._watched = Past(), ""
        self._named_past: Past | None = None

    def adopt(self, scenario: Scenario) -> None:
        """Draw the limits and requests of this scenario from now on; the past stays."""
        self._scenario = scenario
        self._slo, self._failed_limit = slo(scenario), failed_limit(scenario)
        self._limits = {r.name: endpoint_limit(scenario, r.name) for r in scenario.all_requests}
        self._endpoints_at = float("-inf")

    def watch(self, command: Watch) -> None:
        """Let the history tell of the requests of that name from now on."""
        self._watched, named = command.name, frozenset({command.name})
        self._named_past = Past(named) if command.name else None

    def snapshot(self, state: State, store: Store, facts: Facts, now: Now) -> Snapshot:
        """The instant `now`."""
        second = int(now.mono)
        last = store.window(second - NOW + 1, second + 1)
        span = _span(store, now.mono, facts.load_began)
        return Snapshot(
            at=now.mono - facts.origin,
            wall=now.wall,
            phase=facts.phase,
            **_scenario(self._scenario),
            **_load(state.load, now.mono),
            question=state.question,
            active=store.crews.active,
            draining=store.crews.draining,
            now=last.stats(span),
            errors_now={k: n / span for k, n in reasons(last).items()} if last.failed else {},
            total=total_of(store),
            points=store.last_points(CHART),
            endpoints=self._table(store, second, span, now.mono),
            thresholds=facts.thresholds,
            slo=self._slo,
            failed_limit=self._failed_limit,
            generator=_generator(store, facts, now.mono),
            watched=facts.watched,
            elapsed=facts.elapsed,
            dead_man=facts.dead_man,
            chaos=panel(state.chaos, now.wall, state.load.plan_second(now.mono)),
            markers=facts.timeline.shown,
            comparisons=facts.comparisons,
            caption=state.script.caption if state.script is not None else "",
            has_tour=bool(state.tour),
            touring=state.script is not None and not state.script.is_over,
            parts=facts.parts,
            news=facts.news,
            news_number=facts.news_number,
            journal=facts.journal,
            history=self._history(store, second, facts.origin, span),
        )

    def _history(self, store: Store, second: int, origin: float, span: float) -> History:
        """The past of all, which is kept in any case, or of the name that is watched."""
        self._past.refresh(store, origin)
        if self._named_past is None:
            return History(points=self._past.points, heat=self._past.heat)
        self._named_past.refresh(store, origin)
        last, whole = _named(store, second, self._watched), store.totals.get(self._watched)
        return History(
            name=self._watched,
            points=self._named_past.points,
            heat=self._named_past.heat,
            reasons={k: n / span for k, n in reasons(last).items()} if last.failed else {},
            total=whole.requests if whole is not None else 0,
            failed=whole.failed if whole is not None else 0,
        )

    def _table(self, store: Store, second: int, span: float, now: float) -> tuple[Endpoint, ...]:
        if now - self._endpoints_at >= 0.5:
            self._endpoints_at = now
            self._endpoints = tuple(
                Endpoint(
                    name=name,
                    method=method,
                    now=_named(store, second, name).stats(span),
                    trend=store.trend(name, TREND),
                    limit=self._limits.get(name),
                )
                for name, method in self._names(store)
            )
        return self._endpoints

    def _names(self, store: Store) -> tuple[tuple[str, str], ...]:
        """Names and methods: the scenario's requests, then what journeys sent, in that order."""
        known = {request.name: request.method for request in self._scenario.all_requests}
        further = (name for name in store.totals if name not in known)
        return (*known.items(), *((name, "") for name in islice(further, FURTHER)))


def _scenario(scenario: Scenario) -> dict[str, Any]:
    """What is loaded, and how its plan was changed by flags."""
    return {
        "name": scenario.name,
        "target_url": scenario.target,
        "profile": scenario.profile,
        "time_scale": scenario.time_scale,
        "rps": scenario.rps,
    }


def _load(load: LoadState, now: float) -> dict[str, Any]:
    """What is decided about the load."""
    spike = load.spike
    return {
        "target": load.target,
        "step": load.step,
        "max_vus": load.max_vus,
        "by_rate": load.by_rate,
        "target_rate": load.rate,
        "max_rate": load.max_rate,
        "driver": _driver(load),
        "plan": "" if load.began is None else words(load.plan, load.elapsed(now)),
        "spike": SpikeStatus(spike.back_to, max(0.0, spike.until - now)) if spike else None,
        "panic": load.panic,
    }


def _driver(load: LoadState) -> Driver:
    if load.began is None:
        return "hand"
    if load.is_over:
        return "plan over"
    return "plan" if load.follows else "hand over plan"


def _named(store: Store, second: int, name: str) -> Tally:
    return store.window(second - NOW + 1, second + 1, frozenset({name}))


def _span(store: Store, now: float, began: float | None) -> float:
    """Seconds that the last window covers: from the load's beginning, to the newest report."""
    newest = max(store.crews.seen_until.values(), default=now)
    start = max(int(now) - NOW + 1, began if began is not None else now)
    missed = store.gaps.seconds(int(now) - NOW + 1, int(now) + 1)
    return max(1.0, newest - start - missed)


def _generator(store: Store, facts: Facts, now: float) -> Generator:
    second = int(now)
    signs = vitals(store.crews.health, store.iteration_window(second - NOW + 1, second + 1))
    judgement = judge(signs, workers=facts.staff.wanted)
    state = _missing(signs, facts) or judgement.state
    why, advice = judgement.why, judgement.advice
    if state != judgement.state:
        why, advice = _lost(facts.staff) if state == "lost" else ("", "")
    return Generator(
        cpu=signs.cpu,
        lag=signs.lag,
        workers=facts.staff.workers,
        wanted=facts.staff.wanted,
        coming=len(facts.staff.coming),
        silent=len(facts.staff.silent),
        losses=facts.staff.losses,
        missed=store.gaps.total(now),
        state=state,
        why=why,
        advice=advice,
        late=signs.late,
        dropped=signs.dropped,
        connections=signs.connections,
        files=signs.files,
        files_limit=signs.files_limit,
        ports=signs.ports,
        ports_limit=signs.ports_limit,
    )


def _lost(staff: Staff) -> tuple[str, str]:
    """What is missing, and what becomes of it."""
    why = f"{staff.wanted - staff.workers} of {staff.wanted} workers missing"
    if staff.coming:
        return why, "a fresh one is starting"
    return why, "it does not answer" if staff.silent else "end this session and begin another"


def _missing(signs: Vitals, facts: Facts) -> GeneratorState | None:
    """The state where workers, or their reports, are missing."""
    if facts.staff.workers < facts.staff.wanted:
        return "starting" if facts.phase == "starting" else "lost"
    return "starting" if signs.cpu is None or signs.lag is None else None
