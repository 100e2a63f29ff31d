"""Any number of a session against time, or against any other, as a large chart of text."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import msgspec

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.outputs.chart import events_of
from loadtui.outputs.paint import Role
from loadtui.outputs.plot import Panel, draw
from loadtui.outputs.scale import Sample, clock_ticks, linear_ticks, log_ticks

LEAST = (24, 6)
"""Columns and rows below which there is no room for a scale and a curve."""


class Measure(msgspec.Struct, frozen=True):
    """A number of every point: `field` names it, `factor` turns it into the unit of its name."""

    name: str
    field: str
    factor: float = 1.0
    role: Role = "latency"

    def of(self, point: Point) -> float | None:
        """The number, None where nothing was measured."""
        value: float | None = getattr(point, self.field)
        return None if value is None else value * self.factor


TIME = Measure("time", "at")
MEASURES: tuple[Measure, ...] = (
    Measure("p95 ms", "p95"),
    Measure("p50 ms", "p50"),
    Measure("p99 ms", "p99"),
    Measure("max ms", "high"),
    Measure("requests/s", "rate", role="load"),
    Measure("virtual users", "vus", role="load"),
    Measure("errors %", "failed", 100.0, "bad"),
    Measure("timeouts %", "timeouts", 100.0, "bad"),
)
"""What there is, in the order in which it is offered."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn: `up` over `along`; `log`: the upward scale is logarithmic."""

    along: Measure = TIME
    up: Measure = MEASURES[0]
    log: bool = False


def explore(
    points: Sequence[Point], markers: Sequence[Marker], wish: Wish, size: tuple[int, int]
) -> str:
    """The chart in `size` columns and rows, without colour; "" where there is nothing to draw.

    Over time faults and panics are lines with their markers' numbers.
    """
    samples = _over_time(points, wish.up) if wish.along is TIME else _pairs(points, wish)
    if wish.log:
        samples = [(at, log10(value) if value else None) for at, value in samples]
    values = [value for _, value in samples if value is not None]
    if len(values) < 2 or size[0] < LEAST[0] or size[1] < LEAST[1]:
        return ""
    first, last = samples[0][0], samples[-1][0]
    ticks = linear_ticks(max(values), max(2, size[1] // 5))
    if wish.log:
        ticks = log_ticks(10 ** min(values), 10 ** max(values))
    across, below = (first, max(last, first + 1)), clock_ticks(first, last, size[0] // 14)
    if wish.along is not TIME:
        below = linear_ticks(last, max(2, size[0] // 14))
        across = (below[0][0], below[-1][0])
    panel = Panel(
        title="",
        role=wish.up.role,
        samples=samples,
        ticks=ticks,
        clock=below,
        across=across,
        joined=wish.along is TIME,
    )
    events = events_of(markers, first, last, unicode=True) if wish.along is TIME else ()
    return draw(panel, events, size, colour=False, unicode=True)


def _over_time(points: Sequence[Point], up: Measure) -> list[Sample]:
    """Every point in turn; something that was not measured between two where they lie apart."""
    out: list[Sample] = []
    before = float("inf")
    for point in points:
        if point.at - before > point.span + 0.5:
            out.append((point.at - point.span, None))
        out.append((point.at, up.of(point)))
        before = point.at
    return out


def _pairs(points: Sequence[Point], wish: Wish) -> list[Sample]:
    """Both numbers of every point that has both."""
    found = ((wish.along.of(point), wish.up.of(point)) for point in points)
    return sorted((along, up) for along, up in found if along is not None and up is not None)
