"""What an operator's hand does to the load: the rules, without a clock or a worker.

Rules of this module: lowering, stopping and panic never ask and never wait; raising past the soft
line (half of `max_vus`) asks once; nothing raises past `max_vus`; a latched panic refuses every
raise.
"""

from __future__ import annotations

import msgspec

from loadtui.model import command as c
from loadtui.session.effect import CutLoad, Effect, HoldLoad, Latch, Mark, Retarget, Tell, Unlatch


class SpikeState(msgspec.Struct, frozen=True):
    """A spike under way: what to return to, and when (monotonic seconds)."""

    back_to: int
    until: float


class LoadState(msgspec.Struct, frozen=True):
    """Everything decided about the load. `zero_until`: until when a second `0` cuts; `asking`: the
    raise that waits for a yes; `sure`: the soft line was confirmed once.
    """

    target: int = 0
    paused: bool = False
    step: int = 1
    max_vus: int = 1000
    spike: SpikeState | None = None
    zero_until: float | None = None
    asking: c.Step | c.SetTarget | c.Spike | None = None
    sure: bool = False
    panic: str = ""
    graceful: float = 30.0
    spike_factor: float = 3.0
    spike_seconds: float = 10.0
    spike_from_zero: int = 30

    @property
    def soft_line(self) -> int:
        """Raising past this asks once."""
        return self.max_vus // 2

    @property
    def question(self) -> str:
        """The question on the screen, "" for none."""
        if self.asking is None:
            return ""
        wanted = _wanted(self, self.asking)
        return f"Raise to {wanted} VUs? That is past half of max_vus {self.max_vus}."


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
            return _panic(state, source)
        case c.Rearm():
            return _rearm(state)
        case c.StopLoad():
            stopped = msgspec.structs.replace(state, target=0, spike=None, asking=None)
            done = _moved(state.target, 0, "load stopped")
            return stopped, (Retarget(0), CutLoad(), *done)
        case c.Zero():
            return _zero(state, now)
        case c.Decline():
            return msgspec.structs.replace(state, asking=None), ()
        case c.Confirm():
            return _confirm(state, now)
        case c.TogglePause():
            return _pause(state)
        case c.Step() | c.SetTarget() | c.Spike():
            return _move(state, command, now)


def tick_load(state: LoadState, now: float) -> Decision:
    """What time alone changes: a spike that is over returns."""
    if state.spike is None or now < state.spike.until:
        return state, ()
    return _end_spike(state)


def _panic(state: LoadState, source: str) -> Decision:
    if state.panic:
        return state, (Latch(source),)
    latched = msgspec.structs.replace(
        state, target=0, paused=False, spike=None, asking=None, zero_until=None, panic=source
    )
    return latched, (Latch(source),)


def _rearm(state: LoadState) -> Decision:
    if not state.panic:
        return state, ()
    done = (Unlatch(), Mark(kind="act", what="re-armed", detail="load and faults are free again"))
    return msgspec.structs.replace(state, panic=""), done


def _zero(state: LoadState, now: float) -> Decision:
    again = state.zero_until is not None and now <= state.zero_until and state.target == 0
    if again:
        cut = Mark(kind="act", what="cut", detail="requests in flight ended at once", short="cut")
        return msgspec.structs.replace(state, zero_until=None), (CutLoad(), cut)
    until = now + state.graceful
    done = _moved(state.target, 0, "to zero")
    lowered = msgspec.structs.replace(state, target=0, spike=None, asking=None, zero_until=until)
    return lowered, (Retarget(0), *done)


def _pause(state: LoadState) -> Decision:
    if state.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    paused = not state.paused
    word = "paused" if paused else "resumed"
    mark = Mark(kind="act", what=f"load {word}", short=word)
    return msgspec.structs.replace(state, paused=paused), (HoldLoad(paused), mark)


def _confirm(state: LoadState, now: float) -> Decision:
    if state.asking is None:
        return state, ()
    asked = state.asking
    return _move(msgspec.structs.replace(state, asking=None, sure=True), asked, now)


def _move(state: LoadState, command: c.Step | c.SetTarget | c.Spike, now: float) -> Decision:
    if isinstance(command, c.Spike) and state.spike is not None:
        return _end_spike(state)
    wanted = _wanted(state, command)
    if wanted > state.target and state.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    if wanted > max(state.soft_line, state.target) and not state.sure:
        return msgspec.structs.replace(state, asking=command), ()
    told = _ceiling(state, command)
    if isinstance(command, c.Spike):
        after, effects = _start_spike(state, command, wanted, now)
    else:
        after, effects = _set(state, command, wanted)
    return after, (*effects, *told)


def _ceiling(state: LoadState, command: c.Step | c.SetTarget | c.Spike) -> tuple[Effect, ...]:
    if _raw(state, command) <= state.max_vus:
        return ()
    return (Tell(f"max_vus is {state.max_vus}; only the scenario's guard or --max-vus raises it"),)


def _raw(state: LoadState, command: c.Step | c.SetTarget | c.Spike) -> int:
    match command:
        case c.Step(steps=steps):
            return state.target + steps * state.step
        case c.SetTarget(target=target):
            return target
        case c.Spike(factor=factor):
            return round(state.target * (factor or state.spike_factor)) or state.spike_from_zero


def _wanted(state: LoadState, command: c.Step | c.SetTarget | c.Spike) -> int:
    return max(0, min(state.max_vus, _raw(state, command)))


def _set(state: LoadState, command: c.Step | c.SetTarget, wanted: int) -> Decision:
    spike = state.spike
    if spike is not None:
        moved = spike.back_to + wanted - state.target
        back_to = max(0, min(state.max_vus, moved))
        kept = SpikeState(back_to, spike.until)
        spike = kept if isinstance(command, c.Step) and wanted > 0 else None
    after = msgspec.structs.replace(state, target=wanted, spike=spike, asking=None, zero_until=None)
    return after, (Retarget(wanted), *_moved(state.target, wanted, ""))


def _start_spike(state: LoadState, command: c.Spike, wanted: int, now: float) -> Decision:
    seconds = command.seconds or state.spike_seconds
    factor = command.factor or state.spike_factor
    what = f"spike ×{factor:g}" if state.target else f"spike to {wanted}"
    detail = f"{state.target} → {wanted} for {seconds:g} s"
    mark = Mark(kind="act", what=what, detail=detail, short=what)
    spike = SpikeState(state.target, now + seconds)
    after = msgspec.structs.replace(state, target=wanted, spike=spike, asking=None, zero_until=None)
    return after, (Retarget(wanted), mark)


def _end_spike(state: LoadState) -> Decision:
    back = state.spike.back_to if state.spike is not None else state.target
    mark = Mark(
        kind="act", what="spike over", detail=f"{state.target} → {back}", short=f"{back} VUs"
    )
    return msgspec.structs.replace(state, target=back, spike=None), (Retarget(back), mark)


def _moved(old: int, new: int, what: str) -> tuple[Effect, ...]:
    if old == new:
        return ()
    words = what or ("VUs up" if new > old else "VUs down")
    return (
        Mark(kind="act", what=words, detail=f"{old} → {new}", short=f"{new} VUs", vus=(old, new)),
    )
