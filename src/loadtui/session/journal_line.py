"""One line of a journal, as far as every reader needs it, and whether it is whole (pure)."""

from __future__ import annotations

import re
import zlib
from math import isfinite

import msgspec

VERSION = 2
"""Of the format; docs/journal.md says what changed."""
LATEST = 3e6
"""Session seconds that no session reaches: more than a month."""

_SUM = re.compile(rb',"crc":"([0-9a-f]{8})"\}\n\Z')


class Line(msgspec.Struct, frozen=True, rename={"kind": "k", "at": "t", "number": "n"}):
    """`at`: session seconds. `screen`: the number of a screen among screens, -1 elsewhere.
    `journal`: the version that a header names.
    """

    kind: str
    at: float
    number: int = -1
    screen: int = -1
    whole: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    journal: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it is a screen that needs none before it."""
        return self.whole is not msgspec.UNSET


_decoder = msgspec.json.Decoder(Line)


def with_sum(data: bytes) -> bytes:
    """The line of a JSON object, with the sum of all that stands before the sum, and its end."""
    return b'%b,"crc":"%08x"}\n' % (data[:-1], zlib.crc32(data[:-1]))


def checked(raw: bytes) -> Line | None:
    """A line as it was written; None where a byte of it is not."""
    found = _SUM.search(raw)
    if found is None or zlib.crc32(raw[: found.start()]) != int(found[1], 16):
        return None
    return unchecked(raw)


def unchecked(raw: bytes) -> Line | None:
    """A line of format 1, which has no sums; None where it is none."""
    if not raw.endswith(b"}\n"):
        return None
    try:
        line = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return line if isfinite(line.at) and 0 <= line.at < LATEST else None
