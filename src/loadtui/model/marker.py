"""What happened, numbered: one line of the timeline and one mark in the charts."""

from __future__ import annotations

from typing import Literal

import msgspec

MarkerKind = Literal["act", "fault", "bad", "good", "note", "panic", "loss"]
"""`loss`: a worker of ours is gone; `bad` and `good`: a threshold fails, holds again."""


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered moment or, for a fault or spike, one window.

    Times are session seconds (0 = start). `ended` None with `open` False: a moment. `what` and
    `detail` are the timeline's words, `short` the chart's. `outcome`: measured words once known
    ("p95 214 → 2 250 → 220 ms"), `tail`: the news in brief ("recovered in 7 s"). `chart`: the
    chart a threshold's change of state belongs to ("latency", "errors"), else "". `removed`: the
    operator took it off; it keeps its number.
    """

    number: int
    at: float
    kind: MarkerKind
    what: str
    detail: str = ""
    short: str = ""
    ended: float | None = None
    open: bool = False
    outcome: str = ""
    tail: str = ""
    chart: str = ""
    removed: bool = False
