"""Faults that come by themselves, on the plan's clock: the rules (pure).

Rules of this module: they go in and out as by hand, through the same effects; a time-to-live holds
for them too; whoever touches one by hand has it from then on, and nothing comes a second time; what
was cancelled stays so until somebody asks for it.
"""

from __future__ import annotations

from loadtui.model import command as c
from loadtui.model.timed import DOWN, Timed
from loadtui.model.toxic import Toxic
from loadtui.model.units import duration
from loadtui.session.chaos_rules import FaultCommand, inject, lift, refusal
from loadtui.session.chaos_state import AHEAD, ChaosState
from loadtui.session.effect import Effect, Mark, SlotKey, Tell

PATIENCE = 10.0
"""Seconds for which a fault that cannot be injected at its time is tried again."""

Decision = tuple[ChaosState, tuple[Effect, ...]]


def tick_timed(state: ChaosState, elapsed: float, now: float, panic: str) -> Decision:
    """What the plan's clock does; `elapsed` in its seconds, `now` in Unix seconds."""
    effects: list[Effect] = []
    for timed in state.timed:
        state, more = _moved(state, timed, elapsed, now, panic)
        effects += more
    return state, tuple(effects)


def _moved(state: ChaosState, timed: Timed, elapsed: float, now: float, panic: str) -> Decision:
    slot = state.slot(timed.key)
    if timed.state == "waiting" and elapsed >= timed.at and not slot.busy:
        return _due(state, timed, elapsed, now, panic)
    # A call that failed may have landed all the same.
    is_ours = timed.state in {"on", "failed"} and slot.entry is not None and not slot.busy
    if is_ours and timed.until is not None and elapsed >= timed.until:
        return lift(state, timed.key, "as planned")
    return state, ()


def _due(state: ChaosState, timed: Timed, elapsed: float, now: float, panic: str) -> Decision:
    if state.slot(timed.key).entry is not None:
        return _given_up(state, timed, "skipped", "it was on already")
    if why := refusal(state, timed.key, panic):
        is_past = timed.until is not None and elapsed >= timed.until
        if elapsed - timed.at < PATIENCE and not is_past:
            return state, ()
        return _given_up(state, timed, "failed", why)
    state = state.with_timed(timed, state="injecting")
    toxic = state.slot(timed.key).toxic or timed.toxic or Toxic(DOWN, DOWN)
    return inject(state, timed.key, toxic, state.ttl, now, panic)


def _given_up(state: ChaosState, timed: Timed, what: str, why: str) -> Decision:
    return state.with_timed(timed, state=what, why=why), _told(timed, why)


def _told(timed: Timed, why: str) -> tuple[Effect, ...]:
    what = f"{timed.name} was not injected"
    mark = Mark(kind="bad", what=what, detail=why, short="not injected")
    return mark, Tell(f"{what}: {why}")


# -- what became of it -----------------------------------------------------------------------------


def answered(state: ChaosState, key: SlotKey, error: str) -> Decision:
    """A call for that slot ended, `error`: its failure."""
    timed = state.planned(key, "injecting")
    if timed is None:
        return state, ()
    if error:
        return _given_up(state, timed, "failed", error)
    return state.with_timed(timed, state="on"), ()


def marked(state: ChaosState, key: SlotKey, marker: int) -> ChaosState:
    """The fault of that slot has a marker in the timeline."""
    timed = state.planned(key, "on", "injecting")
    return state if timed is None else state.with_timed(timed, marker=marker)


def ended(state: ChaosState, key: SlotKey, why: str) -> ChaosState:
    """A fault of that slot was lifted, or is no longer ours."""
    timed = state.planned(key, "on")
    if timed is None or state.slot(key).entry is not None:
        return state
    return state.with_timed(timed, state="over", why="" if why == "as planned" else why)


def plan_ended(state: ChaosState) -> Decision:
    """The plan is over: what it put in goes, what has not come will not."""
    effects: list[Effect] = []
    for timed in state.timed:
        slot = state.slot(timed.key)
        if timed.state == "waiting":
            why = f"the plan was over before {duration(timed.at)}"
            state, more = _given_up(state, timed, "failed", why)
        elif timed.state == "on" and slot.entry is not None and not slot.busy:
            state, more = lift(state, timed.key, "the plan was over")
        else:
            continue
        effects += more
    return state, tuple(effects)


# -- hands -----------------------------------------------------------------------------------------


def by_hand(before: ChaosState, after: ChaosState, command: FaultCommand) -> ChaosState:
    """What an operator's command means for faults of the plan, once it was decided."""
    match command:
        case c.LiftAll():
            return cancelled(after, "every fault was lifted by hand")
        case c.Toggle(proxy=proxy, fault=fault) | c.Adjust(proxy=proxy, fault=fault, ttl=None):
            return _taken(before, after, (proxy, fault), is_longer=False)
        case c.Adjust(proxy=proxy, fault=fault):
            return _taken(before, after, (proxy, fault), is_longer=True)
        case c.Inject(proxy=proxy, toxic=toxic):
            return _taken(before, after, (proxy, toxic.name), is_longer=True)
        case _:
            return after


def _taken(before: ChaosState, after: ChaosState, key: SlotKey, *, is_longer: bool) -> ChaosState:
    """The plan's fault is the operator's where they inject it, or say how long it stays."""
    busy = after.slot(key).busy
    begins = busy == "injecting" and before.slot(key).busy != busy
    timed = after.planned(key, *AHEAD) if begins else None
    if is_longer and not begins:
        timed = after.planned(key, "on", "injecting")
    return after if timed is None else after.with_timed(timed, state="by hand")


def cancelled(state: ChaosState, why: str) -> ChaosState:
    """Nothing comes by itself any more."""
    for timed in state.timed:
        if timed.state == "waiting":
            state = state.with_timed(timed, state="skipped", why=why)
        elif timed.state == "injecting":
            state = state.with_timed(timed, state="by hand", why=why)
    return state


def skip(state: ChaosState, command: c.Skip, elapsed: float | None) -> Decision:
    """Let a fault not come, or let it come after all while its time is ahead."""
    key = (command.proxy, command.fault)
    waiting = state.planned(key, "waiting")
    if waiting is not None:
        mark = Mark(kind="act", what=f"{waiting.name} skipped", detail=_when(waiting), short="skip")
        return state.with_timed(waiting, state="skipped", why="skipped by hand"), (mark,)
    skipped = (each for each in state.timed if each.key == key and each.state == "skipped")
    back = next((each for each in skipped if elapsed is None or elapsed < each.at), None)
    if back is None:
        return state, (Tell(f"the plan has nothing ahead for {command.fault} on {command.proxy}"),)
    mark = Mark(kind="act", what=f"{back.name} planned again", detail=_when(back), short="planned")
    return state.with_timed(back, state="waiting", why=""), (mark,)


def _when(timed: Timed) -> str:
    return f"at {duration(timed.at)} of the plan"
