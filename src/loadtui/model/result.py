"""A metric's numbers over a whole run: what summaries and their files are made from."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from loadtui.errors import BadInput
from loadtui.model.metric import MetricType
from loadtui.model.suggest import advice

Contains = Literal["default", "time", "data"]
"""What the values are: plain numbers, milliseconds, or bytes (k6's words)."""

TREND_STATS = ("avg", "min", "med", "max", "p(90)", "p(95)")
"""What k6 shows of a trend unless told otherwise."""
COUNTS = frozenset({"count", "passes", "fails"})
NAMED_STATS = ("avg", "min", "med", "max", "count")

OUR_STATS = (*TREND_STATS, "p(99)")
"""What is read of each trend where nobody said what to read."""
SummaryMode = Literal["compact", "full", "disabled"]

_PERCENTILE = re.compile(r"p\((\d{1,3}(?:\.\d{1,6})?)\)", re.ASCII)


class MetricResult(msgspec.Struct, frozen=True):
    """One metric, or one sub-metric `name{tag:value}`, since the start.

    `values` by k6's names: a counter's count and rate (per second), a gauge's value, min and max, a
    rate's rate, passes (samples that were not 0) and fails, a trend's stats and count.
    """

    name: str
    kind: MetricType
    contains: Contains
    values: dict[str, float]

    @property
    def figures(self) -> dict[str, float | int]:
        """The values, with counts as whole numbers."""
        return {
            name: int(value) if name in COUNTS and value.is_integer() else value
            for name, value in self.values.items()
        }


class Section(msgspec.Struct, frozen=True):
    """What one scenario, or one group of journeys, did since the start. `checks`: by name, how
    often it passed and failed.
    """

    kind: Literal["scenario", "group"]
    name: str
    checks: dict[str, tuple[int, int]] = {}
    results: tuple[MetricResult, ...] = ()


class Shape(msgspec.Struct, frozen=True):
    """How a summary is to look. `stats`: of every trend, in that order; none: a choice of ours."""

    mode: SummaryMode = "compact"
    stats: tuple[str, ...] = ()


def trend_stat(name: str) -> float | None:
    """The quantile 0..1 of `med` or `p(N)`; None for `avg`, `min`, `max` and `count`.

    Raises:
        BadInput: for anything else.
    """
    if name == "med":
        return 0.5
    if name in NAMED_STATS:
        return None
    found = _PERCENTILE.fullmatch(name)
    if found is None or float(found[1]) > 100:
        hint = advice(name, (*NAMED_STATS, "p(90)", "p(99.9)"))
        raise BadInput(f"{name!r} is not a stat of a trend", hint=hint)
    return float(found[1]) / 100


def parse_stats(text: str) -> tuple[str, ...]:
    """The stats of `avg,p(95),count`, in that order, each once; BadInput as `trend_stat`, or for
    none.
    """
    names = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if not names:
        raise BadInput("no stat of a trend is named", hint="write avg,min,med,max,p(90),p(95)")
    for name in names:
        trend_stat(name)
    return names
