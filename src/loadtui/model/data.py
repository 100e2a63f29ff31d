"""Data files that a scenario declares: what iterations get rows of."""

from __future__ import annotations

from typing import Literal

import msgspec

Pick = Literal["in-order", "random", "unique"]
"""Which row an iteration gets: the next one of the file, any, or one that no other has had."""

AtEnd = Literal["recycle", "stop", "fail"]
"""What comes after the last row: the first one again, the end of the plan that asks, or an
iteration that fails."""


class DataSource(msgspec.Struct, frozen=True, kw_only=True):
    """One file under `data:`. `file`: absolute path; `written`: as the scenario names it.

    `rows`: how many the file had when it was checked; `columns`: their names.
    """

    name: str
    file: str
    written: str
    pick: Pick = "in-order"
    at_end: AtEnd = "recycle"
    columns: tuple[str, ...] = ()
    rows: int = 0

    @property
    def ends(self) -> bool:
        """Whether its rows can run out."""
        return self.at_end != "recycle" and self.pick != "random"
