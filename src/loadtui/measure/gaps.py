"""Seconds in which some worker measured nothing although it should have (pure).

In such a second the load was another than the wanted one, and part of what happened was never
reported. So windows leave it out, of the sums as of the time, and charts draw nothing for what all
workers together make; totals hold whatever was reported.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Gap(msgspec.Struct, frozen=True):
    """A worker missed from `since` until `until` (seconds of the session's clock; None: it still
    does). `whole`: no other one measured anything meanwhile.
    """

    worker: int
    since: float
    until: float | None = None
    whole: bool = False

    def covers(self, second: int) -> bool:
        """Whether it touches a second."""
        return int(self.since) <= second and (self.until is None or second <= int(self.until))


class Gaps(msgspec.Struct, frozen=True):
    """All gaps of a session, in the order in which they were seen; every change gives new ones.
    `past`: seconds of gaps that were forgotten.
    """

    spans: tuple[Gap, ...] = ()
    past: int = 0

    def opened(self, worker: int, since: float, *, whole: bool) -> Gaps:
        """A worker misses since then; one that already did goes on."""
        for place, gap in enumerate(self.spans):
            if gap.worker == worker and gap.until is None:
                widened = msgspec.structs.replace(gap, whole=gap.whole or whole)
                return Gaps((*self.spans[:place], widened, *self.spans[place + 1 :]), self.past)
        return Gaps((*self.spans, Gap(worker, since, whole=whole)), self.past)

    def closed(self, workers: Iterable[int] | None, until: float) -> Gaps:
        """These workers, None for all, miss no longer, or others do their work."""
        ended = {gap.worker for gap in self.spans} if workers is None else frozenset(workers)
        return Gaps(
            tuple(
                msgspec.structs.replace(gap, until=max(gap.since, until))
                if gap.until is None and gap.worker in ended
                else gap
                for gap in self.spans
            ),
            self.past,
        )

    def recent(self, first: int) -> Gaps:
        """Those that touch a second from `first` on; the others are but counted."""
        kept = tuple(gap for gap in self.spans if gap.until is None or int(gap.until) >= first)
        if len(kept) == len(self.spans):
            return self
        gone = Gaps(tuple(gap for gap in self.spans if gap not in kept))
        return Gaps(kept, self.past + gone.total(first))

    def at(self, second: int) -> bool:
        """Whether anybody missed in a second."""
        return any(gap.covers(second) for gap in self.spans)

    def whole_at(self, second: int) -> bool:
        """Whether nobody measured anything in some part of a second."""
        return any(gap.whole and gap.covers(second) for gap in self.spans)

    def seconds(self, start: int, end: int) -> int:
        """How many of the seconds `start` ≤ s < `end` somebody missed in."""
        near = [g for g in self.spans if int(g.since) < end and (g.until or end) >= start]
        if not near:
            return 0
        return sum(any(gap.covers(s) for gap in near) for s in range(start, end))

    def total(self, now: float) -> int:
        """How many seconds somebody missed in, up to now."""
        return self.past + len(
            {
                second
                for gap in self.spans
                for second in range(
                    int(gap.since), int(now if gap.until is None else gap.until) + 1
                )
            }
        )
