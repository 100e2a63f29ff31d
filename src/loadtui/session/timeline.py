"""The numbered markers of a session, oldest first: added, merged, closed.

A number is never given twice: what the operator removes keeps its own.
"""

from __future__ import annotations

import msgspec

from loadtui.model.marker import Marker, MarkerKind
from loadtui.session.effect import EditMark, Mark, RelabelFault

MERGE = 3.0
"""Changes of the target within this many seconds are one marker."""
SHORT = 24
"""Characters of a note that a chart shows at most."""


class Timeline(msgspec.Struct, frozen=True):
    """A tuple of markers; every change gives a new Timeline. `merging`: the number of the marker
    that quick changes of the target join, and the target it started from. `baselines`: the numbers
    of baselines with their seconds [from, to), oldest first.
    """

    markers: tuple[Marker, ...] = ()
    merging: tuple[int, int] | None = None
    baselines: tuple[tuple[int, tuple[int, int]], ...] = ()

    @property
    def shown(self) -> tuple[Marker, ...]:
        """The markers without those that were removed."""
        return tuple(marker for marker in self.markers if not marker.removed)

    @property
    def baseline(self) -> tuple[int, int] | None:
        """The seconds [from, to) of the newest baseline that was not removed."""
        return self.baselines[-1][1] if self.baselines else None

    def told(self, effect: Mark | EditMark | RelabelFault, at: float) -> Timeline:
        """After an effect that is about markers alone, at session second `at`."""
        match effect:
            case Mark():
                return self.add(effect, at)
            case EditMark(number=number, text=text):
                return self.edit(number, text)
            case RelabelFault(marker=marker, detail=detail):
                return self.change(marker, detail=detail)

    def add(self, mark: Mark, at: float) -> Timeline:
        """Add what `mark` says at session second `at`; quick changes of the target become one."""
        if mark.vus is not None and (joined := self._joined(mark.vus, at)) is not None:
            return joined
        marker = Marker(
            number=len(self.markers) + 1,
            at=at,
            kind=mark.kind,
            what=mark.what,
            detail=mark.detail,
            short=mark.short or mark.what[:SHORT],
        )
        merging = (marker.number, mark.vus[0]) if mark.vus is not None else None
        baselines = self.baselines
        if mark.baseline is not None:
            baselines = (*baselines, (marker.number, mark.baseline))
        return Timeline((*self.markers, marker), merging, baselines)

    def _joined(self, vus: tuple[int, int], at: float) -> Timeline | None:
        if self.merging is None or self.merging[0] != len(self.markers):
            return None
        last, first = self.markers[-1], self.merging[1]
        if at - last.at >= MERGE:
            return None
        words = "VUs up" if vus[1] >= first else "VUs down"
        merged = msgspec.structs.replace(
            last, what=words, detail=f"{first} → {vus[1]}", short=f"{vus[1]} VUs"
        )
        return Timeline((*self.markers[:-1], merged), self.merging, self.baselines)

    def open(self, kind: MarkerKind, what: str, detail: str, at: float) -> Timeline:
        """Add a marker for something that lasts until it is closed."""
        marker = Marker(
            number=len(self.markers) + 1,
            at=at,
            kind=kind,
            what=what,
            detail=detail,
            short=what,
            open=True,
        )
        return Timeline((*self.markers, marker), None, self.baselines)

    def threshold(self, source: str, detail: str, *, ok: bool, chart: str, at: float) -> Timeline:
        """Add a threshold's change of state to its metric's chart."""
        marker = Marker(
            number=len(self.markers) + 1,
            at=at,
            kind="good" if ok else "bad",
            what=source,
            detail=detail,
            chart=chart,
        )
        return Timeline((*self.markers, marker), None, self.baselines)

    def close(self, number: int, at: float) -> Timeline:
        """End a marker that lasts."""
        return self.change(number, ended=at, open=False)

    def edit(self, number: int, text: str) -> Timeline:
        """Give a note, a bookmark or a baseline other words, or, with none, remove it.

        What loadtui itself wrote down stays as it is.
        """
        if not 0 < number <= len(self.markers) or self.markers[number - 1].kind != "note":
            return self
        if text:
            return self.change(number, what=text, short=text[:SHORT])
        kept = tuple(each for each in self.baselines if each[0] != number)
        return msgspec.structs.replace(self.change(number, removed=True), baselines=kept)

    def change(self, number: int, **fields: object) -> Timeline:
        """Replace fields of one marker; an unknown number changes nothing."""
        if not 0 < number <= len(self.markers):
            return self
        new = msgspec.structs.replace(self.markers[number - 1], **fields)
        before, after = self.markers[: number - 1], self.markers[number:]
        return Timeline((*before, new, *after), self.merging, self.baselines)
