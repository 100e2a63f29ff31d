"""What a pool tells of workers that fail. Times are seconds of the session's clock (pure)."""

from __future__ import annotations

import msgspec


class Lost(msgspec.Struct, frozen=True):
    """A worker ended without having been told to.

    `since`: when it was last heard; `at`: when its share was moved to `heirs`, the workers that are
    left. `vus`: those it ran, as it last reported. `is_replaced`: a fresh worker is on its way.
    `owed`: iterations that it had still to run and that nobody runs unless it is replaced.
    `is_ordered`: the watchdog stopped the load, and nothing failed.
    """

    worker: int
    why: str
    since: float = 0.0
    at: float = 0.0
    vus: int = 0
    heirs: tuple[int, ...] = ()
    is_replaced: bool = False
    owed: int = 0
    is_ordered: bool = False


class Replaced(msgspec.Struct, frozen=True):
    """A fresh worker runs in a lost one's place, since `at`, `took` seconds after that was lost."""

    worker: int
    at: float
    took: float


class GaveUp(msgspec.Struct, frozen=True):
    """No fresh worker came up in a lost one's place, and none is started any more."""

    worker: int
    why: str


class Silent(msgspec.Struct, frozen=True):
    """A worker has said nothing since `since`, although its process runs; `vus` as in `Lost`."""

    worker: int
    since: float
    vus: int


class Back(msgspec.Struct, frozen=True):
    """A silent worker answers again, since `at`."""

    worker: int
    at: float
