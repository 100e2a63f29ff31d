"""What the keys do to faults, without a server or a ledger."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loadtui.model import command as c
from loadtui.model.ledger import Change, Entry, Lift
from loadtui.model.scenario import FaultPreset
from loadtui.model.toxic import Proxy, Toxic
from loadtui.session.chaos_results import applied, lifted, saw
from loadtui.session.chaos_rules import decide_chaos, moved, tick_chaos
from loadtui.session.chaos_state import ChaosState, panel, with_presets
from loadtui.session.effect import (
    ApplyChange,
    CloseFault,
    LiftEntry,
    LiftEverything,
    OpenFault,
    RelabelFault,
    Tell,
)

SLOW = Toxic("latency", "latency", attributes={"latency": 2000, "jitter": 100})
THEIRS = Toxic("theirs", "bandwidth", attributes={"rate": 50})
KEY = ("payments", "latency")


def up(*toxics: Toxic, enabled: bool = True, **fields: Any) -> ChaosState:
    """A server with the proxy payments, and one preset fault for it."""
    state = with_presets(ChaosState(), (FaultPreset("slow", "payments", SLOW),))
    proxy = Proxy("payments", "127.0.0.1:1", "127.0.0.1:2", enabled, toxics)
    return msgspec.structs.replace(saw(state, {"payments": proxy}, {}), **fields)


def injected(state: ChaosState) -> ChaosState:
    """The preset switched on, its call answered, the server read again."""
    state, effects = decide_chaos(state, c.Toggle(*KEY), 0.0, panic="")
    (call,) = effects
    assert isinstance(call, ApplyChange)
    entry = Entry(7, "http://s", call.change, call.deadline, confirmed=True)
    state, effects = applied(state, call, entry, "")
    assert [type(e) for e in effects] == [OpenFault]
    slot = msgspec.structs.replace(state.slot(KEY), marker=3)
    view = {"payments": msgspec.structs.replace((state.view or {})["payments"], toxics=(SLOW,))}
    return saw(state.with_slot(KEY, slot), view, {})


def test_space_injects_with_a_time_to_live() -> None:
    state, effects = decide_chaos(up(), c.Toggle(*KEY), 1000.0, panic="")
    assert effects == (
        ApplyChange(KEY, Change("payments", "toxic", "latency", None, SLOW), 1300.0),
    )
    assert state.slot(KEY).busy == "injecting"


def test_space_again_lifts_by_the_ledger() -> None:
    state, effects = decide_chaos(injected(up()), c.Toggle(*KEY), 1.0, panic="")
    assert effects == (LiftEntry(KEY, 7),)
    change = Change("payments", "toxic", "latency", None, SLOW)
    lift = Lift(Entry(7, "http://s", change, 300.0), "done")
    state, effects = lifted(state, lift)
    assert effects == (CloseFault(3, "lifted"),)
    assert state.slot(KEY).entry is None
    assert state.slot(KEY).toxic == SLOW, "it can be switched on again as it was"


def test_space_while_injecting_lifts_as_soon_as_the_call_is_answered() -> None:
    state, (call,) = decide_chaos(up(), c.Toggle(*KEY), 0.0, panic="")
    state, effects = decide_chaos(state, c.Toggle(*KEY), 0.1, panic="")
    assert effects == ()
    assert isinstance(call, ApplyChange)
    state, effects = applied(state, call, Entry(7, "s", call.change, 300.0), "")
    assert LiftEntry(KEY, 7) in effects


def test_presses_while_a_call_is_under_way_become_one_change() -> None:
    state = injected(up())
    state, (first,) = decide_chaos(state, c.Strengthen(*KEY, 1), 0.0, panic="")
    for _ in range(3):
        state, effects = decide_chaos(state, c.Strengthen(*KEY, 1), 0.0, panic="")
        assert effects == ()
    assert isinstance(first, ApplyChange)
    state, effects = applied(state, first, Entry(7, "s", first.change, 300.0), "")
    (told, call) = effects
    assert isinstance(told, RelabelFault)
    assert isinstance(call, ApplyChange)
    assert isinstance(call.change.after, Toxic)
    assert call.change.after.attributes["latency"] == 3000


def test_arrows_on_a_fault_that_is_off_set_up_the_next_one() -> None:
    state, effects = decide_chaos(up(), c.Strengthen(*KEY, -1), 0.0, panic="")
    assert effects == ()
    toxic = state.slot(KEY).toxic
    assert toxic is not None
    assert toxic.attributes["latency"] == 1750


def test_a_strangers_toxic_is_changed_through_the_ledger_with_a_time_to_live() -> None:
    state = up(THEIRS)
    key = ("payments", "theirs")
    wanted = c.Adjust(*key, toxicity=0.5, attributes={"rate": 10})
    state, (call,) = decide_chaos(state, wanted, 100.0, panic="")
    assert isinstance(call, ApplyChange)
    assert call.change.before == THEIRS
    assert call.deadline == 400.0


def test_a_strangers_toxic_taken_away_comes_back() -> None:
    _, (call,) = decide_chaos(up(THEIRS), c.Toggle("payments", "theirs"), 0.0, panic="")
    assert isinstance(call, ApplyChange)
    assert call.change == Change("payments", "toxic", "theirs", THEIRS, None)


def test_down_and_up_again() -> None:
    _, (call,) = decide_chaos(up(), c.Toggle("payments", "down"), 0.0, panic="")
    assert isinstance(call, ApplyChange)
    assert call.change == Change("payments", "enabled", "", True, False)


@pytest.mark.parametrize(
    ("fields", "panic", "word"),
    [
        ({}, "key", "panic"),
        ({"status": "stuck"}, "", "stuck"),
        ({"blocked": "the watchdog is dead"}, "", "watchdog"),
    ],
)
def test_what_forbids_a_new_fault_says_so(fields: dict[str, Any], panic: str, word: str) -> None:
    _, effects = decide_chaos(up(**fields), c.Toggle(*KEY), 0.0, panic=panic)
    assert [type(e) for e in effects] == [Tell]
    assert word in effects[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("fields", [{"status": "stuck"}, {"blocked": "the watchdog is dead"}])
def test_nothing_forbids_lifting(fields: dict[str, object]) -> None:
    state = msgspec.structs.replace(injected(up()), **fields)
    assert decide_chaos(state, c.Toggle(*KEY), 1.0, panic="key")[1] == (LiftEntry(KEY, 7),)
    assert decide_chaos(state, c.LiftAll(), 1.0, panic="key")[1] == (LiftEverything(),)


def test_a_fault_is_lifted_when_its_time_to_live_runs_out() -> None:
    state = injected(up())
    assert tick_chaos(state, 299.9)[1] == ()
    state, effects = tick_chaos(state, 300.0)
    assert effects == (LiftEntry(KEY, 7, "time-to-live ran out"),)
    assert tick_chaos(state, 301.0)[1] == (), "asked once"


def test_a_refused_call_says_why_and_frees_the_slot() -> None:
    state, (call,) = decide_chaos(up(), c.Toggle(*KEY), 0.0, panic="")
    assert isinstance(call, ApplyChange)
    state, effects = applied(state, call, None, "400: invalid toxic type")
    assert state.slot(KEY).busy == ""
    assert "invalid toxic type" in state.slot(KEY).trouble
    assert [type(e) for e in effects] == [Tell]


def test_the_panel_shows_what_others_change() -> None:
    shown = panel(up(THEIRS, enabled=False), 0.0).proxies[0]
    assert [(s.fault, s.on, s.ours) for s in shown.slots] == [
        ("latency", False, False),
        ("theirs", True, False),
        ("down", True, False),
    ]


def test_the_panel_counts_down() -> None:
    (slot,) = (s for s in panel(injected(up()), 30.0).proxies[0].slots if s.fault == "latency")
    assert (slot.on, slot.ours, slot.left) == (True, True, 270.0)


@pytest.mark.parametrize(
    ("toxic", "steps", "value"),
    [
        (SLOW, 1, ("latency", 2250)),
        (SLOW, -100, ("latency", 0)),
        (SLOW, 100, ("latency", 5000)),
        (THEIRS, -100, ("rate", 1)),
        (Toxic("x", "packet_loss", attributes={"loss_rate": 100}), 1, ("loss_rate", 110)),
    ],
)
def test_sliders_stay_within_what_cannot_hurt_the_server(
    toxic: Toxic, steps: int, value: tuple[str, int]
) -> None:
    assert moved(toxic, steps).attributes[value[0]] == value[1]
