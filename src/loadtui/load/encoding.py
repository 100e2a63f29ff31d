"""Content codings undone (pure): gzip, deflate and br, in any combination."""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]  # publishes no types; used only here

LIMIT = 64 * 1024 * 1024
"""Bytes a decoded body may have; more is an answer that would eat the generator."""

_SLICE = 16 * 1024


def decode(raw: bytes, codings: str, limit: int = LIMIT) -> bytes:
    """Undo the codings of a Content-Encoding header, the last one first.

    Raises ValueError with a sentence when a coding is unknown, the bytes are not what it says, or
    the result is larger than `limit`.
    """
    for coding in reversed([each.strip().lower() for each in codings.split(",")]):
        match coding:
            case "" | "identity":
                pass
            case "gzip" | "x-gzip":
                raw = _inflate(raw, 31, limit)
            case "deflate":
                raw = _inflate(raw, _deflate_bits(raw), limit)
            case "br":
                raw = _unbrotli(raw, limit)
            case _:
                raise ValueError(f"the coding {coding!r} is unknown")
    return raw


def _deflate_bits(raw: bytes) -> int:
    # "deflate" means zlib (RFC 9110, 8.4.1.2), but servers that send the bare stream exist.
    is_zlib = len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0
    return 15 if is_zlib else -15


def _inflate(raw: bytes, bits: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    room = limit
    try:
        while raw:  # a gzip body may be several members, one after the other
            stream = zlib.decompressobj(bits)
            piece = stream.decompress(raw, room + 1)
            room -= len(piece)
            if room < 0:
                raise ValueError(_too_large(limit))
            if not stream.eof:
                raise ValueError("the compressed body ends too early")
            pieces.append(piece)
            raw = stream.unused_data
    except zlib.error as error:
        raise ValueError(f"the compressed body is damaged: {error}") from None
    return b"".join(pieces)


def _unbrotli(raw: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    pieces: list[bytes] = []
    room = limit
    try:
        for start in range(0, len(raw), _SLICE):
            pieces.append(stream.process(raw[start : start + _SLICE]))
            room -= len(pieces[-1])
            if room < 0:
                raise ValueError(_too_large(limit))
    except brotli.error as error:
        raise ValueError(f"the compressed body is damaged: {error}") from None
    if not stream.is_finished():
        raise ValueError("the compressed body ends too early")
    return b"".join(pieces)


def _too_large(limit: int) -> str:
    return f"the decoded body is larger than {limit} bytes"
