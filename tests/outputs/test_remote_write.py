from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from loadtui.outputs.exponential import Exponential
from loadtui.outputs.protobuf import fields
from loadtui.outputs.remote_write import Reading, labels, request, snappy


def unpacked(block: bytes) -> bytes:
    """A snappy block of two-byte literals, read back."""
    size, shift, at = 0, 0, 0
    while True:
        size |= (block[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not block[at - 1] & 0x80:
            break
    out = b""
    while at < len(block):
        assert block[at] == 61 << 2
        length = struct.unpack_from("<H", block, at + 1)[0] + 1
        out += block[at + 3 : at + 3 + length]
        at += 3 + length
    assert len(out) == size
    return out


@given(st.binary(max_size=200), st.integers(0, 1500))
def test_a_block_reads_back_whole(data: bytes, times: int) -> None:
    assert unpacked(snappy(data * times)) == data * times


def test_a_write_is_protobuf_field_by_field() -> None:
    reading = Reading((("__name__", "up"), ("job", "a")), 1.5, 300)
    sample = b"\x09" + struct.pack("<d", 1.5) + b"\x10\xac\x02"
    first = b"\x0a\x08__name__\x12\x02up"
    second = b"\x0a\x03job\x12\x01a"
    series = b"\x0a\x0e" + first + b"\x0a\x08" + second + b"\x12\x0c" + sample
    assert unpacked(request([reading])) == b"\x0a" + bytes((len(series),)) + series


def test_labels_are_sorted_and_such_as_prometheus_takes() -> None:
    tags = {"my-tag": "1", "name": "home", "group": "", "__secret": "x", "1st": "y"}
    assert labels("k6_http_reqs_total", tags) == (
        ("__name__", "k6_http_reqs_total"),
        ("my_tag", "1"),
        ("name", "home"),
        ("tag_1st", "y"),
        ("tag_secret", "x"),
    )


def test_a_native_histogram_names_spans_of_buckets_and_steps_between_counts() -> None:
    value = Exponential(9, 4.5, 0.1, 2.0, 1, {-3: 2, -2: 5, 0: 1}, {})
    ((_, series),) = fields(unpacked(request([Reading((), value, 300)])))
    assert isinstance(series, bytes)
    ((number, histogram),) = fields(series)
    assert number == 4
    assert isinstance(histogram, bytes)
    span = bytes((11 << 3 | 2, 4, 1 << 3))
    # From bucket -2 of upper ends two of them, then one is left out: zigzag of -2 is 3, of 1 is 2.
    spans = span + b"\x03\x10\x02" + span + b"\x02\x10\x01"
    deltas = b"\x62\x03" + b"\x04\x06\x07"
    assert histogram == (
        b"\x08\x09\x19" + struct.pack("<d", 4.5) + b"\x20\x0a\x29" + bytes(8) + b"\x30\x01"
        b"" + spans + deltas + b"\x78\xac\x02"
    )
