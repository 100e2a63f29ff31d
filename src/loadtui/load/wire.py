"""Frames between session and worker (pure): a 4-byte big-endian length, then MessagePack."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from loadtui.model.frame import FromWorker, ToWorker

LIMIT = 64 * 1024 * 1024
"""Bytes a frame may have; more can only be noise on the pipe."""

_LENGTH = 4

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder()


class WireError(ValueError):
    """What came is no frame; the pipe cannot be read any further."""


def encode(message: ToWorker | FromWorker) -> bytes:
    """One message as a frame."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_LENGTH, "big") + body


class Decoder(Generic[T]):
    """Bytes in, in pieces of any size; whole messages out."""

    def __init__(self, messages: msgspec.msgpack.Decoder[T]) -> None:
        """Prefer `to_worker` and `from_worker`."""
        self._messages = messages
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[T]:
        """Take bytes, return the messages they complete; raises WireError on what is no frame."""
        rest = self._rest
        rest += data
        out: list[T] = []
        at = 0
        while len(rest) - at >= _LENGTH:
            start = at + _LENGTH
            size = int.from_bytes(rest[at:start], "big")
            if size > LIMIT:
                raise WireError(f"a frame of {size} bytes; at most {LIMIT} are accepted")
            if len(rest) - start < size:
                break
            at = start + size
            out.append(self._decode(bytes(rest[start:at])))
        del rest[:at]
        return out

    def _decode(self, body: bytes) -> T:
        try:
            return self._messages.decode(body)
        except msgspec.DecodeError as error:
            raise WireError(f"a frame that cannot be read: {error}") from error


def to_worker() -> Decoder[ToWorker]:
    """What a worker reads with."""
    return Decoder(msgspec.msgpack.Decoder(ToWorker))


def from_worker() -> Decoder[FromWorker]:
    """What the session reads with."""
    return Decoder(msgspec.msgpack.Decoder(FromWorker))
