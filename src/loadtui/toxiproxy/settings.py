"""How the server is to behave."""

from __future__ import annotations

from typing import Literal

import msgspec

OriginalWay = Literal["half-close", "ranges"]
ORIGINAL_WAYS: tuple[OriginalWay, ...] = ("half-close", "ranges")


class Settings(msgspec.Struct, frozen=True):
    """`seed`: of every draw; None: another one each time. `original`: in what the original's way is
    kept, `half-close` (a finished sender loses the answer) or `ranges` (negative values and any
    toxicity are taken). `metrics`: whether /metrics exists.
    """

    seed: int | None = None
    original: tuple[OriginalWay, ...] = ()
    metrics: bool = False

    @property
    def half_close(self) -> bool:
        """Whether a finished sender may still receive."""
        return "half-close" not in self.original

    @property
    def strict(self) -> bool:
        """Whether values that mean nothing are refused."""
        return "ranges" not in self.original
