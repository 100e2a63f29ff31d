"""What a journal's lines are worth, one after the other: which screens can be shown, what is
missing (pure).
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from loadtui.model.units import moment
from loadtui.session.journal_line import Line, checked, unchecked

Unknown = tuple[float, float]
"""From when to when nothing is known, in session seconds."""


class Place(NamedTuple):
    """Where a line is in the file."""

    at: float
    offset: int
    length: int
    whole: bool = False


class Scan:
    """Takes the lines of a file in their order.

    `frames`: the screens that can be shown, each of which is whole or follows the one before.
    `seconds`, `labels`: the lines of that kind. `unknown`: the times of which screens are missing.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self.version = 0
        self.frames: list[Place] = []
        self.seconds: list[Place] = []
        self.labels: list[Place] = []
        self.others: dict[str, Place] = {}
        self.unknown: list[Unknown] = []
        self.damaged = self.missing = 0
        self.half = False
        self.last = 0.0
        self._number = self._damaged_since = 0
        self._screen, self._is_broken = -1, False

    def add(self, raw: bytes, offset: int) -> None:
        """The next line of the file."""
        line = self._read(raw)
        if line is None:
            self.half = not raw.endswith(b"\n")
            self.damaged += not self.half
            self._damaged_since += not self.half
            return
        self._count(line)
        place = Place(line.at, offset, len(raw), line.is_whole)
        if line.kind == "label":
            self.labels.append(place)
            return
        self.last = max(self.last, line.at)
        match line.kind:
            case "screen":
                self._add_screen(line, place)
            case "second":
                self.seconds.append(place)
            case "header" | "scenario" | "end":
                self.version = line.journal or self.version
                self.others[line.kind] = place
            case _:
                pass

    def finish(self) -> None:
        """That was all."""
        if self._is_broken or (self.frames and self.last > self.frames[-1].at + 2):
            self.unknown.append((self._newest, self.last))

    @property
    def is_ended(self) -> bool:
        """Whether the session came to an end that it could write down."""
        return "end" in self.others

    @property
    def next_number(self) -> int:
        """What the next line would be."""
        return self._number

    def _read(self, raw: bytes) -> Line | None:
        if self.version == 1:
            return unchecked(raw)
        if (line := checked(raw)) is not None:
            return line
        # Format 1 has no sums; its header says so.
        first = unchecked(raw) if not self.version and not self._number else None
        return first if first is not None and first.journal == 1 else None

    def _count(self, line: Line) -> None:
        """What is missing between the line before and this one, by their numbers."""
        gap = line.number - self._number
        if self.version != 1 and gap > 0:
            self.missing += max(0, gap - self._damaged_since)
        self._damaged_since = 0
        self._number = line.number + 1

    def _add_screen(self, line: Line, place: Place) -> None:
        follows = line.screen == self._screen + 1 and not self._is_broken
        if place.whole or follows:
            if not follows and self._screen >= 0:
                self.unknown.append((self._newest, line.at))
            self.frames.append(place)
            self._screen, self._is_broken = line.screen, False
        else:
            self._is_broken = True

    @property
    def _newest(self) -> float:
        return self.frames[-1].at if self.frames else 0.0


class Damage(msgspec.Struct, frozen=True):
    """What a journal does not say. `runs`: whether its session still writes."""

    version: int
    damaged: int
    missing: int
    unknown: tuple[Unknown, ...]
    ended: bool
    half: bool
    last: float
    runs: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each of them in a sentence; none where the journal is whole."""
        return tuple(filter(None, (self._old(), self._holes(), self._end())))

    def _old(self) -> str:
        if self.version != 1:
            return ""
        return (
            "an old journal (format 1): it has no panel of faults, no comparisons, and not how the"
            " session ended"
        )

    def _holes(self) -> str:
        counts = ((self.damaged, "damaged"), (self.missing, "missing"))
        words = " and ".join(f"{count} {word}" for count, word in counts if count)
        if not words:
            return ""
        one = self.damaged + self.missing == 1
        text = f"{words} line{'' if one else 's'}"
        times = ", ".join(f"{moment(a)}–{moment(b)}" for a, b in self.unknown[:3])
        more = f" and {len(self.unknown) - 3} times more" if len(self.unknown) > 3 else ""
        return f"{text}: nothing is known of {times}{more}" if times else text

    def _end(self) -> str:
        if self.ended or self.version == 1:
            return ""
        if self.runs:
            return f"the session still runs; this is what it wrote until {moment(self.last)}"
        half = ", in the middle of a line" if self.half else ""
        return f"the session was cut at {moment(self.last)}{half}: it wrote no end"


def damage(scan: Scan, *, runs: bool) -> Damage:
    """What is missing, in all."""
    return Damage(
        version=scan.version,
        damaged=scan.damaged,
        missing=scan.missing,
        unknown=tuple(scan.unknown),
        ended=scan.is_ended,
        half=scan.half,
        last=scan.last,
        runs=runs,
    )
