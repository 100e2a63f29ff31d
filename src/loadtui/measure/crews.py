"""What each worker last said of itself: its VUs, its health, how far it reported (pure)."""

from __future__ import annotations

from collections import deque

from loadtui.model.row import Batch, Health

HEALTH = 280
"""Reports of a worker's health that are kept: those of somewhat more than a minute."""
PATIENCE = 3
"""Seconds for which a silent worker holds up what is drawn of all: until it is known to be lost."""


class Crews:
    """All workers that report. `health`: their reports, oldest first. `seen_until`: the moment of
    each one's last report, in seconds of the session's clock.
    """

    def __init__(self) -> None:
        """Know nobody."""
        self._active: dict[int, tuple[int, int]] = {}
        self._allocated: dict[int, int] = {}
        self.vus_max = 0
        """The most VUs there were, whether an iteration ran or not."""
        self.health: dict[int, deque[Health]] = {}
        self.seen_until: dict[int, float] = {}

    @property
    def active(self) -> int:
        """VUs running now, as the workers last reported."""
        return sum(active for active, _ in self._active.values())

    @property
    def draining(self) -> int:
        """VUs that finish their last iteration."""
        return sum(draining for _, draining in self._active.values())

    @property
    def running(self) -> int:
        """Both together."""
        return self.active + self.draining

    def saw(self, batch: Batch) -> None:
        """A worker reported."""
        self._active[batch.worker] = (batch.active, batch.draining)
        self._allocated[batch.worker] = max(batch.allocated, batch.active + batch.draining)
        self.vus_max = max(self.vus_max, sum(self._allocated.values()))
        self.health.setdefault(batch.worker, deque(maxlen=HEALTH)).append(batch.health)
        self.seen_until[batch.worker] = batch.at

    def set_active(self, worker: int, active: int, draining: int) -> None:
        """Take an acknowledgement's counts before its next batch."""
        self._active[worker] = (active, draining)

    def lose(self, worker: int) -> None:
        """Forget a worker that is gone, or of which nobody knows what it does."""
        self._active.pop(worker, None)
        self._allocated.pop(worker, None)
        self.health.pop(worker, None)
        self.seen_until.pop(worker, None)

    def complete(self, now: float) -> int:
        """The first second that is not yet complete: some worker may still report rows of it.

        One that has been silent for some seconds holds nothing up; its rows mend the points later.
        """
        current = int(now)
        seen = min(map(int, self.seen_until.values()), default=current)
        return max(seen, current - PATIENCE)
