"""The measurements of one second as a line of the journal says them, and back again (pure)."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from loadtui.measure.custom import Measured
from loadtui.measure.second import Second
from loadtui.measure.tally import Spread, Tally
from loadtui.model.metric import OF_WATCH, MetricType
from loadtui.model.row import Distribution, IterationRow, MetricRow, Row, Sparse

TOP = 1 << 40
"""Above every index and count that there can be."""
LONG = 1 << 17
"""Above what all buckets that there are take, in bytes."""


def varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the high bit says that more follow."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))


def packed(buckets: dict[int, int]) -> str:
    """Buckets as base64 of varints: index deltas and counts in turn, lowest index first; after
    `z:` they are deflated, where that is shorter.
    """
    out = bytearray()
    last = 0
    for index in sorted(buckets):
        out += varint(index - last) + varint(buckets[index])
        last = index
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    small = deflate.compress(out) + deflate.flush()
    if len(small) + 1 < len(out):
        return "z:" + base64.b64encode(small).decode()
    return base64.b64encode(out).decode()


def spread_line(spread: Spread) -> list[Any]:
    """[count, sum µs, lowest µs, highest µs, packed buckets]."""
    return [spread.count, spread.total, spread.low, spread.high, packed(spread.buckets)]


def tally_line(tally: Tally) -> dict[str, Any]:
    """One request name in one second; zero and empty fields are left out."""
    line: dict[str, Any] = {
        "n": tally.requests,
        "failed": tally.failed,
        "cut": tally.cut,
        "in": tally.bytes_in,
        "out": tally.bytes_out,
        "statuses": {str(k): v for k, v in tally.statuses.items()},
        "errors": tally.errors,
        "checks": tally.checks,
        "counters": tally.counters,
    }
    line = {key: value for key, value in line.items() if value}
    if tally.duration.count:
        line["duration"] = spread_line(tally.duration)
        line["phases_sum"] = [phase.total for phase in tally.phases]
    if tally.response.count:
        line["response"] = spread_line(tally.response)
    return line


def metric_line(sums: Measured) -> dict[str, Any]:
    """One custom metric in one second, in its own unit; a trend's buckets count millionths."""
    line: dict[str, Any] = {"type": sums.kind, "n": sums.count, "sum": sums.total}
    line |= {"low": sums.low, "high": sums.high, "last": sums.last, "truthy": sums.truthy}
    if sums.kind == "trend":
        line |= {"positive": packed(sums.positive), "negative": packed(sums.negative)}
    return line


def has_news(second: Second) -> bool:
    """Whether anything happened in a second."""
    done = second.iterations
    counted = done.ended or done.cut or done.dropped or done.late.count
    return bool(second.names or counted or any(True for _ in own_metrics(second)))


def own_metrics(second: Second) -> Iterator[tuple[str, Measured]]:
    """Custom metrics, all tags together; how watched processes fare is part of the screens."""
    for (name, tags), sums in second.metrics.items():
        if not tags and name not in OF_WATCH:
            yield name, sums


def second_fields(second: Second) -> dict[str, Any]:
    """All that a second's line says."""
    fields: dict[str, Any] = {
        "names": {name: tally_line(tally) for name, tally in second.names.items()}
    }
    done = second.iterations
    if done.ended or done.cut:
        fields["iterations"] = [done.ended, done.failed, done.cut, spread_line(done.duration)]
    if done.dropped:
        fields["dropped"] = done.dropped
    if done.late.count:
        fields["late"] = spread_line(done.late)
    if metrics := dict(own_metrics(second)):
        fields["metrics"] = {name: metric_line(sums) for name, sums in metrics.items()}
    return fields


# -- back --------------------------------------------------------------------------------------


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """A distribution as it is written."""

    count: int = 0
    total: int = 0
    low: int = 0
    high: int = 0
    buckets: str = ""

    def unpacked(self) -> Distribution:
        """The distribution; raises ValueError for buckets that are none."""
        return Distribution(self.count, self.total, self.low, self.high, unpacked(self.buckets))


NOTHING = Packed()


class Name(msgspec.Struct, frozen=True, rename={"bytes_in": "in", "bytes_out": "out"}):
    """One request name in one second."""

    n: int = 0
    failed: int = 0
    cut: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    statuses: dict[str, int] = {}
    errors: dict[str, int] = {}
    checks: dict[str, tuple[int, int]] = {}
    counters: dict[str, float] = {}
    duration: Packed = NOTHING
    response: Packed = NOTHING

    def row(self, second: int, name: str) -> Row:
        """The same as a worker's row."""
        return Row(
            second=second,
            name=name,
            requests=self.n,
            failed=self.failed,
            cut=self.cut,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
            duration=self.duration.unpacked(),
            statuses={int(status): count for status, count in self.statuses.items()},
            errors=self.errors,
            checks=self.checks,
            counters=self.counters,
            response=self.response.unpacked(),
        )


class Metric(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """A custom metric in one second."""

    kind: MetricType
    n: int
    sum: float
    low: float = 0.0
    high: float = 0.0
    last: float = 0.0
    truthy: int = 0
    positive: str = ""
    negative: str = ""

    def row(self, second: int, name: str) -> MetricRow:
        """The same as a worker's row."""
        return MetricRow(
            second=second,
            metric=name,
            kind=self.kind,
            count=self.n,
            total=self.sum,
            truthy=self.truthy,
            low=self.low,
            high=self.high,
            at=float(second),
            last=self.last,
            positive=unpacked(self.positive),
            negative=unpacked(self.negative),
        )


class SecondLine(msgspec.Struct, frozen=True, rename={"at": "t"}):
    """A whole line. `iterations`: ended, failed, cut, how long they took."""

    at: float
    names: Mapping[str, Name] = {}
    iterations: tuple[int, int, int, Packed] = (0, 0, 0, NOTHING)
    dropped: int = 0
    late: Packed = NOTHING
    metrics: Mapping[str, Metric] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of the requests."""
        return tuple(each.row(int(self.at), name) for name, each in self.names.items())

    @property
    def iteration_rows(self) -> tuple[IterationRow, ...]:
        """Of the iterations; raises ValueError as `unpacked` does."""
        ended, failed, cut, took = self.iterations
        row = IterationRow(
            second=int(self.at),
            ended=ended,
            failed=failed,
            cut=cut,
            duration=took.unpacked(),
            dropped=self.dropped,
            late=self.late.unpacked(),
        )
        return (row,)

    @property
    def metric_rows(self) -> tuple[MetricRow, ...]:
        """Of the custom metrics."""
        return tuple(each.row(int(self.at), name) for name, each in self.metrics.items())


def _inflated(data: bytes) -> bytes:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    out = inflate.decompress(data, LONG)
    if not inflate.eof:
        raise ValueError("no end of buckets")
    return out


def unpacked(text: str) -> Sparse:
    """The buckets that `packed` wrote; raises ValueError for anything else."""
    try:
        data = base64.b64decode(text.removeprefix("z:"), validate=True)
        if text.startswith("z:"):
            data = _inflated(data)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("no buckets") from error
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
        elif value > TOP:
            raise ValueError("a bucket that cannot be")
    index, buckets = 0, {}
    for delta, count in zip(numbers[::2], numbers[1::2], strict=True):
        index += delta
        buckets[index] = count
    return buckets
