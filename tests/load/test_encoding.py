from __future__ import annotations

import contextlib
import gzip
import zlib

import brotli  # type: ignore[import-untyped]  # publishes no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.encoding import decode

TEXT = b'{"id": 1}' * 50


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("raw", "codings"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " GZip "),
        (gzip.compress(TEXT, mtime=0), "x-gzip"),
        (gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (bare_deflate(TEXT), "deflate"),
        (brotli.compress(TEXT), "br"),
        (gzip.compress(brotli.compress(TEXT), mtime=0), "br, gzip"),
    ],
)
def test_a_coding_is_undone(raw: bytes, codings: str) -> None:
    assert decode(raw, codings) == TEXT


@pytest.mark.parametrize(
    ("raw", "codings", "words"),
    [
        (TEXT, "zstd", "'zstd' is unknown"),
        (TEXT, "gzip", "damaged"),
        (gzip.compress(TEXT, mtime=0)[:-10], "gzip", "too early"),
        (gzip.compress(TEXT, mtime=0) + b"trailing", "gzip", "damaged"),
        (b"\xff" * 20, "deflate", "damaged"),
        (TEXT, "br", "damaged"),
        (brotli.compress(TEXT)[:-3], "br", "too early"),
    ],
)
def test_what_cannot_be_undone_is_said(raw: bytes, codings: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decode(raw, codings)


@pytest.mark.parametrize("codings", ["gzip", "deflate", "br"])
def test_a_body_that_would_fill_memory_is_refused(codings: str) -> None:
    packers = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}
    bomb = packers[codings](b"\0" * 1_000_000)
    with pytest.raises(ValueError, match="larger than 1000 bytes"):
        decode(bomb, codings, limit=1000)
    assert len(decode(bomb, codings, limit=1_000_000)) == 1_000_000


@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "br, gzip"]))
def test_no_bytes_break_anything_else(raw: bytes, codings: str) -> None:
    with contextlib.suppress(ValueError):
        assert len(decode(raw, codings, limit=10_000)) <= 10_000
