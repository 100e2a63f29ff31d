"""A journal read back: every screen that it holds, at any moment, and how the session ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

import msgspec

from loadtui.errors import BadInput
from loadtui.model.history import Point
from loadtui.model.ledger import Lift
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.watch import Watched
from loadtui.outputs.sink_frame import Written
from loadtui.session.difference import Plain, applied
from loadtui.session.journal_line import VERSION
from loadtui.session.options import Outcome
from loadtui.session.plausible import is_plausible, is_point, is_process
from loadtui.session.rebuilt import Rebuilt
from loadtui.session.rewound import Rewound
from loadtui.session.running import is_running
from loadtui.session.scan import Damage, Place, Scan, damage
from loadtui.session.second_line import SecondLine
from loadtui.session.upgrade import upgraded

MOST = 64 * 1024 * 1024
"""Bytes of a line that are read at once; a longer one is damaged."""
TAIL = 30
"""Of how many points a screen may say something new."""

T = TypeVar("T")


class Header(msgspec.Struct, frozen=True):
    """The first line of a journal."""

    wall: float = 0.0
    loadtui: str = ""
    scenario: dict[str, Any] = {}


class Ended(msgspec.Struct, frozen=True):
    """The last line of one that came to its end, as `Outcome` has it."""

    code: int
    error: str = ""
    unlifted: tuple[Lift, ...] = ()
    written: tuple[Written, ...] = ()
    remarks: tuple[str, ...] = ()


class _Screen(msgspec.Struct, frozen=True):
    whole: Plain = None
    new: Plain = msgspec.UNSET


class _Seen(msgspec.Struct, frozen=True):
    """What of a screen the seconds do not say."""

    active: int = 0
    watched: tuple[Watched, ...] = ()


_screens = msgspec.json.Decoder(_Screen)


class Recording:
    """An open journal. Screens are decoded when they are asked for.

    `times`: the session second of every screen, oldest first; there is at least one.
    """

    def __init__(self, path: Path, file: BinaryIO, scan: Scan, missing: Damage) -> None:
        """Read from `file`, whose lines are where `scan` found them."""
        self.path, self.damage = path, missing
        self._file, self._scan = file, scan
        self.times = [frame.at for frame in scan.frames]
        self._at, self._shown_at = -1, -1
        self._tree: Plain = None
        self._shown: Snapshot | None = None
        self.header = self._part("header", Header) or Header()

    @property
    def length(self) -> float:
        """The session second of the last screen."""
        return self.times[-1]

    def index(self, at: float) -> int:
        """Which screen was the newest at a session second; the first one before it."""
        return max(0, bisect_right(self.times, at) - 1)

    def is_unknown(self, at: float) -> bool:
        """Whether nothing is known of that second."""
        return any(since < at < until for since, until in self.damage.unknown)

    def screen(self, index: int) -> Snapshot:
        """One screen. One that says what cannot be is left out: it is the one before."""
        if self._shown is None or index != self._shown_at:
            found = _snapshot(self._sought(index)) or self._shown
            if found is None:
                what = f"{self.path} holds a screen that cannot be shown"
                raise BadInput(what, hint="no loadtui wrote it so")
            self._shown, self._shown_at = found, index
        return self._shown

    def marker_times(self) -> list[float]:
        """When something that happened was first on the screen, oldest first."""
        markers = self.screen(len(self.times) - 1).markers
        newest = len(self.times) - 1
        found = {min(newest, bisect_right(self.times, marker.at)) for marker in markers}
        return [self.times[index] for index in sorted(found)]

    @property
    def scenario(self) -> Scenario | None:
        """What was run last, without its secrets; None where the journal does not say."""
        pasted = self._part("scenario", Header)
        told = self.header if pasted is None else pasted
        try:
            return msgspec.convert(told.scenario, Scenario, str_keys=True)
        except (msgspec.ValidationError, RecursionError):
            return None

    @property
    def ended(self) -> Ended | None:
        """How the session ended; None where the journal does not say."""
        return self._part("end", Ended)

    def points(self) -> tuple[Point, ...]:
        """The charts' points of the whole session: every screen is read for them."""
        found: dict[float, Point] = {}
        for index, frame in enumerate(self._scan.frames):
            found |= {each.at: each for each in _points(self._sought(index), whole=frame.whole)}
        return tuple(found[at] for at in sorted(found))

    def rewound(self) -> Rewound:
        """What lies further back than a screen, for charts."""
        return Rewound(self._scan.frames, self._scan.seconds, self._raw)

    def outcome(self, stats: tuple[str, ...]) -> Outcome:
        """The end of the session, with the numbers of the whole run as far as they are known.

        `stats`: those of trends, where they have to be made from the seconds.
        """
        points = self.points()
        final, end = self.screen(len(self.times) - 1), self.ended
        if end is None:
            return Outcome(0, self._rebuilt().completed(final, stats), points)
        return Outcome(end.code, final, points, end.unlifted, end.error, end.written, end.remarks)

    def labels(self) -> Iterator[bytes]:
        """The lines in which the session was given a name, oldest first."""
        return map(self._raw, self._scan.labels)

    def _rebuilt(self) -> Rebuilt:
        """All seconds that can be read."""
        out = Rebuilt(self.scenario)
        for place in self._scan.seconds:
            try:
                line = msgspec.json.decode(self._raw(place), type=SecondLine)
                tree = self._sought(self.index(place.at + 1))
                seen = _seen(tree)
                out.watched(seen.watched, place.at)
                out.add(line, seen.active)
            except (ValueError, TypeError, RecursionError):
                continue
        return out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    # -- within --------------------------------------------------------------------------

    def _raw(self, place: Place) -> bytes:
        self._file.seek(place.offset)
        return self._file.read(place.length)

    def _part(self, kind: str, type_: type[T]) -> T | None:
        place = self._scan.others.get(kind)
        try:
            return msgspec.json.decode(self._raw(place), type=type_) if place else None
        except (ValueError, RecursionError):
            return None

    def _sought(self, index: int) -> Plain:
        """The tree of a screen: from the one shown before, or from the nearest whole one."""
        frames, start = self._scan.frames, index
        while not frames[start].whole and start != self._at + 1:
            start -= 1
        for place in frames[start : index + 1]:
            self._tree = self._changed(place)
        self._at = index
        return self._tree

    def _changed(self, place: Place) -> Plain:
        try:
            screen = _screens.decode(self._raw(place))
            return screen.whole if place.whole else applied(self._tree, screen.new)
        except (ValueError, RecursionError):
            return self._tree


def _snapshot(tree: Plain) -> Snapshot | None:
    """The screen that a tree is; None where it is none, or cannot be."""
    try:
        found = msgspec.convert(tree, Snapshot, str_keys=True)
    except (msgspec.ValidationError, RecursionError):
        return None
    return found if is_plausible(found) else None


def _seen(tree: Plain) -> _Seen:
    """What of a screen is needed beside the seconds; nothing where it cannot be."""
    try:
        found = msgspec.convert(tree, _Seen, str_keys=True)
    except (msgspec.ValidationError, RecursionError):
        return _Seen()
    return found if all(map(is_process, found.watched)) else _Seen(found.active)


def _points(tree: Plain, *, whole: bool) -> list[Point]:
    """Those of a screen that may be new; none where they are no points."""
    told = tree.get("points") if isinstance(tree, dict) else None
    fresh = told if whole or not isinstance(told, list) else told[-TAIL:]
    try:
        return [each for each in msgspec.convert(fresh, list[Point]) if is_point(each)]
    except (msgspec.ValidationError, RecursionError):
        return []


def scanned(file: BinaryIO) -> Scan:
    """Every line of a file."""
    scan, offset = Scan(), 0
    file.seek(0)
    while raw := file.readline(MOST):
        scan.add(raw, offset)
        offset += len(raw)
    scan.finish()
    return scan


def scan_of(path: Path) -> Scan:
    """What a journal's lines are worth; raises BadInput where it cannot be read."""
    with _file(path) as file:
        return scanned(file)


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        hint = "`loadtui sessions` lists what there is"
        raise BadInput(f"{path} cannot be read: {error.strerror}", hint=hint) from error


def opened(path: Path) -> Recording:
    """A journal to look at; raises BadInput where it is none, or a newer one."""
    file = _file(path)
    try:
        return _read(path, file)
    except BadInput:
        file.close()
        raise


def _read(path: Path, file: BinaryIO) -> Recording:
    scan = scanned(file)
    missing = damage(scan, runs=is_running(path))
    if scan.version > VERSION:
        hint = f"this one reads up to format {VERSION}"
        raise BadInput(f"{path} was written by a newer loadtui (format {scan.version})", hint=hint)
    if scan.version == 1:
        file = upgraded(file, MOST)
        scan = scanned(file)
    if not scan.frames:
        raise BadInput(f"{path} is no journal that can be shown", hint="no screen in it is whole")
    return Recording(path, file, scan, missing)
