"""Distributions with buckets of base 2^(1/32), as OTLP and Prometheus exchange them (pure).

Sources: "ExponentialHistogram" of the OpenTelemetry metrics data model (bucket i holds values in
(base^i, base^(i+1)]; scale 5) and "Native Histograms" of Prometheus (bucket i holds values in
(base^(i-1), base^i]; schema 5): the same buckets, one number apart. Ours are narrower, so each
falls into one of them by its middle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from loadtui.measure.custom import SCALE, Measured
from loadtui.measure.histogram import bounds

PRECISION = 5
"""OTLP's scale and Prometheus' schema: 32 buckets an octave, each 2.2 % wide."""

_AN_OCTAVE = 1 << PRECISION


class Exponential(msgspec.Struct, frozen=True):
    """A distribution. `positive`, `negative`: OTLP's bucket number → count, of values without
    their sign. Count, sum, lowest and highest are exact.
    """

    count: int
    total: float
    low: float
    high: float
    zeros: int
    positive: Mapping[int, int]
    negative: Mapping[int, int]


def exponential(measured: Measured, unit: float = 1.0) -> Exponential:
    """A trend's samples, each times `unit`; not empty."""
    positive = _buckets(measured.positive, unit)
    zeros = positive.pop(None, 0)
    negative = _buckets(measured.negative, unit)
    zeros += negative.pop(None, 0)
    return Exponential(
        measured.count,
        measured.total * unit,
        measured.low * unit,
        measured.high * unit,
        zeros,
        _numbered(positive),
        _numbered(negative),
    )


def _buckets(side: Mapping[int, int], unit: float) -> dict[int | None, int]:
    out: dict[int | None, int] = {}
    for index, count in side.items():
        lowest, highest = bounds(index)
        middle = (lowest + highest) / 2 / SCALE * unit
        number = math.ceil(math.log2(middle) * _AN_OCTAVE) - 1 if middle else None
        out[number] = out.get(number, 0) + count
    return out


def _numbered(buckets: Mapping[int | None, int]) -> dict[int, int]:
    return {number: buckets[number] for number in sorted(n for n in buckets if n is not None)}
