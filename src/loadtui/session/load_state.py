"""Everything decided about the load, as one frozen value."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.load.planned import wanted
from loadtui.model import command as c
from loadtui.model.executor import Entry
from loadtui.session.effect import Effect, FollowPlan, Retarget, SetRate, SetUp

SetupState = Literal["", "due", "running", "done"]


class SpikeState(msgspec.Struct, frozen=True):
    """A spike under way: what to return to, and when (monotonic seconds)."""

    back_to: int
    until: float
    to_plan: bool = False


class LoadState(msgspec.Struct, frozen=True):
    """What is wanted, and who drives: the plan (`follows`), or a hand.

    `target`: VUs; `rate`: iterations that start per second; `by_rate`: which of them a hand drives.
    While the plan is followed, both are what it wants. `began`: the monotonic second at which the
    plan began, pauses taken off, None before; `is_over`: it came to its end. `held_at`: since when
    load is paused. `zero_until`: until when a second `0` cuts; `asking`: the raise that waits for a
    yes; `sure`: the soft line was confirmed once. `seen_vus`, `seen_rate`: what runs, as measured.
    `setup`: how far the functions are that are called before the first VU.
    """

    target: int = 0
    rate: int = 0
    by_rate: bool = False
    paused: bool = False
    held_at: float | None = None
    step: int = 1
    max_vus: int = 1000
    max_rate: int = 20_000
    plan: tuple[Entry, ...] = ()
    began: float | None = None
    follows: bool = False
    is_over: bool = False
    spike: SpikeState | None = None
    zero_until: float | None = None
    asking: c.Step | c.SetTarget | c.Spike | None = None
    sure: bool = False
    panic: str = ""
    graceful: float = 30.0
    spike_factor: float = 3.0
    spike_seconds: float = 10.0
    spike_from_zero: int = 30
    seen_vus: int = 0
    seen_rate: float = 0.0
    setup: SetupState = ""

    @property
    def level(self) -> int:
        """What a hand moves: VUs, or starts per second."""
        return self.rate if self.by_rate else self.target

    @property
    def ceiling(self) -> int:
        """No key raises the level past this."""
        return self.max_rate if self.by_rate else self.max_vus

    @property
    def ceiling_name(self) -> str:
        """What the scenario calls it."""
        return "max_rate" if self.by_rate else "max_vus"

    @property
    def soft_line(self) -> int:
        """Raising past this asks once."""
        return self.ceiling // 2

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to run: a hand's level, or a plan that is not over."""
        return self.level > 0 or (self.follows and not self.is_over)

    def elapsed(self, now: float) -> float:
        """Seconds of the plan; it stands still while load is paused, or being set up."""
        if self.setup == "running":
            return 0.0
        until = now if self.held_at is None else self.held_at
        return until - (until if self.began is None else self.began)

    def plan_second(self, now: float) -> float | None:
        """Seconds of the plan, None before it has begun."""
        is_waiting = self.began is None or self.setup == "running"
        return None if is_waiting else self.elapsed(now)

    def at_level(self, level: int, **fields: object) -> LoadState:
        """A hand wants so much; whatever waited or was to return is forgotten."""
        moved = {"rate": level, "target": 0} if self.by_rate else {"target": level, "rate": 0}
        forgotten = {"follows": False, "asking": None, "zero_until": None, "spike": None}
        return msgspec.structs.replace(self, **{**forgotten, **moved, **fields})

    def planned(self, now: float) -> LoadState:
        """While the plan is followed: what it wants now."""
        if not self.follows:
            return self
        want = wanted(self.plan, self.elapsed(now))
        return msgspec.structs.replace(self, target=want.vus, rate=round(want.rate))

    def drive(self) -> Effect:
        """Tell the workers what a hand wants."""
        return SetRate(self.rate) if self.by_rate else Retarget(self.target)

    def order(self) -> Effect:
        """What drives, in full: for workers that know nothing yet."""
        if self.setup == "running":
            return SetUp()
        if self.follows and self.began is not None:
            return FollowPlan(self.began)
        return self.drive()

    def amount(self, level: int) -> str:
        """So much, with its unit."""
        return f"{level}/s" if self.by_rate else f"{level} VUs"

    @property
    def question(self) -> str:
        """The question on the screen, "" for none."""
        if self.asking is None:
            return ""
        raised = self.amount(self.wanted_by(self.asking))
        return f"Raise to {raised}? That is past half of {self.ceiling_name} {self.ceiling}."

    def raw_wish(self, command: c.Step | c.SetTarget | c.Spike) -> int:
        """The level that a command asks for, whatever the ceiling."""
        match command:
            case c.Step(steps=steps):
                return self.level + steps * self.step
            case c.SetTarget(target=target):
                return target
            case c.Spike(factor=factor):
                return round(self.level * (factor or self.spike_factor)) or self.spike_from_zero

    def wanted_by(self, command: c.Step | c.SetTarget | c.Spike) -> int:
        """The level that a command leads to."""
        return max(0, min(self.ceiling, self.raw_wish(command)))
