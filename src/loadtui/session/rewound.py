"""What lies further back than a screen, out of a journal: for charts that look at a replay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import ceil

import msgspec

from loadtui.measure.past import Past
from loadtui.measure.store import KEEP, Store
from loadtui.measure.tally import reasons
from loadtui.model.history import History, Point
from loadtui.session.difference import Plain, applied
from loadtui.session.plausible import is_point
from loadtui.session.rebuilt import Rebuilt
from loadtui.session.scan import Place
from loadtui.session.second_line import SecondLine

NOW = 10
"""Seconds of the window that counts as now."""
TAIL = 30
"""Of how many points a screen may say something new."""
FAR = 60.0
"""Seconds from which on a jump is cheaper to read afresh than to read on."""

Read = Callable[[Place], bytes]


class _Points(msgspec.Struct, frozen=True):
    points: Plain = msgspec.UNSET


class _Changed(msgspec.Struct, frozen=True, rename={"entries": "~"}):
    entries: _Points = _Points()


class _Screen(msgspec.Struct, frozen=True):
    whole: _Points = _Points()
    new: _Changed = _Changed()


class _Count(msgspec.Struct, frozen=True):
    n: int = 0
    failed: int = 0


class _Counts(msgspec.Struct, frozen=True):
    names: dict[str, _Count] = {}


_screens, _counts = msgspec.json.Decoder(_Screen), msgspec.json.Decoder(_Counts)


class Rewound:
    """The past at any second of a journal. `frames`, `seconds`: its lines, read by `read`."""

    def __init__(self, frames: Sequence[Place], seconds: Sequence[Place], read: Read) -> None:
        """Read nothing yet."""
        self._frames, self._seconds, self._read = frames, seconds, read
        self._tree: Plain = []
        self._next = 0
        self._points: dict[float, Point] = {}
        self._name, self._at = "", float("-inf")
        self._rebuilt, self._past = Rebuilt(None), Past()
        self._sums: list[tuple[float, int, int]] = []

    def history(self, at: float, newest: float, name: str, *, heat: bool) -> History:
        """What lies before a screen of second `at`, whose newest point is `newest`; `name`: of
        which requests alone. Those of one name, and `heat`, reach back as far as a live session
        remembers them second by second.
        """
        points = self._until(at)
        if not name and not heat:
            return History(points=points)
        self._rewind(at, newest, name)
        if not name:
            return History(points=points, heat=self._past.heat)
        whole = {_second(point): point for point in points}
        own = tuple(_beside(p, whole.get(_second(p))) for p in self._past.points)
        requests, failed = self._total(at, name)
        return History(name, own, self._past.heat, self._reasons(at, name), requests, failed)

    # -- all requests: the points of the screens --------------------------------------------

    def _until(self, at: float) -> tuple[Point, ...]:
        while self._next < len(self._frames) and self._frames[self._next].at <= at:
            self._take(self._frames[self._next])
            self._next += 1
        return tuple(self._points[each] for each in sorted(self._points) if each <= at)

    def _take(self, frame: Place) -> None:
        try:
            screen = _screens.decode(self._read(frame))
            told = screen.whole if frame.whole else screen.new.entries
            if told.points is msgspec.UNSET:
                return
            self._tree = told.points if frame.whole else applied(self._tree, told.points)
            fresh = self._tree if frame.whole else self._tree[-TAIL:]
            found = msgspec.convert(fresh, list[Point])
        except (ValueError, TypeError, RecursionError):
            return
        self._points |= {each.at: each for each in found if is_point(each)}

    # -- some requests: the seconds ---------------------------------------------------------

    def _rewind(self, at: float, newest: float, name: str) -> None:
        """Have the seconds up to `at` in the store, and the past made of them."""
        if name != self._name or at < self._at or at - self._at > FAR:
            self._rebuilt = Rebuilt(None)
            self._past = Past(frozenset({name}) if name else None, at_once=KEEP)
            self._sums = self._counted(name) if name != self._name else self._sums
            self._name, self._at = name, at - KEEP
        first, last = (bisect_right(self._seconds, t, key=_at) for t in (self._at, at))
        for place in self._seconds[first:last]:
            self._add(place)
        self._at = at
        store = self._rebuilt.store
        # A session's seconds are those of a clock that did not begin with a whole one.
        origin = ceil(newest) - newest
        store.refresh(ceil(newest), origin)
        self._past.refresh(store, origin)

    def _add(self, place: Place) -> None:
        try:
            line = msgspec.json.decode(self._read(place), type=SecondLine)
            self._rebuilt.add(line, 0)
        except (ValueError, TypeError, RecursionError):
            return

    def _reasons(self, at: float, name: str) -> dict[str, float]:
        store: Store = self._rebuilt.store
        last = store.window(int(at) - NOW + 1, int(at) + 1, frozenset({name}))
        return {k: n / NOW for k, n in reasons(last).items()} if last.failed else {}

    def _counted(self, name: str) -> list[tuple[float, int, int]]:
        """After each second: requests of a name so far, and failed ones."""
        out, requests, failed = [], 0, 0
        for place in self._seconds:
            try:
                count = _counts.decode(self._read(place)).names.get(name, _Count())
            except (ValueError, RecursionError):
                continue
            requests, failed = requests + count.n, failed + count.failed
            out.append((place.at, requests, failed))
        return out

    def _total(self, at: float, name: str) -> tuple[int, int]:
        index = bisect_right(self._sums, at, key=lambda each: each[0]) if name else 0
        return self._sums[index - 1][1:] if index else (0, 0)


def _at(place: Place) -> float:
    return place.at


def _second(point: Point) -> int:
    """The number of a point's last second, however much its clock is off a whole one."""
    return ceil(point.at - 1e-6)


def _beside(own: Point, whole: Point | None) -> Point:
    """The point of some requests where all of them make `whole`: the seconds of a journal know
    neither VUs nor gaps.
    """
    if own.span > 1:
        return own
    if whole is None or whole.rate is None:
        return Point(own.at, None)
    return msgspec.structs.replace(own, vus=whole.vus)
