from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.chaos.frames import (
    Bye,
    Forgotten,
    FrameError,
    Heartbeat,
    LedgerLine,
    OwnServer,
    PanicAsked,
    Recorded,
    ToWatchdog,
    Unpacker,
    from_line,
    line,
    pack,
)
from loadtui.model.ledger import Change, Entry, State
from loadtui.model.toxic import Proxy, Toxic

SLOW = Toxic("slow", "latency", "downstream", 0.33, {"latency": 2000, "new": None, "x": "y"})
PAYMENTS = Proxy("payments", "127.0.0.1:1", "127.0.0.1:2", enabled=False, toxics=(SLOW,))


def entry(before: State, after: State, seen: State | msgspec.UnsetType) -> Entry:
    change = Change("payments", "toxic", "slow", before, after)
    return Entry(7, "http://127.0.0.1:8474", change, 12.5, seen=seen, asked=(None, SLOW, True))


ENTRIES = [entry(None, SLOW, msgspec.UNSET), entry(True, False, None), entry(PAYMENTS, None, SLOW)]
LINES: list[LedgerLine] = [Forgotten(3), OwnServer("http://[::1]:1"), *map(Recorded, ENTRIES)]
FRAMES: list[ToWatchdog] = [*LINES, Heartbeat(9), Bye()]


@given(st.lists(st.sampled_from(FRAMES)), st.integers(1, 40))
def test_frames_arrive_whole_whatever_the_pieces(frames: list[ToWatchdog], size: int) -> None:
    unpacker: Unpacker[ToWatchdog] = Unpacker(ToWatchdog)
    stream = b"".join(map(pack, frames))
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [frame for piece in pieces for frame in unpacker.feed(piece)] == frames


@pytest.mark.parametrize(
    "stream", [b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\1\xc1", pack(PanicAsked("x"))]
)
def test_other_peoples_bytes_are_refused(stream: bytes) -> None:
    unpacker: Unpacker[ToWatchdog] = Unpacker(ToWatchdog)
    with pytest.raises(FrameError):
        unpacker.feed(stream)


@pytest.mark.parametrize("frame", LINES)
def test_a_line_of_the_file_reads_as_it_was_written(frame: LedgerLine) -> None:
    text = line(frame)
    assert text.count(b"\n") == 1
    assert from_line(text) == frame
    assert from_line(text[: len(text) // 2]) is None, "a line that was cut short"
