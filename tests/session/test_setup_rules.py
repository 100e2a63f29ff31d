"""Load waits for `setup`, whatever a hand does meanwhile."""

from __future__ import annotations

import pytest

from loadtui.model import command as c
from loadtui.model.executor import ConstantVus, Entry
from loadtui.model.journey import Code
from loadtui.model.scenario import Scenario
from loadtui.session.effect import Effect, FollowPlan, HoldLoad, Retarget, SetRate, SetUp
from loadtui.session.phase import Life, phase
from loadtui.session.setup_rules import setup_done
from loadtui.session.state import Now, State, decide, initial, tick

LIFE = Life(starting=False)


def state(*once: str) -> State:
    code = Code(file="/shop.py", function="buy", written="shop.py", once=once)
    plan = (Entry("default", ConstantVus(30.0, 5)),)
    scenario = Scenario(name="s", target="", code=code, scenarios=plan)
    return initial(scenario, step=1, tour=())


def drives(effects: tuple[Effect, ...]) -> list[Effect]:
    return [each for each in effects if isinstance(each, Retarget | SetRate | FollowPlan | SetUp)]


def after(now: State, *commands: c.AnyCommand, at: float = 10.0) -> tuple[State, list[Effect]]:
    found: list[Effect] = []
    for command in commands:
        now, effects = decide(now, command, Now(at, at))
        found += drives(effects)
    return now, found


@pytest.mark.parametrize("command", [c.Step(2), c.StartPlan(), c.Spike()])
def test_the_first_load_waits_for_setup(command: c.AnyCommand) -> None:
    first, effects = after(state("setup"), command)
    assert effects == [SetUp()]
    assert phase(LIFE, first.load, 0) == "setup"
    more, effects = after(first, c.Step(1), c.SetTarget(9))
    assert effects == []
    load, last = setup_done(more.load, 15.0, 5.0)
    assert drives(last) == [Retarget(9)]
    assert phase(LIFE, load, 0) == "running"
    assert after(more.__class__(load=load), c.Step(1))[1] == [Retarget(10)]


def test_a_plan_begins_when_setup_has_returned_not_when_it_was_asked_for() -> None:
    waiting, _ = after(state("setup"), c.StartPlan())
    waiting, effects, _ = tick(waiting, Now(40.0, 40.0))
    assert not drives(effects)
    assert waiting.load.target == 5
    load, last = setup_done(waiting.load, 50.0, 40.0)
    (follow,) = drives(last)
    assert isinstance(follow, FollowPlan)
    assert 50.0 <= follow.at < 51.0
    assert load.elapsed(51.0) < 1.0


def test_a_load_that_was_taken_back_meanwhile_does_not_begin() -> None:
    waiting, _ = after(state("setup"), c.Step(3), c.Zero())
    load, last = setup_done(waiting.load, 15.0, 5.0)
    assert drives(last) == [Retarget(0)]
    assert phase(LIFE, load, 0) == "idle"


def test_a_pause_meanwhile_holds_what_comes_after() -> None:
    waiting, _ = after(state("setup"), c.StartPlan())
    waiting, effects = decide(waiting, c.TogglePause(), Now(12.0, 12.0))
    assert HoldLoad(on=True) in effects
    load, _ = setup_done(waiting.load, 20.0, 10.0)
    assert phase(LIFE, load, 0) == "paused"
    assert load.elapsed(30.0) < 1.0
    resumed, _ = after(waiting.__class__(load=load), c.TogglePause(), at=40.0)
    assert resumed.load.elapsed(40.5) < 1.0


def test_a_panic_ends_it_and_the_next_load_sets_up_anew() -> None:
    waiting, _ = after(state("setup"), c.Step(3), c.Panic())
    assert waiting.load.setup == "due"
    assert setup_done(waiting.load, 15.0, 5.0) == (waiting.load, ())
    assert after(waiting, c.Rearm(), c.Step(1))[1] == [SetUp()]


def test_nothing_waits_where_there_is_nothing_to_call() -> None:
    assert after(state(), c.Step(2))[1] == [Retarget(2)]
    assert after(state("setup"), c.Zero(), c.TogglePause())[1] == [Retarget(0)]
