"""What we changed on a Toxiproxy server, kept so that it can be undone by anybody."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.model.toxic import Proxy, Toxic

Part = Literal["toxic", "enabled", "proxy"]
State = Toxic | Proxy | bool | None
"""A toxic, a proxy's `enabled`, a whole proxy, or None for absent."""


class Change(msgspec.Struct, frozen=True):
    """One difference between the server as we found it (`before`) and as we want it (`after`).

    part `toxic`: Toxic | None on both sides, `toxic` names it. part `enabled`: bool on both sides.
    part `proxy`: Proxy | None on both sides (created: before None; deleted: after None).
    """

    proxy: str
    part: Part
    toxic: str
    before: State
    after: State


class Entry(msgspec.Struct, frozen=True):
    """A change in the ledger: recorded before the call, confirmed by reading back.

    `deadline`: Unix seconds at which it must be lifted; None only for proxies that we created and
    for the server's whole life own. `server`: base URL of the control API. `seen`: what was read
    after the last call that took effect. `asked`: what earlier calls asked for whose effect nobody
    saw; one of them may still land.
    """

    id: int
    server: str
    change: Change
    deadline: float | None
    confirmed: bool = False
    seen: State | msgspec.UnsetType = msgspec.UNSET
    asked: tuple[State, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Whether it disturbs anything; a proxy that we created does not."""
        return self.change.part != "proxy" or self.change.before is not None


class Lift(msgspec.Struct, frozen=True):
    """How lifting one entry ended; `text` says it in a sentence, `by_hand` holds the shell lines.

    `done`: verified by reading. `left`: someone changed it since, so it was left alone and named.
    """

    entry: Entry
    result: Literal["done", "left", "failed"]
    text: str = ""
    by_hand: tuple[str, ...] = ()
