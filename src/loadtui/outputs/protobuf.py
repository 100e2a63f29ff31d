"""Protobuf's wire format, as much of it as our messages need (pure).

Source: "Encoding" of the Protocol Buffers documentation. By hand, since the messages of two outputs
are a page each, and the library with its generated classes is 4 MB and 150 ms that every user
would pay for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

_BYTES = 2
_FIXED = {1: 8, 5: 4}


def varint(value: int) -> bytes:
    """An unsigned integer, seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> bytes:
    """A signed integer as `sint32` and `sint64` have it."""
    return varint((value << 1) ^ (value >> 63))


def message(number: int, data: bytes) -> bytes:
    """A field of bytes: a message within, or a string, or packed numbers."""
    return bytes((number << 3 | _BYTES,)) + varint(len(data)) + data


def text(number: int, value: str) -> bytes:
    """A field with a string."""
    return message(number, value.encode())


def whole(number: int, value: int) -> bytes:
    """A field with an unsigned integer, an enum or a boolean."""
    return bytes((number << 3,)) + varint(value)


def signed(number: int, value: int) -> bytes:
    """A field `sint32` or `sint64`."""
    return bytes((number << 3,)) + zigzag(value)


def double(number: int, value: float) -> bytes:
    """A field with a float of 64 bits."""
    return bytes((number << 3 | 1,)) + struct.pack("<d", value)


def fixed64(number: int, value: int) -> bytes:
    """A field with an unsigned integer of eight bytes."""
    return bytes((number << 3 | 1,)) + struct.pack("<Q", value)


def packed(number: int, values: Iterable[bytes]) -> bytes:
    """A repeated field of numbers, each encoded before."""
    return message(number, b"".join(values))


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field, numbers of fixed size as their bytes; stops at noise."""
    at = 0
    while at < len(data):
        key, at = _varint_at(data, at)
        if key & 7 == 0:
            value, at = _varint_at(data, at)
            yield key >> 3, value
            continue
        size = _FIXED.get(key & 7)
        if key & 7 == _BYTES:
            size, at = _varint_at(data, at)
        if size is None or at + size > len(data):
            return
        yield key >> 3, data[at : at + size]
        at += size


def _varint_at(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    return value, at
