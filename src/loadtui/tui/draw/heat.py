"""Latency as a heat-map: how many requests took how long, darker to brighter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log1p

from loadtui.model.history import Heat, shelf_ms
from loadtui.tui.draw.axis import Axis
from loadtui.tui.draw.cells import Cell, Hue, pen

_RAMP: tuple[tuple[str, Hue], ...] = (("░", "p50"), ("▒", "p99"), ("▓", "p95"), ("█", "p95"))
"""A sign for each step, so that the steps can be told apart without colour, too."""

Counts = Mapping[tuple[int, int], float]
"""(row, cell) → requests."""


def ends(heat: tuple[Heat, ...]) -> list[float]:
    """The lowest and the highest ms there are; nothing where nothing was measured."""
    found = [shelf for each in heat for shelf in (min(each.counts), max(each.counts))]
    return [shelf_ms(min(found)), shelf_ms(max(found) + 1)] if found else []


def shown(heat: tuple[Heat, ...], time: Axis) -> tuple[Heat, ...]:
    """What is on the axis and not empty."""
    return tuple(each for each in heat if each.counts and time.dot(each.at) >= 0)


def counts(heat: tuple[Heat, ...], time: Axis, row: Callable[[float], int]) -> Counts:
    """How many requests fall on each cell; `row`: of a time in ms."""
    rows: dict[int, range] = {}
    out: dict[tuple[int, int], float] = {}
    for each in heat:
        across = range(max(0, time.cell(each.at - each.span + 1e-6)), time.cell(each.at) + 1)
        for shelf, count in each.counts.items():
            if shelf not in rows:
                top, low = row(shelf_ms(shelf + 1)), row(shelf_ms(shelf))
                rows[shelf] = range(min(top + 1, low), low + 1)
            for cell in across:
                for line in rows[shelf]:
                    out[line, cell] = out.get((line, cell), 0) + count / len(across)
    return out


def warmest(found: Counts) -> float:
    """The most that any cell has."""
    return max(found.values(), default=0.0)


def overlay(row: list[Cell], line: int, found: Counts, most: float, limit: int | None) -> None:
    """Paint a row's counts over what is there; above the `limit`'s row they are bad."""
    for cell, (_, ground) in enumerate(row):
        count = found.get((line, cell), 0.0)
        if count > 0:
            step = min(len(_RAMP) - 1, int(len(_RAMP) * log1p(count) / log1p(max(most, count))))
            sign, hue = _RAMP[step]
            is_bad = limit is not None and line < limit
            row[cell] = (sign, pen("bad" if is_bad else hue, ground.bg))
