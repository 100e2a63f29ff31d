"""What travels along a link: chunks of bytes, and at last how the stream ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

READ = 32 * 1024
"""The most bytes of one chunk, as the original reads them."""


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


class Queue:
    """Pieces that wait; `room`: what they take, 1 each and 1 more a further 32 KiB."""

    __slots__ = ("_pieces", "room")

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque()
        self.room = 0

    def __len__(self) -> int:
        return len(self._pieces)

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._pieces)

    def put(self, piece: Piece) -> None:
        """Let one wait behind the others."""
        self._pieces.append(piece)
        self.room += _room(piece)

    def put_first(self, piece: Piece) -> None:
        """Let one wait in front of the others."""
        self._pieces.appendleft(piece)
        self.room += _room(piece)

    def take(self) -> Piece:
        """The first. Raises IndexError where there is none."""
        piece = self._pieces.popleft()
        self.room -= _room(piece)
        return piece


def _room(piece: Piece) -> int:
    return 1 if isinstance(piece, End) else 1 + (len(piece.data) - 1) // READ
