"""Prometheus remote write 1.0: series as protobuf, framed as snappy (pure).

Sources: "Prometheus Remote-Write Specification" 1.0, "Native Histograms" of Prometheus and "Snappy
compressed format description". The snappy block holds literals only: valid for every reader, at the
price of size on the way.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from loadtui.outputs import protobuf
from loadtui.outputs.exponential import PRECISION, Exponential

_NO_LABEL = re.compile(r"[^a-zA-Z0-9_]")
_NAME = "__name__"
_CHUNK = 1 << 16

Labels = tuple[tuple[str, str], ...]
"""(name, value) pairs, ascending by name, as the specification demands."""


class Reading(NamedTuple):
    """One series at one time, ms of the Unix epoch."""

    labels: Labels
    value: float | Exponential
    at: int


def labels(metric: str, tags: Mapping[str, str]) -> Labels:
    """A series' labels: names without what Prometheus refuses; an empty value is no label."""
    out = {_label(name): value for name, value in tags.items() if value}
    out[_NAME] = metric
    return tuple(sorted(out.items()))


def request(readings: Iterable[Reading]) -> bytes:
    """The body of a write."""
    return snappy(b"".join(protobuf.message(1, _series(reading)) for reading in readings))


def snappy(data: bytes) -> bytes:
    """Data as one snappy block, uncompressed within."""
    out = [protobuf.varint(len(data))]
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        # A literal whose length, less one, follows in two bytes.
        out += [b"\xf4", struct.pack("<H", len(chunk) - 1), chunk]
    return b"".join(out)


def _label(name: str) -> str:
    safe = _NO_LABEL.sub("_", name)
    # Two underscores at the start are Prometheus' own.
    return f"tag_{safe.lstrip('_')}" if safe.startswith("__") or safe[:1].isdigit() else safe


def _series(reading: Reading) -> bytes:
    named = b"".join(
        protobuf.message(1, protobuf.text(1, name) + protobuf.text(2, value))
        for name, value in reading.labels
    )
    if isinstance(reading.value, Exponential):
        return named + protobuf.message(4, _histogram(reading.value, reading.at))
    sample = protobuf.double(1, reading.value) + protobuf.whole(2, reading.at)
    return named + protobuf.message(2, sample)


def _histogram(value: Exponential, at: int) -> bytes:
    parts = [
        protobuf.whole(1, value.count),
        protobuf.double(3, value.total),
        protobuf.signed(4, PRECISION),
        protobuf.double(5, 0.0),
        protobuf.whole(6, value.zeros),
        *_side(8, value.negative),
        *_side(11, value.positive),
        protobuf.whole(15, at),
    ]
    return b"".join(parts)


def _side(number: int, buckets: Mapping[int, int]) -> Iterator[bytes]:
    """Spans of buckets that follow each other, then each count less the one before it."""
    end = before = 0
    deltas = []
    spans: list[tuple[int, int]] = []
    for index in sorted(buckets):
        place = index + 1  # Prometheus names a bucket by its upper end
        if spans and place == end:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((place - end, 1))
        end = place + 1
        deltas.append(protobuf.zigzag(buckets[index] - before))
        before = buckets[index]
    for offset, length in spans:
        span = protobuf.signed(1, offset) + protobuf.whole(2, length)
        yield protobuf.message(number, span)
    if deltas:
        yield protobuf.packed(number + 1, deltas)
