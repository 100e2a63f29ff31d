"""A fault with a time of its own in the plan: when it comes, how long it stays, what came of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.model.toxic import Toxic

DOWN = "down"
"""What the fault of a disabled proxy is called."""

TimedState = Literal["waiting", "injecting", "on", "over", "by hand", "skipped", "failed"]
"""`by hand`: an operator injected it, and it is theirs since. `failed`: it never came, and nobody
wanted that.
"""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of the plan. `toxic` None: its proxy goes down.

    `at`: seconds of the plan; `lasts`: seconds, None until the plan's end. `why`: what a state that
    is not as planned came from. `marker`: its number in the timeline.
    """

    name: str
    proxy: str
    toxic: Toxic | None = None
    at: float
    lasts: float | None = None
    state: TimedState = "waiting"
    why: str = ""
    marker: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Its proxy, and what the fault is called there."""
        return self.proxy, DOWN if self.toxic is None else self.toxic.name

    @property
    def until(self) -> float | None:
        """The plan's second at which it is lifted, None for its end."""
        return None if self.lasts is None else self.at + self.lasts
