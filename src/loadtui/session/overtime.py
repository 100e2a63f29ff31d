"""What ends load and faults without a word of the operator's (pure)."""

from __future__ import annotations

import msgspec

from loadtui.model import command as c
from loadtui.model.scenario import Guard
from loadtui.model.units import duration
from loadtui.session.effect import Mark
from loadtui.session.state import State


class Due(msgspec.Struct, frozen=True):
    """What to do now, and what to say of it."""

    commands: tuple[c.AnyCommand, ...] = ()
    words: str = ""
    mark: Mark | None = None


class Overtime:
    """The longest load there may be, and how long nobody may have touched a key. Times in monotonic
    seconds.
    """

    def __init__(self, guard: Guard, now: float) -> None:
        """The operator has just come."""
        self._guard, self._touched = guard, now

    def touch(self, now: float) -> None:
        """A key, a click, a command."""
        self._touched = now

    def left(self, state: State, now: float) -> float | None:
        """Seconds until the dead man's switch acts; None while it would have nothing to do."""
        limit = self._guard.dead_man
        if limit is None or not _needs_a_hand(state):
            return None
        return max(0.0, self._touched + limit - now)

    def due(self, state: State, elapsed: float, now: float) -> Due:
        """What is due; `elapsed`: seconds under load."""
        longest = self._guard.max_duration
        if elapsed > longest and state.load.is_wanted:
            return Due((c.Zero(),), f"max_duration {longest:g} s is over: load to zero")
        if self.left(state, now) == 0.0:
            self._touched = now  # what could not be lifted is tried again after as long
            return _nobody(state, self._guard.dead_man or 0.0)
        return Due()


def _by_hand(state: State) -> bool:
    return state.load.is_wanted and not state.load.follows


def _needs_a_hand(state: State) -> bool:
    """Whether a fault of ours is on, or load that no plan ends."""
    return _by_hand(state) or any(s.entry is not None for s in state.chaos.slots.values())


def _nobody(state: State, limit: float) -> Due:
    commands: tuple[c.AnyCommand, ...] = (c.LiftAll(),)
    what = "faults lifted"
    if _by_hand(state):
        commands, what = (*commands, c.Zero()), "faults lifted, load to zero"
    words = f"no key for {duration(limit)}"
    mark = Mark(kind="act", what=words, detail=what, short="no key")
    return Due(commands, f"{words}: {what} (guard.dead_man)", mark)
