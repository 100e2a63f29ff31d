"""What the session must now do: the deciding functions return these, one interpreter performs
them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.model.ledger import Change
from loadtui.model.marker import MarkerKind
from loadtui.model.scenario import Scenario

SlotKey = tuple[str, str]
"""Proxy name, fault name (a toxic's name, or "down")."""


LiftWhy = Literal["lifted", "time-to-live ran out", "as planned", "the plan was over"]


class Retarget(msgspec.Struct, frozen=True):
    """Tell the workers how many VUs to run."""

    target: int


class SetRate(msgspec.Struct, frozen=True):
    """Tell the workers how many iterations to start per second."""

    rate: int


class FollowPlan(msgspec.Struct, frozen=True):
    """Tell the workers to follow the plan, which began at `at` (monotonic, pauses taken off)."""

    at: float


class SetUp(msgspec.Struct, frozen=True):
    """Have `setup` called, and drive the load once it has returned."""


class CutLoad(msgspec.Struct, frozen=True):
    """Cut what is in flight above the target."""


class HoldLoad(msgspec.Struct, frozen=True):
    """Pause (`on`) or resume the workers."""

    on: bool


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Put a numbered marker into the timeline; `vus` merges quick changes of the target.

    `baseline`: the seconds [from, to) that it makes the baseline.
    """

    kind: MarkerKind
    what: str
    detail: str = ""
    short: str = ""
    vus: tuple[int, int] | None = None
    baseline: tuple[int, int] | None = None


class EditMark(msgspec.Struct, frozen=True):
    """Give an operator's own marker other words, or, with none, take it off."""

    number: int
    text: str


class Tell(msgspec.Struct, frozen=True):
    """News for a toast: what happened, and what to do about it."""

    text: str


class ApplyChange(msgspec.Struct, frozen=True):
    """Record the intent, make the call, read back. `deadline`: Unix seconds, None = the session's
    life.
    """

    key: SlotKey
    change: Change
    deadline: float | None


class LiftEntry(msgspec.Struct, frozen=True):
    """Lift one entry of the ledger; `why`: the words for the timeline."""

    key: SlotKey
    entry: int
    why: LiftWhy = "lifted"


class OpenFault(msgspec.Struct, frozen=True):
    """A fault is on: put its marker into the timeline and begin its comparison."""

    key: SlotKey
    what: str
    detail: str


class RelabelFault(msgspec.Struct, frozen=True):
    """A fault that is on was changed: its marker says so."""

    marker: int
    detail: str


class CloseFault(msgspec.Struct, frozen=True):
    """A fault is off again: close its marker, begin to measure the recovery."""

    marker: int
    why: str


class LiftEverything(msgspec.Struct, frozen=True):
    """Lift every entry that is a fault (not our proxies), in reverse order, and verify."""


class Latch(msgspec.Struct, frozen=True):
    """The whole of a panic: stop the load, lift everything, say how long it took."""

    source: str


class Unlatch(msgspec.Struct, frozen=True):
    """Make workers ready again after a panic."""


class Adopt(msgspec.Struct, frozen=True):
    """Load this scenario from now on, with fresh workers."""

    scenario: Scenario


Effect = (
    Retarget
    | SetRate
    | FollowPlan
    | SetUp
    | CutLoad
    | HoldLoad
    | Mark
    | EditMark
    | Tell
    | ApplyChange
    | LiftEntry
    | LiftEverything
    | OpenFault
    | RelabelFault
    | CloseFault
    | Latch
    | Unlatch
    | Adopt
)
