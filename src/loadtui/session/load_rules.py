"""What an operator's hand does to the load: the rules, without a clock or a worker.

A hand that moves anything takes over from the plan, which `plan_rules` begins and hands back to.

Rules of this module: lowering, stopping and panic never ask and never wait; raising past the soft
line (half of `max_vus`) asks once; nothing raises past `max_vus`; a latched panic refuses every
raise.
"""

from __future__ import annotations

import msgspec

from loadtui.model import command as c
from loadtui.session.effect import CutLoad, Effect, HoldLoad, Latch, Mark, Tell, Unlatch
from loadtui.session.load_state import LoadState, SpikeState
from loadtui.session.plan_rules import decide_plan

Decision = tuple[LoadState, tuple[Effect, ...]]
LoadCommand = (
    c.Step
    | c.SetTarget
    | c.Zero
    | c.Spike
    | c.TogglePause
    | c.StopLoad
    | c.Confirm
    | c.Decline
    | c.Panic
    | c.Rearm
)


def decide_load(  # noqa: C901 - one flat case a command
    state: LoadState, command: LoadCommand, now: float
) -> Decision:
    """What a command changes and what must be done; `now` in monotonic seconds."""
    match command:
        case c.Panic(source=source):
            return _panic(state, source, now)
        case c.Rearm():
            return _rearm(state)
        case c.StopLoad():
            stopped = state.at_level(0)
            return stopped, (stopped.drive(), CutLoad(), *_moved(state, 0, "load stopped"))
        case c.Zero():
            return _zero(state, now)
        case c.Decline():
            return msgspec.structs.replace(state, asking=None), ()
        case c.Confirm():
            return _confirm(state, now)
        case c.TogglePause():
            return _pause(state, now)
        case c.Step() | c.SetTarget() | c.Spike():
            return _move(state, command, now)


def tick_load(state: LoadState, now: float) -> Decision:
    """What time alone changes: the plan moves on, a spike that is over returns."""
    if state.spike is None or now < state.spike.until:
        return state.planned(now), ()
    return _end_spike(state, now)


def _panic(state: LoadState, source: str, now: float) -> Decision:
    if state.panic:
        return state, (Latch(source),)
    began = None if state.began is None else now - state.elapsed(now)
    latched = state.at_level(0, paused=False, held_at=None, panic=source, began=began)
    return latched, (Latch(source),)


def _rearm(state: LoadState) -> Decision:
    if not state.panic:
        return state, ()
    done = (Unlatch(), Mark(kind="act", what="re-armed", detail="load and faults are free again"))
    return msgspec.structs.replace(state, panic=""), done


def _zero(state: LoadState, now: float) -> Decision:
    until = state.zero_until
    if until is not None and now <= until and not state.level and not state.follows:
        cut = Mark(kind="act", what="cut", detail="requests in flight ended at once", short="cut")
        return msgspec.structs.replace(state, zero_until=None), (CutLoad(), cut)
    lowered = state.at_level(0, zero_until=now + state.graceful)
    return lowered, (lowered.drive(), *_moved(state, 0, "to zero"))


def _pause(state: LoadState, now: float) -> Decision:
    if state.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    paused = not state.paused
    word = "paused" if paused else "resumed"
    effects = (HoldLoad(paused), Mark(kind="act", what=f"load {word}", short=word))
    if paused:
        return msgspec.structs.replace(state, paused=True, held_at=now), effects
    began = None if state.began is None else now - state.elapsed(now)
    return msgspec.structs.replace(state, paused=False, held_at=None, began=began), effects


def _confirm(state: LoadState, now: float) -> Decision:
    if state.asking is None:
        return state, ()
    asked = state.asking
    return _move(msgspec.structs.replace(state, asking=None, sure=True), asked, now)


def _move(state: LoadState, command: c.Step | c.SetTarget | c.Spike, now: float) -> Decision:
    if isinstance(command, c.Spike) and state.spike is not None:
        return _end_spike(state, now)
    wish = state.wanted_by(command)
    if wish > state.level and state.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    if wish > max(state.soft_line, state.level) and not state.sure:
        return msgspec.structs.replace(state, asking=command), ()
    told = _ceiling(state, command)
    if isinstance(command, c.Spike):
        after, effects = _start_spike(state, command, wish, now)
    else:
        after, effects = _set(state, command, wish)
    return after, (*effects, *told)


def _ceiling(state: LoadState, command: c.Step | c.SetTarget | c.Spike) -> tuple[Effect, ...]:
    if state.raw_wish(command) <= state.ceiling:
        return ()
    name = state.ceiling_name
    flag = "" if state.by_rate else " or --max-vus"
    return (Tell(f"{name} is {state.ceiling}; only the scenario's guard{flag} raises it"),)


def _set(state: LoadState, command: c.Step | c.SetTarget, wish: int) -> Decision:
    spike = state.spike
    if spike is not None:
        moved = spike.back_to + wish - state.level
        back_to = max(0, min(state.ceiling, moved))
        kept = SpikeState(back_to, spike.until)
        spike = kept if isinstance(command, c.Step) and wish > 0 else None
    after = state.at_level(wish, spike=spike)
    return after, (after.drive(), *_moved(state, wish, ""))


def _start_spike(state: LoadState, command: c.Spike, wish: int, now: float) -> Decision:
    seconds = command.seconds or state.spike_seconds
    factor = command.factor or state.spike_factor
    what = f"spike ×{factor:g}" if state.level else f"spike to {wish}"
    detail = f"{state.level} → {wish} for {seconds:g} s"
    mark = Mark(kind="act", what=what, detail=detail, short=what)
    to_plan = state.follows and not state.is_over
    after = state.at_level(wish, spike=SpikeState(state.level, now + seconds, to_plan))
    return after, (after.drive(), mark)


def _end_spike(state: LoadState, now: float) -> Decision:
    if state.spike is not None and state.spike.to_plan:
        return decide_plan(msgspec.structs.replace(state, spike=None), c.HandBack(), now)
    back = state.spike.back_to if state.spike is not None else state.level
    detail = f"{state.level} → {back}"
    mark = Mark(kind="act", what="spike over", detail=detail, short=state.amount(back))
    after = state.at_level(back, zero_until=state.zero_until)
    return after, (after.drive(), mark)


def _moved(state: LoadState, new: int, what: str) -> tuple[Effect, ...]:
    old = state.level
    if old == new and not state.follows:
        return ()
    noun = "rate" if state.by_rate else "VUs"
    words = what or (f"{noun} up" if new > old else f"{noun} down")
    takes_over = state.follows and not state.is_over
    detail = f"{old} → {new}" + (", by hand over the plan" if takes_over else "")
    vus = None if state.by_rate or takes_over else (old, new)
    return (Mark(kind="act", what=words, detail=detail, short=state.amount(new), vus=vus),)
