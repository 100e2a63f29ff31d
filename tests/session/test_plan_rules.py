"""The plan, a hand over it, and the way back, without a clock or a worker."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.planned import lead
from loadtui.model import command as c
from loadtui.model.executor import ConstantRate, ConstantVus, Entry, RampingVus, Stage
from loadtui.session.effect import (
    Effect,
    FollowPlan,
    HoldLoad,
    Latch,
    Mark,
    Retarget,
    SetRate,
    Tell,
)
from loadtui.session.load_rules import LoadCommand, decide_load, tick_load
from loadtui.session.load_state import LoadState
from loadtui.session.plan_rules import PlanCommand, decide_plan, plan_over

RAMP = (Entry("default", RampingVus((Stage(10, 10), Stage(10, 0)), start_vus=0)),)
RATE = (Entry("default", ConstantRate(50, 20, 10, 20)),)
LEAD = lead(RAMP)


def begun(plan: tuple[Entry, ...] = RAMP, at: float = 100.0) -> LoadState:
    """The state of a plan whose second 0 is at `at`."""
    return decide_plan(LoadState(plan=plan), c.StartPlan(), at - lead(plan))[0]


def details(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.detail for effect in effects if isinstance(effect, Mark)]


@pytest.mark.parametrize("command", [c.StartPlan(), c.HandBack()])
def test_a_plan_begins_in_a_moment_so_that_workers_can_make_ready(command: PlanCommand) -> None:
    state, effects = decide_plan(LoadState(plan=RAMP), command, 100.0)
    assert effects[0] == FollowPlan(100.0 + LEAD)
    assert (state.follows, state.is_wanted) == (True, True)
    assert "stage 1 of 2 → 10 VUs" in details(effects)[0]


def test_while_the_plan_drives_the_target_is_what_it_wants() -> None:
    state, effects = tick_load(begun(), 105.0)
    assert (state.target, effects) == (5, ())
    assert tick_load(begun(RATE), 105.0)[0].rate == 50


def test_a_hand_takes_over_from_where_the_plan_is_and_says_so() -> None:
    state, _ = tick_load(begun(), 105.0)
    after, effects = decide_load(state, c.Step(1), 105.1)
    assert (after.target, after.follows) == (6, False)
    assert effects[0] == Retarget(6)
    assert details(effects) == ["5 → 6, by hand over the plan"]
    assert tick_load(after, 108.0)[0].target == 6


def test_handing_back_returns_to_where_the_plan_is_by_now() -> None:
    by_hand, _ = decide_load(tick_load(begun(), 105.0)[0], c.Zero(), 105.0)
    back, effects = decide_plan(by_hand, c.HandBack(), 112.0)
    assert effects[0] == FollowPlan(100.0)
    assert (back.target, back.follows) == (8, True)


def test_a_pause_stops_the_plans_clock() -> None:
    paused, _ = decide_load(tick_load(begun(), 103.0)[0], c.TogglePause(), 103.0)
    assert tick_load(paused, 150.0)[0].target == 3
    resumed, effects = decide_load(paused, c.TogglePause(), 160.0)
    assert effects[0] == HoldLoad(on=False)
    assert tick_load(resumed, 162.0)[0].target == 5
    assert resumed.began == pytest.approx(157.0)


def test_a_hand_over_a_rate_drives_the_rate() -> None:
    state, _ = tick_load(begun(RATE), 105.0)
    after, effects = decide_load(state, c.Step(10), 105.0)
    assert (after.rate, after.target) == (60, 0)
    assert effects[0] == SetRate(60)


def test_a_spike_over_the_plan_returns_to_the_plan() -> None:
    spiking, effects = decide_load(tick_load(begun(), 105.0)[0], c.Spike(), 105.0)
    assert effects[0] == Retarget(15)
    back, effects = tick_load(spiking, 115.0)
    assert (back.follows, effects[0]) == (True, FollowPlan(100.0))


def test_a_plan_that_is_over_leaves_the_load_to_the_hand() -> None:
    over, effects = plan_over(begun())
    assert (over.is_over, over.is_wanted, over.target) == (True, False, 0)
    assert [e.what for e in effects if isinstance(e, Mark)] == ["plan over"]
    assert plan_over(over) == (over, ())
    raised, _ = decide_load(over, c.Step(3), 200.0)
    assert raised.target == 3
    _, told = decide_plan(raised, c.HandBack(), 201.0)
    assert [type(effect) for effect in told] == [Tell]


def test_without_a_plan_there_is_nothing_to_hand_back_to() -> None:
    state, effects = decide_plan(LoadState(), c.HandBack(), 0.0)
    assert state == LoadState()
    assert [type(effect) for effect in effects] == [Tell]


def test_a_latched_panic_refuses_the_plan() -> None:
    panicked, effects = decide_load(tick_load(begun(), 105.0)[0], c.Panic("key"), 105.0)
    assert (panicked.follows, panicked.target, effects) == (False, 0, (Latch("key"),))
    _, told = decide_plan(panicked, c.HandBack(), 106.0)
    assert [type(effect) for effect in told] == [Tell]


def test_switching_to_a_rate_and_back_goes_on_with_what_runs() -> None:
    state = LoadState(target=20, seen_vus=20, seen_rate=143.4)
    by_rate, effects = decide_plan(state, c.SwitchMode(), 0.0)
    assert (by_rate.rate, by_rate.target, effects[0]) == (143, 0, SetRate(143))
    assert details(effects) == ["20 VUs → 143/s"]
    by_vus, effects = decide_plan(
        msgspec.structs.replace(by_rate, seen_vus=17), c.SwitchMode(), 1.0
    )
    assert (by_vus.target, by_vus.rate, effects[0]) == (17, 0, Retarget(17))


def test_switching_an_idle_load_starts_nothing() -> None:
    state, effects = decide_plan(LoadState(seen_rate=9.0), c.SwitchMode(), 0.0)
    assert (state.by_rate, state.rate, effects[0]) == (True, 0, SetRate(0))
    raised, effects = decide_load(state, c.SetTarget(120), 1.0)
    assert (raised.level, effects[0]) == (120, SetRate(120))


def test_a_rate_has_a_ceiling_and_a_soft_line_of_its_own() -> None:
    state = LoadState(by_rate=True, rate=400, max_rate=1000)
    asked, _ = decide_load(state, c.SetTarget(600), 0.0)
    assert "600/s" in asked.question
    assert "max_rate 1000" in asked.question
    raised, effects = decide_load(asked, c.Confirm(), 1.0)
    assert (raised.rate, effects[0]) == (600, SetRate(600))
    full, effects = decide_load(raised, c.SetTarget(5000), 2.0)
    assert full.rate == 1000
    assert any(isinstance(e, Tell) and "max_rate is 1000" in e.text for e in effects)


COMMANDS: st.SearchStrategy[LoadCommand | PlanCommand] = st.one_of(
    st.builds(c.Step, st.integers(-30, 30)),
    st.builds(c.SetTarget, st.integers(0, 500)),
    *(st.builds(kind) for kind in (c.Zero, c.Spike, c.TogglePause, c.StopLoad, c.Confirm)),
    *(st.builds(kind) for kind in (c.Panic, c.Rearm, c.StartPlan, c.HandBack, c.SwitchMode)),
)


@given(
    st.lists(st.tuples(COMMANDS, st.floats(0.01, 9)), max_size=40),
    st.sampled_from([RAMP, RATE, (), (Entry("a", ConstantVus(15, 3)), *RATE)]),
)
def test_workers_are_told_whatever_is_decided(
    presses: list[tuple[LoadCommand | PlanCommand, float]], plan: tuple[Entry, ...]
) -> None:
    state, now = LoadState(plan=plan, max_vus=300, max_rate=400), 50.0
    told: Effect | None = Retarget(0)
    for command, pause in presses:
        now += pause
        state, due = tick_load(state, now)
        if isinstance(command, c.StartPlan | c.HandBack | c.SwitchMode):
            state, effects = decide_plan(state, command, now)
        else:
            state, effects = decide_load(state, command, now)
        for effect in (*due, *effects):
            if isinstance(effect, Retarget | SetRate | FollowPlan):
                told = effect
            elif isinstance(effect, Latch):
                told = Retarget(0)
        if isinstance(told, FollowPlan):
            assert state.follows
        else:
            assert not state.follows
            assert isinstance(told, Retarget | SetRate)
            level = told.target if isinstance(told, Retarget) else told.rate
            assert level == state.level <= state.ceiling
        assert not (state.panic and state.is_wanted)
