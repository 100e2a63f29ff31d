"""What travels along a link: chunks of bytes, and at last how the stream ends."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

READ = 32 * 1024
"""The most bytes of one chunk."""


class Chunk(NamedTuple):
    """Bytes that were read together; `at`: when, in seconds of the caller's clock."""

    data: memoryview
    at: float


class End(Enum):
    """How a stream ends: its sender finished, the connection is to close, or to be reset."""

    FINISHED = "finished"
    CLOSED = "closed"
    RESET = "reset"


Piece = Chunk | End
