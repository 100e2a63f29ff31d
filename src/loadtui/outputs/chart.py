"""The whole run as a chart of text: p95 above the request rate, faults as vertical lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from statistics import fmean

import msgspec

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.model.units import number
from loadtui.outputs.paint import ascii_only, circled, paint
from loadtui.outputs.plot import Event, Panel, draw
from loadtui.outputs.scale import (
    clock_ticks,
    linear_ticks,
    log_ticks,
    needs_log,
    squeezed,
)

LEAST = (40, 12)
"""Columns and rows below which a chart shows nothing that a number does not say better."""

FEWEST = 3
"""Measured points that make a line."""
FAR = 4.0
"""How many times higher than everything measured a limit is left out of the chart."""
_GUTTER = 8
"""Columns that labels and the axis take, about."""
_MOST_EVENTS = 20


class Look(msgspec.Struct, frozen=True):
    """How text may look: columns and rows to fill, colour, and more than ASCII."""

    width: int = 80
    height: int = 20
    colour: bool = False
    unicode: bool = True


def chart(
    points: Sequence[Point], markers: Sequence[Marker], look: Look, *, slo: float | None = None
) -> str:
    """p95 in ms (log where a linear scale would crush what is usual) above requests per second.

    `slo`: the p95 limit in ms, drawn as a line. "" below `LEAST` or where nothing was measured.
    """
    if len(points) < 2 or look.width < LEAST[0] or look.height < LEAST[1]:
        return ""
    latency, rate = _latency(points, look, slo), _rate(points, look)
    if latency is None or rate is None:
        return ""
    gutter = max(len(label) for panel in (latency, rate) for _, label in panel.ticks)
    start, end = latency.samples[0][0], latency.samples[-1][0]
    events = events_of(markers, start, end, unicode=look.unicode)
    above = (look.height - 2) * 3 // 5
    rows = (above, look.height - 2 - above)
    drawn = [
        _titled(_padded(panel, gutter), events, look, height)
        for panel, height in zip((latency, rate), rows, strict=True)
    ]
    text = "\n".join(drawn)
    return text if look.unicode else ascii_only(text)


def _titled(panel: Panel, events: Sequence[Event], look: Look, height: int) -> str:
    size = (look.width, height)
    text = draw(panel, events, size, colour=look.colour, unicode=look.unicode)
    return f"{paint(panel.title, panel.role, colour=look.colour)}\n{text}"


def _padded(panel: Panel, gutter: int) -> Panel:
    ticks = [(at, label.rjust(gutter)) for at, label in panel.ticks]
    return msgspec.structs.replace(panel, ticks=ticks)


def _latency(points: Sequence[Point], look: Look, slo: float | None) -> Panel | None:
    samples = squeezed(points, 2 * (look.width - _GUTTER), lambda point: point.p95)
    values = [value for _, value in samples if value]
    if len(values) < FEWEST:
        return None
    # A limit far above would press all that was measured into the lowest row.
    is_far = slo is not None and slo > FAR * max(values)
    above = f"; its limit, {number(slo)} ms, is far above" if slo is not None and is_far else ""
    slo = None if is_far else slo
    shown = [*values, slo] if slo else values
    if not needs_log(values):
        ticks = linear_ticks(max(shown), 4)
        title = f"p95 in ms{above}"
        return Panel(title=title, role="latency", samples=samples, ticks=ticks, limit=slo)
    return Panel(
        title=f"p95 in ms, log{above}",
        role="latency",
        samples=[(at, log10(value) if value else None) for at, value in samples],
        ticks=log_ticks(min(shown), max(shown)),
        limit=log10(slo) if slo else None,
    )


def _rate(points: Sequence[Point], look: Look) -> Panel | None:
    samples = squeezed(points, 2 * (look.width - _GUTTER), lambda point: point.rate, pick=fmean)
    values = [value for _, value in samples if value is not None]
    if not values:
        return None
    return Panel(
        title="requests per second",
        role="load",
        samples=samples,
        ticks=linear_ticks(max(values), 3),
        clock=clock_ticks(samples[0][0], samples[-1][0], look.width // 12),
    )


def events_of(markers: Sequence[Marker], start: float, end: float, *, unicode: bool) -> list[Event]:
    """Lines for the faults (their numbers at the beginning) and panics of the run."""
    events: list[Event] = []
    for marker in markers:
        if marker.kind not in {"fault", "panic"}:
            continue
        events.append((marker.at, circled(marker.number) if unicode else str(marker.number)))
        if marker.ended is not None:
            events.append((marker.ended, ""))
    return [(at, label) for at, label in events if start <= at <= end][:_MOST_EVENTS]
