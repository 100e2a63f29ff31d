"""A value once a second, for hours: a longer time, not more memory (pure)."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 4000
"""Values that are kept: at that number every second one goes, and half as many come afterwards."""


class Trail:
    """Values with their moments, oldest first, as evenly spread as they came."""

    def __init__(self, most: int = MOST) -> None:
        """Start empty; keep fewer than `most`."""
        self._most, self._every, self._skipped = most, 1, 0
        self._values: list[tuple[float, float]] = []

    def add(self, at: float, value: float) -> None:
        """Take a value that is newer than all before."""
        self._skipped += 1
        if self._skipped < self._every:
            return
        self._skipped = 0
        self._values.append((at, value))
        if len(self._values) >= self._most:
            # Of an even number the newest goes, too: its time counts towards the next.
            self._skipped = 0 if len(self._values) % 2 else self._every
            del self._values[1::2]
            self._every *= 2

    @property
    def values(self) -> Sequence[tuple[float, float]]:
        """(moment, value)."""
        return self._values
