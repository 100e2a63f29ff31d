"""The words between a session and its watchdog, and their bytes (pure).

Over pipes and the panic socket: four bytes of length, big-endian, then MessagePack. In the ledger
file: one line of JSON each.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from loadtui.model.ledger import Entry, Lift

_LIMIT = 1 << 20


class Recorded(msgspec.Struct, frozen=True, tag=True):
    """An entry of the ledger as it now stands: intended, confirmed, or as before once refused."""

    entry: Entry


class Forgotten(msgspec.Struct, frozen=True, tag=True):
    """An entry is closed: undone, or it never took effect."""

    id: int


class OwnServer(msgspec.Struct, frozen=True, tag=True):
    """The server at this URL is the session's own and ends with it."""

    url: str


class Heartbeat(msgspec.Struct, frozen=True, tag=True):
    """The session lives; each is answered by the Pong of its number."""

    number: int


class Bye(msgspec.Struct, frozen=True, tag=True):
    """The session is over: lift what is still open, then end."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The watchdog watches."""


class Pong(msgspec.Struct, frozen=True, tag=True):
    """The watchdog lives."""

    number: int


class Lifted(msgspec.Struct, frozen=True, tag=True):
    """The watchdog lifted, or found gone or changed by somebody else, what was open."""

    lifts: tuple[Lift, ...]


class PanicAsked(msgspec.Struct, frozen=True, tag=True):
    """Somebody asked for a panic, or the watchdog had to act: load stopped, faults lifted."""

    source: str


class WatchdogDied(msgspec.Struct, frozen=True, tag=True):
    """There is no watchdog any more: said by the session's end of the pipe, never sent."""


class PanicAnswer(msgspec.Struct, frozen=True, tag=True):
    """What a panic did, in one line for people; not `ok`: something is still on."""

    text: str
    ok: bool = True


LedgerLine = Recorded | Forgotten | OwnServer
ToWatchdog = Recorded | Forgotten | OwnServer | Heartbeat | Bye
FromWatchdog = Ready | Pong | Lifted | PanicAsked
WatchdogEvent = Lifted | PanicAsked | WatchdogDied
"""What a session hears of its watchdog."""
Anything = ToWatchdog | FromWatchdog | PanicAnswer

T = TypeVar("T")


class FrameError(ValueError):
    """Bytes that no loadtui sends."""


def pack(frame: Anything) -> bytes:
    """Return the bytes of one frame."""
    body = msgspec.msgpack.encode(frame)
    return len(body).to_bytes(4, "big") + body


class Unpacker(Generic[T]):
    """Frames out of a stream of bytes that arrives in pieces of any size."""

    def __init__(self, kind: object) -> None:
        """Accept frames of this union of structs."""
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kind)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[T]:
        """Return the frames that are complete now; raises FrameError for other people's bytes."""
        self._buffer += data
        frames: list[T] = []
        while len(self._buffer) >= 4:
            end = 4 + int.from_bytes(self._buffer[:4], "big")
            if end > _LIMIT:
                raise FrameError(f"a frame of {end} bytes")
            if len(self._buffer) < end:
                break
            frames.append(self._decode(bytes(self._buffer[4:end])))
            del self._buffer[:end]
        return frames

    def _decode(self, body: bytes) -> T:
        try:
            return self._decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise FrameError(str(error)) from error


def line(frame: LedgerLine) -> bytes:
    """Return a frame as a line of the ledger file."""
    return msgspec.json.encode(frame) + b"\n"


_LINE: msgspec.json.Decoder[LedgerLine] = msgspec.json.Decoder(LedgerLine)


def from_line(text: bytes) -> LedgerLine | None:
    """Return the frame of a line; None for one that was cut short or is not ours."""
    try:
        return _LINE.decode(text)
    except msgspec.MsgspecError:
        return None
