"""How long the system was under load: from the first VU until the last one, so far."""

from __future__ import annotations

import msgspec

from loadtui.measure.store import Store
from loadtui.session.load_state import LoadState

SEEN = 3
"""Seconds over which what runs is averaged."""


def seen(load: LoadState, store: Store, second: int) -> LoadState:
    """What is decided, with what runs, for a hand that goes on with it in another unit."""
    rate = store.iteration_window(second - SEEN, second).ended / SEEN
    return msgspec.structs.replace(load, seen_vus=store.crews.active, seen_rate=rate)


class LoadSpan:
    """Monotonic seconds; a pause without VUs in the middle counts, one at the end does not."""

    def __init__(self) -> None:
        """No VU has run yet."""
        self.began: float | None = None
        self._ended: float | None = None

    def notice(self, store: Store, load: LoadState, now: float) -> None:
        """Take in what the workers report. What came and went between two reports began with the
        plan.
        """
        if self.began is None and store.iterations.ended:
            self._note(runs=True, now=now if load.began is None else load.began)
        self._note(runs=store.crews.running > 0, now=now)

    def _note(self, *, runs: bool, now: float) -> None:
        """Take in whether any VU runs now."""
        if runs:
            self.began = now if self.began is None else self.began
            self._ended = None
        elif self.began is not None and self._ended is None:
            self._ended = now

    def seconds(self, now: float) -> float:
        """Its length so far; 0 before the first VU."""
        if self.began is None:
            return 0.0
        return (self._ended if self._ended is not None else now) - self.began
