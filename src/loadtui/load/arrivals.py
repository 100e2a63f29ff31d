"""When iterations are due under an arrival rate (pure).

Start numbers count from 0 through all workers; number n belongs to worker n % workers. At a
constant rate start i is due at i × time_unit / rate, the first at once. Along stages start i is due
when the area under the rate's curve reaches i + 1, as in k6.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import floor, inf, sqrt

import msgspec

from loadtui.model.executor import ByRate, ConstantRate, ManualRate, RampingRate

PROMPT = 1.0
"""Seconds that the order to begin may take to a worker, which makes up for them; one that hears of
it later makes up for nothing.
"""

_EPSILON = 1e-9
"""What an area or a moment may miss a start by, relative to its size."""


class Slope(msgspec.Struct, frozen=True):
    """A stage: from `first` to `last` starts per second, `area` starts before it begins."""

    begin: float
    seconds: float
    first: float
    last: float
    area: float

    @property
    def area_after(self) -> float:
        """Starts due until its end."""
        return self.area + self.seconds * (self.first + self.last) / 2

    def area_at(self, moment: float) -> float:
        """Starts due until a moment within it."""
        gone = min(max(moment - self.begin, 0.0), self.seconds)
        if not gone:
            return self.area
        rate = self.first + (self.last - self.first) * gone / self.seconds
        return self.area + gone * (self.first + rate) / 2

    def reaches(self, area: float) -> float:
        """The moment within it at which so many starts are due."""
        wanted = area - self.area
        growth = (self.last - self.first) / self.seconds
        # The root of first·x + growth·x²/2 = wanted in the form that loses no digits at growth ~ 0.
        root = sqrt(max(0.0, self.first * self.first + 2 * growth * wanted))
        return self.begin + min(self.seconds, 2 * wanted / (self.first + root))


class Arrivals:
    """An executor's starts as a function of their number."""

    def __init__(self, executor: ByRate) -> None:
        """Add the stages up."""
        is_ramp = isinstance(executor, RampingRate)
        slopes = _slopes(executor) if isinstance(executor, RampingRate) else (_flat(executor),)
        self._slopes = tuple(slope for slope in slopes if slope.first or slope.last)
        self._ahead = 1 if is_ramp else 0
        self._areas = [slope.area_after for slope in self._slopes]
        self.total = self._total()
        """Starts until the end; infinite where there is none."""

    def due(self, number: int) -> float | None:
        """Seconds after the beginning at which a start is due; None when there is no such one."""
        if number >= self.total:
            return None
        area = float(number + self._ahead)
        index = min(bisect_left(self._areas, area), len(self._areas) - 1)
        slope = self._slopes[index]
        if slope.seconds == inf or slope.first == slope.last:
            return slope.begin + (area - slope.area) / slope.first
        return slope.reaches(area)

    def count(self, moment: float) -> int:
        """How many starts are due up to and at a moment."""
        if moment < 0 or not self._slopes:
            return 0
        area = self._area_at(moment)
        return int(min(self.total, max(0, floor(area + _slack(area)) + 1 - self._ahead)))

    def rate_at(self, moment: float) -> float:
        """Starts per second that the plan wants at a moment; 0 outside of it."""
        for slope in self._slopes:
            if slope.begin <= moment < slope.begin + slope.seconds:
                part = 0.0 if slope.first == slope.last else (moment - slope.begin) / slope.seconds
                return slope.first + (slope.last - slope.first) * part
        return 0.0

    def _total(self) -> float:
        area = self._areas[-1] if self._areas else -1.0
        return inf if area == inf else max(0, floor(area + _slack(area)) + 1 - self._ahead)

    def _area_at(self, moment: float) -> float:
        for slope in self._slopes:
            if moment < slope.begin + slope.seconds:
                if slope.first == slope.last:
                    return slope.area + max(0.0, moment - slope.begin) * slope.first
                return slope.area_at(moment)
        return self._areas[-1]


class Flow(msgspec.Struct, frozen=True):
    """A rate under a hand: `rate` starts per second from the moment `at` on, when the area had
    already come to `area`. Start i is due when it reaches i + 1; a change keeps the fraction.
    """

    at: float
    rate: float
    area: float = 0.0

    def changed(self, rate: float, now: float) -> Flow:
        """Another rate from now on."""
        return Flow(now, rate, self.area_at(now))

    def area_at(self, now: float) -> float:
        """The area at a moment."""
        return self.area + max(0.0, now - self.at) * self.rate

    def due(self, number: int) -> float | None:
        """The moment at which a start is due, not before `at`; None at rate 0."""
        if not self.rate:
            return None
        return self.at + max(0.0, (number + 1 - self.area) / self.rate)

    def count(self, now: float) -> int:
        """How many starts are due up to and at a moment."""
        area = self.area_at(now)
        return floor(area + _slack(area))


def first_own(number: int, index: int, workers: int) -> int:
    """The first start from `number` on that belongs to worker `index` of `workers`."""
    return number + (index - number) % workers


def _slack(area: float) -> float:
    return _EPSILON * max(1.0, area)


def _flat(executor: ConstantRate | ManualRate) -> Slope:
    seconds = inf if executor.duration is None else executor.duration
    rate = executor.rate / executor.time_unit
    return Slope(0.0, seconds, rate, rate, 0.0)


def _slopes(executor: RampingRate) -> Iterator[Slope]:
    begin, area, first = 0.0, 0.0, executor.start_rate / executor.time_unit
    for stage in executor.stages:
        last = stage.target / executor.time_unit
        if stage.duration:
            yield (slope := Slope(begin, stage.duration, first, last, area))
            begin, area = begin + stage.duration, slope.area_after
        first = last
