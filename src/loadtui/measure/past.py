"""A session's whole past for the charts, in bounded memory: fine where it is near.

Seconds of the last ten minutes, tens of seconds of the last two hours, minutes of a day before. The
coarse ones are read from the merged histograms of their seconds, never made of finer quantiles.
"""

from __future__ import annotations

import math
from functools import cache

from loadtui.measure.histogram import bounds
from loadtui.measure.points import summed
from loadtui.measure.selection import Choice
from loadtui.measure.store import KEEP, Store
from loadtui.measure.tally import Spread
from loadtui.model.history import SHELVES, Heat, Point

LEVELS: tuple[tuple[int, int], ...] = ((1, 610), (10, 726), (60, 1440))
"""Seconds of a block, and how many blocks are kept: a few more than the next level needs."""
LATE = 70
"""Seconds in which a report may still come, so that their points may change."""
AT_ONCE = 60
"""Seconds made at once at most, the newest first: a session has other things to do."""

Block = tuple[Point, Heat]


class Past:
    """The past of some requests (None: of all), read from a store again and again."""

    def __init__(self, choice: Choice = None, *, at_once: int = AT_ONCE) -> None:
        """Start empty."""
        self._choice, self._at_once = choice, at_once
        self._levels: tuple[dict[int, Block], ...] = tuple({} for _ in LEVELS)
        self._seen: dict[int, Point] = {}
        self._todo: set[int] = set()
        self._stale: set[tuple[int, int]] = set()
        self._changed = False
        self.points: tuple[Point, ...] = ()
        self.heat: tuple[Heat, ...] = ()

    def refresh(self, store: Store, origin: float) -> None:
        """Take up what changed since, `AT_ONCE` seconds of it at most."""
        newest = store.newest_point
        self._look(store, newest)
        if not self._todo and not self._stale:
            return
        for second in sorted(self._todo, reverse=True)[: self._at_once]:
            self._todo.discard(second)
            self._put(0, second, self._second(store, second, origin))
            self._stale |= {(level, second // LEVELS[level][0]) for level in (1, 2)}
        for level, index in sorted(self._stale):
            self._block(store, level, index, origin)
        if not self._changed:
            return
        self._changed = False
        joined = [block for _, block in self._joined(int(origin))]
        self.points = tuple(point for point, _ in joined)
        self.heat = tuple(heat for _, heat in joined)

    def _look(self, store: Store, newest: int) -> None:
        """Which seconds are new or changed: a point that changed is another one."""
        back = LATE if self._seen else KEEP
        for second in range(newest - back + 1, newest + 1):
            point = store.points.get(second)
            if point is not None and self._seen.get(second) is not point:
                self._seen[second] = point
                self._todo.add(second)
        for old in [s for s in self._seen if s <= newest - LATE]:
            del self._seen[old]

    def _second(self, store: Store, second: int, origin: float) -> Block:
        point = store.points[second]
        tally = store.window(second, second + 1, self._choice)
        if self._choice is not None:
            known = point.rate is not None
            named = summed(tally, second + 1 - origin, point.vus or 0, span=1.0, known=1)
            point = named if known else Point(at=point.at, vus=point.vus)
        return point, Heat(point.at, shelves(tally.duration))

    def _block(self, store: Store, level: int, index: int, origin: float) -> None:
        """Make a coarse block once all of it was measured and while all of it is kept."""
        span = LEVELS[level][0]
        start, end = index * span, (index + 1) * span
        if end > store.newest_point + 1 or any(s in self._todo for s in range(start, end)):
            return
        self._stale.discard((level, index))
        if start <= store.newest_point - KEEP:
            return
        tally, at = store.window(start, end, self._choice), end - origin
        vus = [p.vus for p in store.points_between(start, end) if p.vus is not None]
        if not vus:
            self._put(level, index, (Point(at=at, vus=None, span=span), Heat(at, {}, span)))
            return
        point = summed(tally, at, max(vus), span=span, known=len(vus))
        self._put(level, index, (point, Heat(at, shelves(tally.duration), span)))

    def _put(self, level: int, index: int, block: Block) -> None:
        blocks, keep = self._levels[level], LEVELS[level][1]
        blocks[index] = block
        self._changed = True
        if len(blocks) > keep:
            del blocks[min(blocks)]

    def _joined(self, first: int) -> list[tuple[int, Block]]:
        """Every moment once, in the finest blocks that there are of it; `first`: the second in
        which the session began, maybe in the middle of a block.
        """
        out: list[tuple[int, Block]] = []
        for (span, _), blocks in zip(LEVELS, self._levels, strict=True):
            start = out[0][0] if out else math.inf
            older = [(i * span, blocks[i]) for i in sorted(blocks) if max(i * span, first) < start]
            end = older[-1][0] + span if older else -math.inf
            out = [*older, *(each for each in out if each[0] >= end)]
        return out


@cache
def _shelf(bucket: int) -> int:
    lowest, highest = bounds(bucket)
    return math.floor(SHELVES * math.log2(max(1.0, (lowest + highest) / 2)))


def shelves(spread: Spread) -> dict[int, int]:
    """How many of the times fell on each shelf of a heat-map."""
    out: dict[int, int] = {}
    for bucket, count in spread.buckets.items():
        shelf = _shelf(bucket)
        out[shelf] = out.get(shelf, 0) + count
    return out
