"""What a chart draws: which number of each second, in which colour, against which axis."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from loadtui.model.history import Point
from loadtui.tui.draw.axis import Axis
from loadtui.tui.draw.cells import Hue
from loadtui.tui.draw.plot import Step

_JOINED = 0.5
"""Points that lie by more seconds than this further apart than they are long are not joined:
nothing was measured between them.
"""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One number of every point: `field` names it, `factor` turns it into the axis' unit.

    `label` is written at the line's right end, `{}` being its value. `calm`: an area below this
    value is grey, labelled `calm_label`. `right`: measured on the right axis.
    """

    field: str
    hue: Hue
    label: str = ""
    factor: float = 1.0
    area: bool = False
    thick: bool = False
    right: bool = False
    calm: float = 0.0
    calm_label: str = ""
    digits: int = 0
    told: str = ""
    """The label while a cursor stands in the chart, where there is none else."""
    spare: bool = False
    """Whether it is left out where a linear scale or few rows would suffer from it."""
    ink: Hue | None = None
    """The label's colour, where it differs from `hue`."""

    def value(self, point: Point) -> float | None:
        """The number of one second, None where nothing was measured."""
        value: float | None = getattr(point, self.field)
        return None if value is None else value * self.factor

    def values(self, points: tuple[Point, ...]) -> list[float]:
        """Every number there is."""
        found = (self.value(point) for point in points)
        return [value for value in found if value is not None]

    def steps(self, points: tuple[Point, ...], time: Axis) -> Iterator[Step]:
        """Dot columns with the highest value of each, and whether a gap lies before it."""
        column, highest, joined = -1, 0.0, False
        before = float("-inf")
        for point in points:
            value = self.value(point)
            if value is None or (dot := time.dot(point.at)) < 0:
                continue
            near = point.at - before <= point.span + _JOINED
            before = point.at
            if dot == column:
                highest = max(highest, value)
                continue
            if column >= 0:
                yield column, highest, joined
            column, highest, joined = dot, value, near and column >= 0
        if column >= 0:
            yield column, highest, joined


def point_at(points: tuple[Point, ...], at: float | None) -> Point | None:
    """The second that holds the session time `at`; None for `at` means the newest."""
    if not points:
        return None
    if at is None:
        return points[-1]
    return next((p for p in points if p.at - p.span < at <= p.at), None)
