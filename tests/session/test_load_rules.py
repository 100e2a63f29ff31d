"""What the keys do to the load, without a clock or a worker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model import command as c
from loadtui.session.effect import CutLoad, HoldLoad, Latch, Mark, Retarget, Tell, Unlatch
from loadtui.session.load_rules import LoadCommand, decide_load, tick_load
from loadtui.session.load_state import LoadState, SpikeState

COMMANDS = st.one_of(
    st.builds(c.Step, st.integers(-30, 30)),
    st.builds(c.SetTarget, st.integers(0, 5000)),
    st.builds(c.Zero),
    st.builds(c.Spike),
    st.builds(c.TogglePause),
    st.builds(c.StopLoad),
    st.builds(c.Confirm),
    st.builds(c.Decline),
    st.builds(c.Panic),
    st.builds(c.Rearm),
)


def kinds(effects: tuple[object, ...]) -> list[type]:
    return [type(effect) for effect in effects]


@pytest.mark.parametrize(
    ("start", "command", "target"),
    [
        (0, c.Step(1), 5),
        (10, c.Step(-1), 5),
        (10, c.Step(-10), 0),
        (10, c.Step(10), 60),
        (10, c.SetTarget(33), 33),
        (10, c.Zero(), 0),
        (10, c.StopLoad(), 0),
        (10, c.Spike(), 30),
        (0, c.Spike(), 30),
        (10, c.Spike(factor=5, seconds=2), 50),
    ],
)
def test_a_command_moves_the_target(start: int, command: LoadCommand, target: int) -> None:
    after, effects = decide_load(LoadState(target=start, step=5), command, 100.0)
    assert after.target == target
    assert Retarget(target) in effects


def test_a_spike_returns_by_itself_and_only_when_it_is_over() -> None:
    spiking, _ = decide_load(LoadState(target=20), c.Spike(), 100.0)
    assert tick_load(spiking, 109.9) == (spiking, ())
    after, effects = tick_load(spiking, 110.0)
    assert (after.target, after.spike) == (20, None)
    assert Retarget(20) in effects


def test_a_second_press_ends_a_spike_at_once() -> None:
    spiking, _ = decide_load(LoadState(target=20), c.Spike(), 100.0)
    after, effects = decide_load(spiking, c.Spike(), 102.0)
    assert (after.target, after.spike) == (20, None)
    assert Retarget(20) in effects


def test_a_step_in_a_spike_moves_what_it_returns_to() -> None:
    spiking, _ = decide_load(LoadState(target=20, step=5), c.Spike(), 100.0)
    after, _ = decide_load(spiking, c.Step(1), 101.0)
    assert (after.target, after.spike) == (65, SpikeState(25, 110.0))


@pytest.mark.parametrize("command", [c.SetTarget(7), c.Zero(), c.StopLoad(), c.Panic()])
def test_taking_over_by_hand_cancels_the_pending_return(command: LoadCommand) -> None:
    spiking, _ = decide_load(LoadState(target=20), c.Spike(), 100.0)
    after, _ = decide_load(spiking, command, 101.0)
    assert after.spike is None
    assert tick_load(after, 500.0) == (after, ())


def test_zero_is_graceful_and_a_second_press_cuts() -> None:
    once, effects = decide_load(LoadState(target=20), c.Zero(), 100.0)
    assert CutLoad() not in effects
    _, again = decide_load(once, c.Zero(), 129.0)
    assert CutLoad() in again


def test_a_second_zero_after_the_graceful_time_is_graceful_again() -> None:
    once, _ = decide_load(LoadState(target=20), c.Zero(), 100.0)
    _, again = decide_load(once, c.Zero(), 131.0)
    assert CutLoad() not in again


def test_raising_past_half_of_the_ceiling_asks_once() -> None:
    asked, effects = decide_load(LoadState(target=490, max_vus=1000), c.Step(20), 0.0)
    assert (asked.target, effects) == (490, ())
    assert "510" in asked.question
    yes, effects = decide_load(asked, c.Confirm(), 1.0)
    assert (yes.target, yes.question) == (510, "")
    assert Retarget(510) in effects
    more, _ = decide_load(yes, c.Step(20), 2.0)
    assert (more.target, more.question) == (530, "")


def test_declining_leaves_the_load_alone_and_asks_again_next_time() -> None:
    asked, _ = decide_load(LoadState(target=490, max_vus=1000), c.Step(20), 0.0)
    no, effects = decide_load(asked, c.Decline(), 1.0)
    assert (no.target, no.question, effects) == (490, "", ())
    again, _ = decide_load(no, c.Step(20), 2.0)
    assert again.question


def test_lowering_never_waits_for_an_answer() -> None:
    asked, _ = decide_load(LoadState(target=490, max_vus=1000), c.Step(20), 0.0)
    after, effects = decide_load(asked, c.Step(-1), 1.0)
    assert (after.target, after.question) == (489, "")
    assert Retarget(489) in effects


def test_no_key_raises_past_the_ceiling_and_the_operator_is_told() -> None:
    after, effects = decide_load(LoadState(target=90, max_vus=100, sure=True), c.Step(50), 0.0)
    assert after.target == 100
    assert any(isinstance(e, Tell) and "100" in e.text for e in effects)


def test_a_panic_stops_everything_and_refuses_raises_until_rearmed() -> None:
    panicked, effects = decide_load(LoadState(target=20, paused=True), c.Panic("key"), 0.0)
    assert (panicked.target, panicked.panic, panicked.paused) == (0, "key", False)
    assert kinds(effects) == [Latch]
    refused, effects = decide_load(panicked, c.Step(1), 1.0)
    assert refused.target == 0
    assert kinds(effects) == [Tell]
    free, effects = decide_load(refused, c.Rearm(), 2.0)
    assert free.panic == ""
    assert Unlatch in kinds(effects)
    assert decide_load(free, c.Step(1), 3.0)[0].target == 1


def test_pause_holds_and_resumes() -> None:
    paused, effects = decide_load(LoadState(target=5), c.TogglePause(), 0.0)
    assert (paused.paused, paused.target) == (True, 5)
    assert HoldLoad(on=True) in effects
    _, effects = decide_load(paused, c.TogglePause(), 1.0)
    assert HoldLoad(on=False) in effects


def test_a_moved_target_becomes_a_marker_with_both_ends() -> None:
    _, effects = decide_load(LoadState(target=3), c.SetTarget(9), 0.0)
    assert [e.detail for e in effects if isinstance(e, Mark)] == ["3 → 9"]


@given(st.lists(st.tuples(COMMANDS, st.floats(0.01, 20)), max_size=40), st.integers(1, 400))
def test_whatever_is_pressed_the_ceiling_and_the_latch_hold(
    presses: list[tuple[LoadCommand, float]], max_vus: int
) -> None:
    state, now, told = LoadState(max_vus=max_vus), 0.0, 0
    for command, pause in presses:
        now += pause
        state, due = tick_load(state, now)
        state, effects = decide_load(state, command, now)
        for effect in (*due, *effects):
            told = effect.target if isinstance(effect, Retarget) else told
            told = 0 if isinstance(effect, Latch) else told
        assert 0 <= state.target <= max_vus
        assert told == state.target
        assert not (state.panic and state.target)
