"""What the answers of the chaos layer change: facts in, never wishes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from loadtui.model.fault_words import brief
from loadtui.model.ledger import Entry, Lift
from loadtui.model.toxic import Proxy, Toxic, Traffic
from loadtui.session import timed_rules
from loadtui.session.chaos_state import DOWN, ChaosState, SlotState
from loadtui.session.effect import (
    ApplyChange,
    CloseFault,
    Effect,
    LiftEntry,
    Mark,
    OpenFault,
    RelabelFault,
    SlotKey,
    Tell,
)

Decision = tuple[ChaosState, tuple[Effect, ...]]


def saw(state: ChaosState, view: dict[str, Proxy], traffic: dict[str, Traffic]) -> ChaosState:
    """The server as just read."""
    return msgspec.structs.replace(state, view=view, traffic=traffic, status="up", message="")


def applied(state: ChaosState, done: ApplyChange, entry: Entry | None, error: str) -> Decision:
    """A call ended: `entry` is its open ledger entry (None when nothing is ours), `error` its
    failure.
    """
    if done.change.part == "proxy":
        return _proxy_applied(state, done, entry, error)
    state, effects = _fault_applied(state, done, entry, error)
    state, of_plan = timed_rules.answered(state, done.key, error)
    return state, (*effects, *of_plan)


def _fault_applied(
    state: ChaosState, done: ApplyChange, entry: Entry | None, error: str
) -> Decision:
    slot = msgspec.structs.replace(state.slot(done.key), busy="", trouble=error)
    if entry is not None:
        slot = msgspec.structs.replace(slot, entry=entry.id, deadline=entry.deadline)
    effects: list[Effect] = [Tell(f"{_named(done.key)}: {error}")] if error else []
    if not error:
        effects.append(_told(done, slot))
    return _next(state, done, slot, effects)


def _told(done: ApplyChange, slot: SlotState) -> Effect:
    detail = _detail(done)
    if slot.marker is not None:
        return RelabelFault(slot.marker, detail)
    return OpenFault(done.key, _named(done.key), detail)


def _next(state: ChaosState, done: ApplyChange, slot: SlotState, effects: list[Effect]) -> Decision:
    """What was asked for while the call was under way."""
    if slot.lift_next and slot.entry is not None:
        slot = msgspec.structs.replace(slot, lift_next=False, pending=None, busy="lifting")
        effects.append(LiftEntry(done.key, slot.entry or 0))
    elif slot.pending is not None and slot.entry is not None:
        change = msgspec.structs.replace(done.change, before=done.change.after, after=slot.pending)
        slot = msgspec.structs.replace(slot, toxic=slot.pending, pending=None, busy="changing")
        effects.append(ApplyChange(done.key, change, slot.deadline))
    else:
        slot = msgspec.structs.replace(slot, pending=None, lift_next=False)
    return state.with_slot(done.key, slot), tuple(effects)


def _proxy_applied(
    state: ChaosState, done: ApplyChange, entry: Entry | None, error: str
) -> Decision:
    name = done.change.proxy
    if error or entry is None:
        return state, ((Tell(f"proxy {name}: {error}"),) if error else ())
    own = {**state.own_proxies, name: entry.id}
    state = msgspec.structs.replace(state, own_proxies=own)
    gone = done.change.after is None
    mark = Mark(kind="act", what=f"proxy {name} {'deleted' if gone else 'created'}")
    return state, (mark,)


def lifted(state: ChaosState, lift: Lift, why: str = "lifted") -> Decision:
    """One entry's lifting ended, whoever asked for it."""
    change = lift.entry.change
    if change.part == "proxy":
        return _proxy_lifted(state, lift)
    key = (change.proxy, DOWN if change.part == "enabled" else change.toxic)
    slot = state.slot(key)
    if slot.entry != lift.entry.id:
        return state, ()
    if lift.result == "failed":
        stuck = msgspec.structs.replace(slot, busy="", trouble=lift.text)
        return state.with_slot(key, stuck), (Tell(f"{_named(key)}: {lift.text}"),)
    effects: list[Effect] = []
    if slot.marker is not None:
        effects.append(CloseFault(slot.marker, why))
    if lift.result == "left":
        effects.append(Tell(f"{_named(key)} was changed by someone else: {lift.text}"))
    remembered = change.after if isinstance(change.after, Toxic) else slot.toxic
    free = SlotState(toxic=slot.toxic or remembered)
    return timed_rules.ended(state.with_slot(key, free), key, why), tuple(effects)


def _proxy_lifted(state: ChaosState, lift: Lift) -> Decision:
    name = lift.entry.change.proxy
    if lift.result == "failed":
        return state, (Tell(f"proxy {name}: {lift.text}"),)
    own = {n: i for n, i in state.own_proxies.items() if i != lift.entry.id}
    back = "removed" if lift.entry.change.before is None else "restored"
    mark = Mark(kind="act", what=f"proxy {name} {back}")
    return msgspec.structs.replace(state, own_proxies=own), (mark,)


def panic_words(lifts: Sequence[Lift], took: float) -> str:
    """What a panic did, for its marker; `took`: seconds until everything was verified."""
    faults = [lift for lift in lifts if lift.entry.change.part != "proxy"]
    done = sum(lift.result != "failed" for lift in faults)
    failed = len(faults) - done
    words = (
        f"load stopped · {done} fault{'' if done == 1 else 's'} lifted, verified in {took:.1f} s"
    )
    return f"{words} · {failed} NOT lifted" if failed else words


def _named(key: SlotKey) -> str:
    return f"{key[0]} down" if key[1] == DOWN else f"{key[1].removeprefix('loadtui_')} {key[0]}"


def _detail(done: ApplyChange) -> str:
    after = done.change.after
    if isinstance(after, Toxic):
        arrow = "↑" if after.stream.lower() == "upstream" else "↓"
        share = "" if after.toxicity >= 1 else f" {after.toxicity:.0%}"
        kind = "" if after.name.startswith(after.type) else after.type
        return " ".join(filter(None, (kind, brief(after), f"{arrow}{share}")))
    if done.change.part == "enabled":
        return "refuses every connection" if after is False else "accepts again"
    return "taken away"
