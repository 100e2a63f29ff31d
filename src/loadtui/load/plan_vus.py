"""How many VUs iterate at a moment of a plan, and when that changes next (pure).

k6's rounding: on the way up the straight line is rounded down, on the way down it is rounded up.
A stage of 0 seconds jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, inf, nextafter

import msgspec

from loadtui.model.executor import ByVus, RampingVus
from loadtui.model.plan import end_of

_EPSILON = 1e-9
"""What a line may miss a whole number by, relative to its size: floating point, not load."""


class Line(msgspec.Struct, frozen=True):
    """One stage as a straight line from `first` VUs to `last` ones, up or down."""

    begin: float
    end: float
    first: int
    last: int

    def at(self, moment: float) -> int:
        """VUs at a moment between begin and end."""
        if self.end <= self.begin:
            return self.last
        exact = self.first + (self.last - self.first) * self._part(moment)
        slack = _EPSILON * max(1.0, abs(exact))
        return floor(exact + slack) if self.last >= self.first else ceil(exact - slack)

    def reaches(self, vus: int) -> float:
        """The moment at which the line is at so many VUs; it must be on its way there."""
        part = (vus - self.first) / (self.last - self.first)
        return self.begin + (self.end - self.begin) * part

    def _part(self, moment: float) -> float:
        return min(1.0, max(0.0, (moment - self.begin) / (self.end - self.begin)))


class VuPlan:
    """An executor's VUs as a function of seconds since its beginning."""

    def __init__(self, executor: ByVus) -> None:
        """Take its stages as lines."""
        self.end = end_of(executor)
        if isinstance(executor, RampingVus):
            self._start, self._lines = executor.start_vus, tuple(_lines(executor))
        else:
            self._start, self._lines = executor.vus, ()

    def vus_at(self, moment: float) -> int:
        """VUs that iterate at that moment; 0 before the beginning and from the end on."""
        if moment < 0 or (self.end is not None and moment >= self.end):
            return 0
        count = self._start
        for line in self._lines:
            if moment < line.begin:
                break
            count = line.at(moment) if moment < line.end else line.last
        return count

    def next_change(self, moment: float) -> float | None:
        """The first moment after that one at which the count may be another, None for never.

        At the moment itself `vus_at` gives the new count.
        """
        if moment < 0:
            return 0.0
        for line in self._lines:
            if moment < line.begin:
                return line.begin
            if moment < line.end and (due := _crossing(line, moment)) is not None:
                return due
        if self.end is None or moment >= self.end:
            return None
        return self.end


def _lines(executor: RampingVus) -> Iterator[Line]:
    begin, first = 0.0, executor.start_vus
    for stage in executor.stages:
        yield Line(begin, begin + stage.duration, first, stage.target)
        begin, first = begin + stage.duration, stage.target


def _crossing(line: Line, moment: float) -> float | None:
    """When a line that is under way meets its next whole number."""
    now = line.at(moment)
    if now == line.last:
        return None
    step = 1 if line.last > line.first else -1
    # Rounding, on a very short line, must not make a moment its own successor.
    return max(line.reaches(now + step), nextafter(moment, inf))
