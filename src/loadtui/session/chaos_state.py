"""What the session knows of proxies and faults: the server's view, and a slot for each fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from loadtui.model.ledger import Entry
from loadtui.model.scenario import FaultPreset
from loadtui.model.snapshot import Chaos, ProxyStatus, ServerState, Slot
from loadtui.model.timed import DOWN, Timed, TimedState
from loadtui.model.toxic import Proxy, Toxic, Traffic
from loadtui.session.effect import SlotKey

__all__ = ["DOWN", "ChaosState", "SlotState", "panel", "slot_keys", "with_presets"]

AHEAD: tuple[TimedState, ...] = ("waiting", "failed")
"""States of a timed fault that a hand may still inject in its stead."""


class SlotState(msgspec.Struct, frozen=True):
    """One fault that can be on: how it is set up, and what is under way.

    `entry`: its open ledger entry. `deadline`: Unix seconds. `pending`: a setup to apply as soon as
    the call under way has ended. `marker`: its open marker.
    """

    toxic: Toxic | None = None
    entry: int | None = None
    deadline: float | None = None
    busy: str = ""
    trouble: str = ""
    pending: Toxic | None = None
    marker: int | None = None
    lift_next: bool = False


class ChaosState(msgspec.Struct, frozen=True, kw_only=True):
    """`view`: the server as last read, None before the first answer. `traffic`: by the names of
    proxies that count it. `order`: proxies of the scenario first. `own_proxies`: entries of proxies
    that we created, by name. `timed`: faults of the plan, in order of time.
    """

    view: dict[str, Proxy] | None = None
    traffic: dict[str, Traffic] = {}
    slots: dict[SlotKey, SlotState] = {}
    order: tuple[str, ...] = ()
    own_proxies: dict[str, int] = {}
    status: ServerState = "starting"
    server: str = ""
    url: str = ""
    message: str = ""
    restartable: bool = False
    blocked: str = ""
    leftovers: tuple[Entry, ...] = ()
    ttl: float = 300.0
    timed: tuple[Timed, ...] = ()

    def slot(self, key: SlotKey) -> SlotState:
        """The slot of that key, a fresh one when there is none."""
        return self.slots.get(key, SlotState())

    def with_slot(self, key: SlotKey, slot: SlotState) -> ChaosState:
        """The same state with one slot replaced."""
        return msgspec.structs.replace(self, slots={**self.slots, key: slot})

    def with_timed(self, timed: Timed, **fields: object) -> ChaosState:
        """The same state with one fault of the plan changed."""
        new = msgspec.structs.replace(timed, **fields)
        return msgspec.structs.replace(
            self, timed=tuple(new if each is timed else each for each in self.timed)
        )

    def planned(self, key: SlotKey, *states: TimedState) -> Timed | None:
        """The first fault of the plan for that slot that is in one of those states."""
        own = (each for each in self.timed if each.key == key)
        return next((each for each in own if each.state in states), None)

    def time_to_live(self, key: SlotKey) -> float:
        """Seconds that a fault may be on which a hand injects now: no longer than the plan has it
        for.
        """
        planned = self.planned(key, *AHEAD)
        lasts = planned.lasts if planned is not None else None
        return self.ttl if lasts is None else min(lasts, self.ttl)

    def current(self, key: SlotKey) -> Toxic | None:
        """The toxic of that key as the server has it."""
        proxy = (self.view or {}).get(key[0])
        return proxy.toxic(key[1]) if proxy is not None else None

    def is_on(self, key: SlotKey) -> bool:
        """Whether the fault is in force on the server, as last read."""
        proxy = (self.view or {}).get(key[0])
        if proxy is None:
            return False
        return not proxy.enabled if key[1] == DOWN else proxy.toxic(key[1]) is not None


def with_presets(state: ChaosState, presets: Iterable[FaultPreset]) -> ChaosState:
    """Slots for the faults that a scenario offers."""
    slots = dict(state.slots)
    for preset in presets:
        name = preset.toxic.name if preset.toxic is not None else DOWN
        slots.setdefault((preset.proxy, name), SlotState(preset.toxic))
    return msgspec.structs.replace(state, slots=slots)


def panel(state: ChaosState, now: float, elapsed: float | None = None) -> Chaos:
    """The panel as the screen shows it; `now` in Unix seconds, `elapsed` in seconds of the plan,
    None before it has begun.
    """
    view = state.view or {}
    names = [n for n in state.order if n in view] + sorted(n for n in view if n not in state.order)
    return Chaos(
        state=state.status,
        server=state.server,
        message=state.message,
        restartable=state.restartable,
        blocked=state.blocked,
        proxies=tuple(_proxy_status(state, view[name], now, elapsed) for name in names),
        leftovers=state.leftovers,
        url=state.url,
        ttl=state.ttl,
        timed=state.timed,
        begun=elapsed is not None,
    )


def _proxy_status(
    state: ChaosState, proxy: Proxy, now: float, elapsed: float | None
) -> ProxyStatus:
    keys, traffic = slot_keys(state.slots, proxy), state.traffic.get(proxy.name)
    return ProxyStatus(
        name=proxy.name,
        listen=proxy.listen,
        upstream=proxy.upstream,
        enabled=proxy.enabled,
        ours=proxy.name in state.own_proxies,
        connections=traffic.connections if traffic is not None else None,
        bytes_per_second=traffic.bytes_per_second if traffic is not None else None,
        slots=tuple(_slot(state, key, now, elapsed) for key in keys),
    )


def slot_keys(slots: Mapping[SlotKey, SlotState], proxy: Proxy) -> list[SlotKey]:
    """The rows below a proxy: remembered faults in their order, other toxics of the server,
    "down".
    """
    keys = [key for key in slots if key[0] == proxy.name and key[1] != DOWN]
    keys += [(proxy.name, t.name) for t in proxy.toxics if (proxy.name, t.name) not in slots]
    return [*keys, (proxy.name, DOWN)]


def _slot(state: ChaosState, key: SlotKey, now: float, elapsed: float | None) -> Slot:
    slot, on = state.slot(key), state.is_on(key)
    shown = slot.pending or (state.current(key) if on else None) or slot.toxic
    waits = None if on else state.planned(key, "waiting")
    return Slot(
        fault=key[1],
        toxic=None if key[1] == DOWN else shown,
        on=on,
        ours=slot.entry is not None,
        left=_left(state, key, now, elapsed),
        busy=slot.busy,
        trouble=slot.trouble,
        begins=None if waits is None else max(0.0, waits.at - (elapsed or 0.0)),
        skipped=not on and waits is None and state.planned(key, "skipped") is not None,
    )


def _left(state: ChaosState, key: SlotKey, now: float, elapsed: float | None) -> float | None:
    """Until it lifts by itself: at its time-to-live or, before that, when the plan says so."""
    deadline = state.slot(key).deadline
    if deadline is None:
        return None
    planned = state.planned(key, "on")
    until = planned.until if planned is not None else None
    left = deadline - now
    return max(0.0, left if until is None else min(left, until - (elapsed or 0.0)))
