"""Times in integer µs, kept as counts of log-linear buckets: exact to merge, close to read.

A bucket's index is the value itself below 256; above, with `e = bit_length - 8`, it is
`(e << 7) + (value >> e)`: 128 buckets an octave, each at most 1/128 of its value wide. Read back at
the middle of its bucket a value is at most 1/256 (0.4 %) off; lowest, highest, count and sum are
exact. Buckets are a dict: as fast to count in as an array of all of them, and already the form that
goes on the wire.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtui.model.row import Distribution, Sparse

_NOTHING = 1 << 63
"""Lowest value of an empty histogram: above every time there is."""


Cells = Iterator[tuple[float, float, int]]
"""Lowest and highest value of each non-empty bucket and its count, ascending."""


def bucket(value: int) -> int:
    """The index of the bucket that counts a value ≥ 0; `Histogram.record` has it inline."""
    if value < 256:
        return value
    e = value.bit_length() - 8
    return (e << 7) + (value >> e)


def bounds(index: int) -> tuple[int, int]:
    """Lowest and highest µs that the bucket counts, both included."""
    if index < 256:
        return index, index
    e = (index >> 7) - 1
    lowest = (index - (e << 7)) << e
    return lowest, lowest + (1 << e) - 1


class Histogram:
    """A growing distribution of integer µs."""

    __slots__ = ("_low", "buckets", "high", "total")

    def __init__(self) -> None:
        """Start empty."""
        self.clear()

    def clear(self) -> None:
        """Forget everything. The dict handed out by `to_distribution` is not touched."""
        self.buckets: Sparse = {}
        self.total = self.high = 0
        self._low = _NOTHING

    def record(self, us: int) -> None:
        """Count one value ≥ 0."""
        if us < 256:
            index = us
        else:
            e = us.bit_length() - 8
            index = (e << 7) + (us >> e)
        try:
            self.buckets[index] += 1
        except KeyError:
            self.buckets[index] = 1
            self._low = min(self._low, us)
        self.total += us
        # max() costs 60 ns, and this runs for every time. A value above all others is the lowest
        # only when it is the first, and the first has a new bucket.
        if us > self.high:
            self.high = us
        elif us < self._low:
            self._low = us

    def merge(self, other: Distribution | Histogram) -> None:
        """Count everything that another one counted."""
        if not other.buckets:
            return
        for index, count in other.buckets.items():
            self.buckets[index] = self.buckets.get(index, 0) + count
        self.total += other.total
        self.high = max(self.high, other.high)
        self._low = min(self._low, other.low)

    @property
    def count(self) -> int:
        """How many values."""
        return sum(self.buckets.values())

    @property
    def low(self) -> int:
        """The lowest value, 0 when empty."""
        return self._low if self.buckets else 0

    def to_distribution(self, zeros: int = 0) -> Distribution:
        """The numbers as a value, with so many more values of 0; the buckets are handed over."""
        buckets = self.buckets
        if zeros > 0:
            buckets = {**buckets, 0: buckets.get(0, 0) + zeros}
        low = 0 if zeros > 0 else self.low
        return Distribution(sum(buckets.values()), self.total, low, self.high, buckets)


def quantiles(of: Distribution, qs: Sequence[float]) -> tuple[float, ...]:
    """Quantiles 0..1 in µs, in the order asked; 0 each when nothing was recorded.

    As k6 reads them from all values: linear between the order statistics next to q × (count - 1).
    """
    if not of.count:
        return (0.0,) * len(qs)
    return read(_cells(of), of.count, qs)


def read(cells: Cells, count: int, qs: Sequence[float]) -> tuple[float, ...]:
    """Quantiles of `count` > 0 values, linear between the order statistics next to each place."""
    last = count - 1
    places = [min(max(q, 0.0), 1.0) * last for q in qs]
    ranks = {rank for place in places for rank in (int(place), min(int(place) + 1, last))}
    values = _order_statistics(cells, sorted(ranks), last)
    return tuple(_between(values, place, last) for place in places)


def _cells(of: Distribution) -> Cells:
    for index, count in sorted(of.buckets.items()):
        lowest, highest = bounds(index)
        yield max(lowest, of.low), min(highest, of.high), count


def _between(values: dict[int, float], place: float, last: int) -> float:
    below = int(place)
    lower, upper = values[below], values[min(below + 1, last)]
    return lower + (upper - lower) * (place - below)


def _order_statistics(cells: Cells, ranks: Sequence[int], last: int) -> dict[int, float]:
    """The values at the given ranks (0 = lowest, ascending), each the middle of its bucket."""
    found: dict[int, float] = {}
    lowest = highest = 0.0
    seen = 0
    for rank in ranks:
        while seen <= rank:
            lowest, highest, count = next(cells)
            seen += count
        # The ends are kept exactly, so they are read exactly.
        middle = (lowest + highest) / 2
        found[rank] = lowest if rank == 0 else highest if rank == last else middle
    return found
