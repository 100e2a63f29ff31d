"""k6's metrics as OTLP has them: cumulative, one data point a set of tags (pure).

Source: `opentelemetry/proto/metrics/v1/metrics.proto` and its collector service. Names and units
are those of k6 2.2: times in ms, bytes as `By`, a rate as one counter `NAME.total` whose attribute
`condition` is `nonzero` or `zero`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from loadtui.outputs.exponential import PRECISION, exponential
from loadtui.outputs.k6_json import contains
from loadtui.outputs.protobuf import (
    double,
    fields,
    fixed64,
    message,
    packed,
    signed,
    text,
    varint,
    whole,
)
from loadtui.outputs.series_sums import Entry, TagSet

SCOPE = "k6"
"""The meter's name, as in k6."""

_CUMULATIVE = 2
_UNITS = {"time": "ms", "data": "By"}


class OtlpMetrics:
    """Sums as the body of an export. `resource`: what they are of. `start`: ns of the epoch."""

    def __init__(self, resource: Mapping[str, str], start: int) -> None:
        """Nothing is exported yet."""
        self._resource = message(1, b"".join(_attribute(1, *each) for each in resource.items()))
        self._start = fixed64(2, start)

    def request(self, entries: Sequence[Entry], at: int) -> bytes:
        """An export of all these sums as they stand, at ns of the epoch; none is one too."""
        if not entries:
            return b""
        by_metric = groupby(entries, key=lambda each: each.key.metric)
        metrics = b"".join(
            message(2, _metric(name, self._data(list(some), at))) for name, some in by_metric
        )
        return message(1, self._resource + message(2, message(1, text(1, SCOPE)) + metrics))

    def _data(self, entries: Sequence[Entry], at: int) -> tuple[str, bytes]:
        """What to add to the metric's name, and its data."""
        when = self._start + fixed64(3, at)
        match entries[0].sums.kind:
            case "gauge":
                points = (_number(key.tags, fixed64(3, at), s.last) for key, s in entries)
                return "", message(5, b"".join(message(1, each) for each in points))
            case "trend":
                points = (_distribution(each, when) for each in entries)
                told = b"".join(message(1, each) for each in points)
                return "", message(10, told + whole(2, _CUMULATIVE))
            case "rate":
                return ".total", _sum(_conditions(entries, when))
            case _:
                is_monotonic = all(sums.low >= 0 for _, sums in entries)
                points = (_number(key.tags, when, sums.total) for key, sums in entries)
                return "", _sum(points, is_monotonic=is_monotonic)


def refused(reply: bytes) -> tuple[int, str]:
    """How many data points the answer says were refused, and why."""
    for _, partial in fields(reply):
        if isinstance(partial, bytes):
            said = dict(fields(partial))
            count, why = said.get(1, 0), said.get(2, b"")
            if isinstance(count, int) and isinstance(why, bytes):
                return count, why.decode(errors="replace")
    return 0, ""


def _metric(name: str, data: tuple[str, bytes]) -> bytes:
    suffix, told = data
    unit = _UNITS.get(contains(name), "")
    return text(1, f"{name}{suffix}") + (text(3, unit) if unit and not suffix else b"") + told


def _sum(points: Iterable[bytes], *, is_monotonic: bool = True) -> bytes:
    told = b"".join(message(1, each) for each in points)
    return message(7, told + whole(2, _CUMULATIVE) + whole(3, int(is_monotonic)))


def _number(tags: TagSet, when: bytes, value: float) -> bytes:
    return b"".join(_attribute(7, *each) for each in tags) + when + double(4, value)


def _conditions(entries: Iterable[Entry], when: bytes) -> Iterator[bytes]:
    for key, sums in entries:
        for condition, count in (("nonzero", sums.truthy), ("zero", sums.count - sums.truthy)):
            yield _number((*key.tags, ("condition", condition)), when, float(count))


def _distribution(entry: Entry, when: bytes) -> bytes:
    value = exponential(entry.sums)
    parts = [
        *(_attribute(1, *each) for each in entry.key.tags),
        when,
        fixed64(4, value.count),
        double(5, value.total),
        signed(6, PRECISION),
        fixed64(7, value.zeros),
        *_side(8, value.positive),
        *_side(9, value.negative),
        double(12, value.low),
        double(13, value.high),
    ]
    return b"".join(parts)


def _side(number: int, buckets: Mapping[int, int]) -> Iterator[bytes]:
    """The first bucket's number, and the counts from there without a gap."""
    if buckets:
        first, last = min(buckets), max(buckets)
        counts = (varint(buckets.get(index, 0)) for index in range(first, last + 1))
        yield message(number, signed(1, first) + packed(2, counts))


def _attribute(number: int, name: str, value: str) -> bytes:
    return message(number, text(1, name) + message(2, text(1, value)))
