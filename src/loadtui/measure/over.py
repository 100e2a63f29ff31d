"""What the complete windows of a threshold with `over …` said, first to last (pure)."""

from __future__ import annotations

import msgspec

from loadtui.model.threshold import Threshold
from loadtui.model.verdict import WindowValue


class Over(msgspec.Struct, frozen=True):
    """How many windows were judged, how many failed, and which failed first and worst."""

    judged: int = 0
    broken: int = 0
    first: WindowValue | None = None
    worst: WindowValue | None = None

    def after(self, threshold: Threshold, window: WindowValue) -> Over:
        """The same with one more window."""
        if threshold.holds(window.value):
            return msgspec.structs.replace(self, judged=self.judged + 1)
        worst = self.worst
        if worst is None or beyond(threshold, window.value) > beyond(threshold, worst.value):
            worst = window
        return Over(self.judged + 1, self.broken + 1, self.first or window, worst)

    @property
    def ok(self) -> bool | None:
        """Whether every window held; None where none was judged."""
        return self.broken == 0 if self.judged else None


def beyond(threshold: Threshold, value: float) -> float:
    """How far a value is on the wrong side of the limit, in the metric's unit."""
    if threshold.operator in {"<", "<="}:
        return value - threshold.limit
    if threshold.operator in {">", ">="}:
        return threshold.limit - value
    return abs(value - threshold.limit)
