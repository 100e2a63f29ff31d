"""Prometheus remote write 1.0: series as protobuf, framed as snappy (pure).

Sources: "Prometheus Remote-Write Specification" 1.0 and "Snappy compressed format description". The
snappy block holds literals only: valid for every reader, at the price of size on the way.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NO_LABEL = re.compile(r"[^a-zA-Z0-9_]")
_NAME = "__name__"
_CHUNK = 1 << 16

Labels = tuple[tuple[str, str], ...]
"""(name, value) pairs, ascending by name, as the specification demands."""


class Reading(NamedTuple):
    """One series at one time, ms of the Unix epoch."""

    labels: Labels
    value: float
    at: int


def labels(metric: str, tags: Mapping[str, str]) -> Labels:
    """A series' labels: names without what Prometheus refuses; an empty value is no label."""
    out = {_label(name): value for name, value in tags.items() if value}
    out[_NAME] = metric
    return tuple(sorted(out.items()))


def request(readings: Iterable[Reading]) -> bytes:
    """The body of a write."""
    return snappy(b"".join(_field(1, _series(reading)) for reading in readings))


def snappy(data: bytes) -> bytes:
    """Data as one snappy block, uncompressed within."""
    out = [_varint(len(data))]
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
        _field(1, _field(1, name.encode()) + _field(2, value.encode()))
        for name, value in reading.labels
    )
    sample = b"\x09" + struct.pack("<d", reading.value) + b"\x10" + _varint(reading.at)
    return named + _field(2, sample)


def _field(number: int, data: bytes) -> bytes:
    """A field of bytes (protobuf's wire type 2)."""
    return bytes((number << 3 | 2,)) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
