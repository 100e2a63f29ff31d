"""What an operator's hand does to faults: the rules, without a clock, a server or a ledger file.

Rules of this module: one call at a time per slot; what is ours is lifted, never deleted blindly;
what somebody else set up is changed only through the ledger, so that it comes back; lifting is
always allowed, injecting only while nothing blocks it and no panic is latched.
"""

from __future__ import annotations

import msgspec

from loadtui.model import command as c
from loadtui.model.ledger import Change
from loadtui.model.toxic import SPECS, Attribute, Proxy, Toxic
from loadtui.session.chaos_state import DOWN, ChaosState, SlotState
from loadtui.session.effect import (
    ApplyChange,
    Effect,
    LiftEntry,
    LiftEverything,
    LiftWhy,
    SlotKey,
    Tell,
)

Decision = tuple[ChaosState, tuple[Effect, ...]]
FaultCommand = (
    c.Toggle | c.Inject | c.Adjust | c.Strengthen | c.CreateProxy | c.DeleteProxy | c.LiftAll
)


def decide_chaos(state: ChaosState, command: FaultCommand, now: float, *, panic: str) -> Decision:
    """What a command changes and what must be done; `now` in Unix seconds."""
    match command:
        case c.Toggle(proxy=proxy, fault=fault):
            return _toggle(state, (proxy, fault), now, panic)
        case c.Inject(proxy=proxy, toxic=toxic, ttl=ttl):
            return inject(state, (proxy, toxic.name), toxic, ttl, now, panic)
        case c.Adjust():
            return _adjust(state, command, now, panic)
        case c.Strengthen(proxy=proxy, fault=fault, steps=steps):
            return _strengthen(state, (proxy, fault), steps, now, panic)
        case c.CreateProxy() | c.DeleteProxy():
            return _proxy(state, command, now, panic)
        case c.LiftAll():
            return _without_pending(state), (LiftEverything(),)


def tick_chaos(state: ChaosState, now: float) -> Decision:
    """What time alone does: a fault whose time-to-live ran out is lifted."""
    effects: list[Effect] = []
    for key, slot in state.slots.items():
        if slot.entry is None or slot.deadline is None or slot.busy or now < slot.deadline:
            continue
        state = state.with_slot(key, msgspec.structs.replace(slot, busy="lifting"))
        effects.append(LiftEntry(key, slot.entry, "time-to-live ran out"))
    return state, tuple(effects)


def refusal(state: ChaosState, key: SlotKey, panic: str) -> str:
    """Why nothing may be injected there now; "" when it may."""
    if panic:
        return "panic is latched; r re-arms"
    if state.status != "up":
        return f"Toxiproxy is {state.status}: {state.message or 'no faults now'}"
    if state.blocked:
        return state.blocked
    return "" if key[0] in (state.view or {}) else f"there is no proxy {key[0]!r} on the server"


def _toggle(state: ChaosState, key: SlotKey, now: float, panic: str) -> Decision:
    slot = state.slot(key)
    if slot.busy:
        waits = slot.busy == "injecting"
        return state.with_slot(key, msgspec.structs.replace(slot, lift_next=waits)), ()
    if slot.entry is not None:
        return lift(state, key)
    if why := refusal(state, key, panic):
        return state, (Tell(why),)
    change = _toggle_change(state, key, slot)
    if change is None:
        return state, (Tell(f"nothing is set up for {key[1]!r}; a adds a fault"),)
    slot = msgspec.structs.replace(slot, toxic=slot.toxic or state.current(key))
    return _apply(state, key, slot, change, now + state.time_to_live(key))


def _toggle_change(state: ChaosState, key: SlotKey, slot: SlotState) -> Change | None:
    on = state.is_on(key)
    if key[1] == DOWN:
        return Change(key[0], "enabled", "", not on, on)
    current = state.current(key)
    wanted = None if on else slot.toxic
    return Change(key[0], "toxic", key[1], current, wanted) if current or wanted else None


def lift(state: ChaosState, key: SlotKey, why: LiftWhy = "lifted") -> Decision:
    """Take out what is ours there; `why`: the words for the timeline."""
    slot = state.slot(key)
    assert slot.entry is not None  # noqa: S101 - callers looked
    lifting = msgspec.structs.replace(slot, busy="lifting", pending=None, trouble="")
    return state.with_slot(key, lifting), (LiftEntry(key, slot.entry, why),)


def _apply(
    state: ChaosState, key: SlotKey, slot: SlotState, change: Change, deadline: float | None
) -> Decision:
    busy = "changing" if slot.entry is not None else "injecting"
    slot = msgspec.structs.replace(slot, busy=busy, trouble="", pending=None)
    return state.with_slot(key, slot), (ApplyChange(key, change, deadline),)


def inject(
    state: ChaosState, key: SlotKey, toxic: Toxic, ttl: float | None, now: float, panic: str
) -> Decision:
    """Put a toxic in, or the proxy down; `ttl` in seconds, None for the usual one."""
    slot = state.slot(key)
    if why := refusal(state, key, panic):
        return state, (Tell(why),)
    if slot.busy:
        pending = msgspec.structs.replace(slot, pending=toxic)
        return state.with_slot(key, pending), ()
    deadline = now + (ttl or state.time_to_live(key))
    if key[1] == DOWN:
        change = Change(key[0], "enabled", "", not state.is_on(key), False)
        return _apply(state, key, slot, change, deadline)
    slot = msgspec.structs.replace(slot, toxic=toxic, deadline=slot.deadline)
    change = Change(key[0], "toxic", key[1], state.current(key), toxic)
    return _apply(state, key, slot, change, deadline)


def _adjust(state: ChaosState, command: c.Adjust, now: float, panic: str) -> Decision:
    key = (command.proxy, command.fault)
    base = state.current(key) or state.slot(key).toxic
    if base is None:
        return state, ()
    toxic = msgspec.structs.replace(
        base, toxicity=command.toxicity, attributes=dict(command.attributes)
    )
    return _setup(state, key, toxic, command.ttl, now, panic)


def _strengthen(state: ChaosState, key: SlotKey, steps: int, now: float, panic: str) -> Decision:
    slot = state.slot(key)
    wanted = slot.pending or (slot.toxic if slot.busy else None)
    base = wanted or state.current(key) or slot.toxic
    if base is None or (stronger := moved(base, steps)) == base:
        return state, ()
    return _setup(state, key, stronger, None, now, panic)


def moved(toxic: Toxic, steps: int) -> Toxic:
    """The toxic with its first attribute moved by twentieths of its slider, within its bounds.

    An unknown type moves its first whole-number attribute by a tenth of itself.
    """
    spec = SPECS.get(toxic.type)
    if spec is not None:
        first = spec.attributes[0]
        name, step, low, top = first.name, max(1, first.top // 20), first.low, first.top
    else:
        found = next((n for n, v in toxic.attributes.items() if isinstance(v, int)), None)
        if found is None:
            return toxic
        name, low, top = found, 0, 1 << 40
        step = max(1, abs(int(toxic.attributes[found] or 0)) // 10)
    old = toxic.attributes.get(name) or 0
    value = max(low, min(max(top, int(old)), int(old) + steps * step))
    attributes: dict[str, Attribute] = {**toxic.attributes, name: value}
    return msgspec.structs.replace(toxic, attributes=attributes)


def _setup(
    state: ChaosState, key: SlotKey, toxic: Toxic, ttl: float | None, now: float, panic: str
) -> Decision:
    slot = state.slot(key)
    if slot.busy:
        waiting = msgspec.structs.replace(slot, pending=toxic)
        return state.with_slot(key, waiting), ()
    if not state.is_on(key):
        return state.with_slot(key, msgspec.structs.replace(slot, toxic=toxic)), ()
    if why := refusal(state, key, panic):
        return state, (Tell(why),)
    keep = slot.deadline if slot.entry is not None else None
    deadline = now + ttl if ttl is not None else keep or now + state.ttl
    change = Change(key[0], "toxic", key[1], state.current(key), toxic)
    return _apply(state, key, msgspec.structs.replace(slot, toxic=toxic), change, deadline)


def _proxy(
    state: ChaosState, command: c.CreateProxy | c.DeleteProxy, now: float, panic: str
) -> Decision:

    known = (state.view or {}).get(command.name)
    key = (command.name, "")
    if panic or state.status != "up" or state.blocked:
        return state, (Tell(refusal(state, (command.name, ""), panic)),)
    if isinstance(command, c.CreateProxy):
        if known is not None:
            return state, (Tell(f"a proxy {command.name!r} exists already"),)
        proxy = Proxy(command.name, command.listen, command.upstream)
        change = Change(command.name, "proxy", "", None, proxy)
        return state, (ApplyChange(key, change, None),)
    if known is None:
        return state, (Tell(f"there is no proxy {command.name!r}"),)
    if command.name in state.own_proxies:
        return state, (LiftEntry(key, state.own_proxies[command.name]),)
    change = Change(command.name, "proxy", "", known, None)
    return state, (ApplyChange(key, change, now + state.ttl),)


def _without_pending(state: ChaosState) -> ChaosState:
    slots = {
        key: msgspec.structs.replace(slot, pending=None, lift_next=False)
        for key, slot in state.slots.items()
    }
    return msgspec.structs.replace(state, slots=slots)
