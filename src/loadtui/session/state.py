"""Everything a session has decided, as one frozen value, and the one function that changes it."""

from __future__ import annotations

import msgspec

from loadtui.model import command as c
from loadtui.model.scenario import Scenario
from loadtui.session import timed_rules
from loadtui.session.chaos_rules import FaultCommand, decide_chaos, tick_chaos
from loadtui.session.chaos_state import ChaosState, with_presets
from loadtui.session.effect import Adopt, EditMark, Effect, Mark, Tell
from loadtui.session.load_rules import LoadCommand, decide_load, tick_load
from loadtui.session.load_state import LoadState
from loadtui.session.plan_rules import decide_plan, plan_over
from loadtui.session.setup_rules import gated, setup_done, setup_of

LINGER = 8.0
"""Seconds that the last words of a script stay on the screen."""


class TourState(msgspec.Struct, frozen=True):
    """A script under way: since when (monotonic seconds), which cue is next, the words shown."""

    cues: tuple[c.Cue, ...]
    since: float
    next: int = 0
    caption: str = ""

    @property
    def is_over(self) -> bool:
        """Whether every cue was given; the last words may still be shown."""
        return self.next >= len(self.cues)


class Offer(msgspec.Struct, frozen=True):
    """A scenario that would replace the present one after a yes; `question`: what it would be."""

    scenario: Scenario
    question: str


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Load, chaos, and a script under way. `tour`: the script that `ToggleTour` starts. `offer`:
    what was pasted and waits for a yes, while nothing runs.
    """

    load: LoadState = LoadState()
    chaos: ChaosState = ChaosState()
    script: TourState | None = None
    tour: tuple[c.Cue, ...] = ()
    offer: Offer | None = None

    @property
    def question(self) -> str:
        """The question on the screen, "" for none."""
        return self.offer.question if self.offer is not None else self.load.question

    def offered(self, offer: Offer) -> State:
        """With an offer to answer, and nothing else."""
        load = msgspec.structs.replace(self.load, asking=None)
        return msgspec.structs.replace(self, load=load, offer=offer)


def initial(scenario: Scenario, *, step: int, tour: tuple[c.Cue, ...]) -> State:
    """What is decided before anything was asked for."""
    guard = scenario.guard
    load = LoadState(
        step=step,
        max_vus=guard.max_vus,
        max_rate=guard.max_rate,
        plan=scenario.scenarios,
        setup=setup_of(scenario),
    )
    order = tuple(p.name for p in scenario.proxies)
    chaos = ChaosState(order=order, ttl=guard.ttl, timed=scenario.timed)
    return State(load=load, chaos=with_presets(chaos, scenario.faults), tour=tour)


class Now(msgspec.Struct, frozen=True):
    """One instant on both clocks, in seconds: `mono` for the load, `wall` (Unix) for faults."""

    mono: float
    wall: float


Decision = tuple[State, tuple[Effect, ...]]


def decide(state: State, command: c.AnyCommand, now: Now) -> Decision:
    """What a command changes and asks for; `Quit` and leftovers are the interpreter's."""
    match command:
        case (
            c.Panic()
            | c.Step()
            | c.SetTarget()
            | c.Zero()
            | c.Spike()
            | c.TogglePause()
            | c.StopLoad()
            | c.Confirm()
            | c.Decline()
            | c.Rearm()
        ):
            return _about_load(state, command, now)
        case c.StartPlan() | c.HandBack() | c.SwitchMode():
            return _with_load(state, decide_plan(state.load, command, now.mono))
        case (
            c.Toggle()
            | c.Inject()
            | c.Skip()
            | c.Adjust()
            | c.Strengthen()
            | c.CreateProxy()
            | c.DeleteProxy()
            | c.LiftAll()
        ):
            return _about_faults(state, command, now)
        case c.ToggleTour():
            return _toggle_tour(state, now)
        case _:
            return state, _notes(command, now)


def _about_load(state: State, command: LoadCommand, now: Now) -> Decision:
    if state.offer is not None and isinstance(command, c.Confirm | c.Decline):
        return _answered(state, state.offer, yes=isinstance(command, c.Confirm))
    going = state
    if isinstance(command, c.Panic):
        chaos = timed_rules.cancelled(state.chaos, "panic")
        going = msgspec.structs.replace(state, script=None, chaos=chaos)
    return _with_load(going, decide_load(state.load, command, now.mono))


def _about_faults(state: State, command: FaultCommand | c.Skip, now: Now) -> Decision:
    if isinstance(command, c.Skip):
        second = state.load.plan_second(now.mono)
        chaos, effects = timed_rules.skip(state.chaos, command, second)
    else:
        panic = state.load.panic
        chaos, effects = decide_chaos(state.chaos, command, now.wall, panic=panic)
        chaos = timed_rules.by_hand(state.chaos, chaos, command)
    return msgspec.structs.replace(state, chaos=chaos), effects


def _with_load(state: State, decided: tuple[LoadState, tuple[Effect, ...]]) -> Decision:
    load, effects = gated(decided)
    offer = None if load.is_wanted or load.panic else state.offer
    return msgspec.structs.replace(state, load=load, offer=offer), effects


def _answered(state: State, offer: Offer, *, yes: bool) -> Decision:
    answered = msgspec.structs.replace(state, offer=None)
    if not yes:
        return answered, ()
    names = ", ".join(each.name for each in offer.scenario.requests[:3])
    detail = f"{names} of {offer.scenario.target}"
    mark = Mark(kind="act", what="requests replaced", detail=detail, short="requests")
    return answered, (Adopt(offer.scenario), mark)


def tick(state: State, now: Now) -> tuple[State, tuple[Effect, ...], tuple[c.AnyCommand, ...]]:
    """What time alone does: spikes return, faults come and run out; a script's commands due."""
    load, load_effects = gated(tick_load(state.load, now.mono))
    chaos, chaos_effects = tick_chaos(state.chaos, now.wall)
    if (elapsed := load.plan_second(now.mono)) is not None:
        chaos, timed_effects = timed_rules.tick_timed(chaos, elapsed, now.wall, load.panic)
        chaos_effects += timed_effects
    script, commands = _due(state.script, now.mono)
    after = msgspec.structs.replace(state, load=load, chaos=chaos, script=script)
    return after, (*load_effects, *chaos_effects), commands


def end_plan(state: State) -> Decision:
    """Every worker has come to the plan's end: nothing more comes by itself."""
    load, effects = plan_over(state.load)
    if not effects:
        return state, ()
    chaos, of_faults = timed_rules.plan_ended(state.chaos)
    return msgspec.structs.replace(state, load=load, chaos=chaos), (*effects, *of_faults)


def set_up(state: State, now: Now, took: float) -> Decision:
    """`setup` has returned after `took` seconds, 0 where there is none."""
    load, effects = setup_done(state.load, now.mono, took)
    return msgspec.structs.replace(state, load=load), effects


def start_script(state: State, cues: tuple[c.Cue, ...], now: Now) -> State:
    """Begin a script."""
    return msgspec.structs.replace(state, script=TourState(cues, now.mono))


def _toggle_tour(state: State, now: Now) -> Decision:
    if state.script is not None:
        ended = Mark(kind="act", what="tour ended by hand")
        return msgspec.structs.replace(state, script=None), (ended,)
    if not state.tour:
        return state, ()
    if state.load.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    return start_script(state, state.tour, now), ()


def _due(script: TourState | None, now: float) -> tuple[TourState | None, tuple[c.AnyCommand, ...]]:
    if script is None:
        return None, ()
    commands: list[c.AnyCommand] = []
    at, caption = script.next, script.caption
    while at < len(script.cues) and now - script.since >= script.cues[at].at:
        commands += script.cues[at].commands
        caption = script.cues[at].caption or caption
        at += 1
    if script.is_over and now - script.since > script.cues[-1].at + LINGER:
        return None, ()
    return msgspec.structs.replace(script, next=at, caption=caption), tuple(commands)


def _notes(command: c.AnyCommand, now: Now) -> tuple[Effect, ...]:
    """What the operator writes into the timeline."""
    match command:
        case c.AddNote(text=text):
            return (Mark(kind="note", what=text),)
        case c.AddBookmark():
            return (Mark(kind="note", what="bookmark"),)
        case c.EditNote(number=number, text=text):
            return (EditMark(number, text),)
        case c.RemoveNote(number=number):
            return (EditMark(number, ""),)
        case c.MarkBaseline():
            return (_baseline(now),)
        case _:
            return ()


def _baseline(now: Now) -> Mark:
    end = int(now.mono)
    words = "the last 30 s are before"
    return Mark(kind="note", what="baseline", detail=words, baseline=(end - 30, end))
