"""Load waits for `setup`, which is called before the first virtual user begins: the rules.

"" none · due ──load is wanted──► running ──returned──► done
             ▲                       │ panic
             └───────────────────────┘
"""

from __future__ import annotations

import msgspec

from loadtui.load.planned import lead
from loadtui.model.scenario import Scenario
from loadtui.session.effect import CutLoad, Effect, FollowPlan, Mark, Retarget, SetRate, SetUp
from loadtui.session.load_state import LoadState, SetupState

Decision = tuple[LoadState, tuple[Effect, ...]]

_DRIVES = Retarget | SetRate | FollowPlan | CutLoad


def setup_of(scenario: Scenario) -> SetupState:
    """Whether a journey's file has anything to be called before or after the load."""
    codes = (scenario.code, *(each.code for each in scenario.journeys))
    return "due" if any(code is not None and code.once for code in codes) else ""


def gated(decided: Decision) -> Decision:
    """What was decided about the load, without driving it before it is set up."""
    load, effects = decided
    match load.setup:
        case "due" if load.is_wanted:
            running = msgspec.structs.replace(load, setup="running")
            return running, (*_undriven(effects), SetUp())
        case "running" if load.panic:
            return msgspec.structs.replace(load, setup="due"), effects
        case "running":
            return load, _undriven(effects)
        case _:
            return decided


def setup_done(load: LoadState, now: float, took: float) -> Decision:
    """`setup` has returned after `took` seconds, 0 where there is none: what is wanted by now
    begins, a plan with its first second.
    """
    if load.setup != "running":
        return load, ()
    began = None if load.began is None else now + lead(load.plan)
    done = msgspec.structs.replace(
        load, setup="done", began=began, held_at=now if load.paused else None
    )
    mark = Mark(kind="act", what="setup done", detail=f"after {took:.1f} s", short="setup")
    return done, (*((mark,) if took else ()), done.order())


def _undriven(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    return tuple(each for each in effects if not isinstance(each, _DRIVES))
