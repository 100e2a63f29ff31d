"""How a plan begins, is handed back to, and which of two levels a hand drives: the rules."""

from __future__ import annotations

import msgspec

from loadtui.load.planned import is_by_rate, lead, words
from loadtui.model import command as c
from loadtui.session.effect import Effect, FollowPlan, Mark, Tell
from loadtui.session.load_state import LoadState

PlanCommand = c.StartPlan | c.HandBack | c.SwitchMode
Decision = tuple[LoadState, tuple[Effect, ...]]

PLAN_BEGUN, PLAN_OVER = "plan begun", "plan over"
"""What the markers of a plan's beginning and end say."""


def decide_plan(state: LoadState, command: PlanCommand, now: float) -> Decision:
    """What such a command changes and what must be done; `now` in monotonic seconds."""
    if isinstance(command, c.SwitchMode):
        return _switch(state)
    if not state.plan:
        return state, (Tell("the scenario has no load to hand back to: add load: to it"),)
    if state.panic:
        return state, (Tell("panic is latched; r re-arms"),)
    if state.began is None:
        return _start(state, now)
    if isinstance(command, c.StartPlan) or state.follows:
        return state, (Tell("the plan has begun already"),)
    if state.is_over:
        return state, (Tell("the plan is over; the load stays by hand"),)
    began = now - state.elapsed(now)
    mark = Mark(
        kind="act",
        what="handed back",
        detail=f"to the plan: {words(state.plan, state.elapsed(now))}",
        short="plan",
    )
    return _following(state, began, now), (FollowPlan(began), mark)


def plan_over(state: LoadState) -> Decision:
    """Every worker has come to the plan's end."""
    if not state.follows or state.is_over:
        return state, ()
    over = msgspec.structs.replace(state, is_over=True, target=0, rate=0)
    return over, (Mark(kind="act", what=PLAN_OVER, short=PLAN_OVER),)


def _start(state: LoadState, now: float) -> Decision:
    # A beginning in the future lets every worker make its VUs ready, and all begin together.
    began = now + lead(state.plan)
    mark = Mark(kind="act", what=PLAN_BEGUN, detail=words(state.plan, 0.0), short="plan")
    return _following(state, began, now), (FollowPlan(began), mark)


def _following(state: LoadState, began: float, now: float) -> LoadState:
    handed = state.at_level(
        0, began=began, follows=True, is_over=False, by_rate=is_by_rate(state.plan)
    )
    return handed.planned(max(now, began))


def _switch(state: LoadState) -> Decision:
    """Go on with what runs now, in the other unit."""
    if state.by_rate:
        level = min(state.max_vus, state.seen_vus if state.rate else 0)
    else:
        level = min(state.max_rate, round(state.seen_rate) if state.is_wanted else 0)
    running = state.is_wanted and not state.panic
    level = max(1, level) if running and state.level else level
    after = msgspec.structs.replace(state, by_rate=not state.by_rate).at_level(level)
    noun = "an arrival rate" if after.by_rate else "VUs"
    detail = f"{state.amount(state.level)} → {after.amount(level)}"
    mark = Mark(kind="act", what=f"driving {noun}", detail=detail, short=after.amount(level))
    return after, (after.drive(), mark)
