"""Custom metrics: sums of signed, fractional values, for a worker and for the session alike."""

from __future__ import annotations

import math

from loadtui.measure.histogram import Cells, bounds, bucket, read
from loadtui.measure.packed import Packed, pack, unpack
from loadtui.model.metric import MetricType
from loadtui.model.row import MetricRow, Sparse
from loadtui.model.tags import Tags

SCALE = 1_000_000
"""Buckets count a value's millionths; count, sum, lowest and highest are those of the values."""


class Measured:
    """Samples of one custom metric, of any type; merges in any order."""

    __slots__ = (
        "at",
        "count",
        "high",
        "kind",
        "last",
        "low",
        "sides",
        "total",
        "truthy",
    )

    def __init__(self, kind: MetricType) -> None:
        """Start empty."""
        self.kind = kind
        self.count = self.truthy = 0
        self.total = 0.0
        self.low, self.high = math.inf, -math.inf
        self.at = self.last = -math.inf
        self.sides: tuple[Sparse, Sparse] | tuple[Packed, Packed] = ({}, {})

    @property
    def positive(self) -> Sparse:
        """Buckets of values of 0 and above; not to be changed."""
        return _buckets(self.sides[0])

    @property
    def negative(self) -> Sparse:
        """Buckets of values below 0, without their sign; not to be changed."""
        return _buckets(self.sides[1])

    def pack(self) -> None:
        """Take little memory until something is added."""
        self.sides = (pack(self.positive), pack(self.negative))

    def record(self, value: float, at: float) -> None:
        """Take one sample; raises ValueError for what is no finite number."""
        millionths = value * SCALE
        if not math.isfinite(millionths):
            raise ValueError(f"{value!r} cannot be measured: it is no finite number")
        self.count += 1
        self.truthy += value != 0
        self.total += value
        # With min(), max() and tuples a sample cost twice as much, and outputs sum up every one.
        if value < self.low:  # noqa: PLR1730
            self.low = value
        if value > self.high:  # noqa: PLR1730
            self.high = value
        if at > self.at or (at == self.at and value > self.last):
            self.at, self.last = at, value
        if self.kind == "trend":
            side = self._open()[value < 0]
            index = bucket(round(abs(millionths)))
            side[index] = side.get(index, 0) + 1

    def add(self, other: MetricRow | Measured) -> None:
        """Merge a row or another sum into this one."""
        if not other.count:
            return
        self.count += other.count
        self.truthy += other.truthy
        self.total += other.total
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.at, self.last = max((self.at, self.last), (other.at, other.last))
        for mine, theirs in zip(self._open(), (other.positive, other.negative), strict=True):
            for index, count in theirs.items():
                mine[index] = mine.get(index, 0) + count

    def _open(self) -> tuple[Sparse, Sparse]:
        positive, negative = self.sides
        if isinstance(positive, dict) and isinstance(negative, dict):
            return positive, negative
        opened = (self.positive, self.negative)
        self.sides = opened
        return opened

    def row(self, second: int, metric: str, tags: Tags) -> MetricRow:
        """The same numbers as a value; not used any more."""
        return MetricRow(
            second=second,
            metric=metric,
            kind=self.kind,
            tags=tags,
            count=self.count,
            total=self.total,
            truthy=self.truthy,
            low=self.low,
            high=self.high,
            at=self.at,
            last=self.last,
            positive=self.positive,
            negative=self.negative,
        )

    def quantile(self, q: float) -> float | None:
        """A quantile 0..1 of a trend, read as k6 reads it; None without samples."""
        if not self.count:
            return None
        (value,) = read(self._cells(), self.count, (q,))
        # The ends are kept exactly, millionths are not.
        return min(max(value / SCALE, self.low), self.high)

    def _cells(self) -> Cells:
        for index, count in sorted(self.negative.items(), reverse=True):
            lowest, highest = bounds(index)
            yield self._within(-highest), self._within(-lowest), count
        for index, count in sorted(self.positive.items()):
            lowest, highest = bounds(index)
            yield self._within(lowest), self._within(highest), count

    def _within(self, millionths: float) -> float:
        return min(max(millionths, self.low * SCALE), self.high * SCALE)


def _buckets(side: Sparse | Packed) -> Sparse:
    return side if isinstance(side, dict) else unpack(side)
