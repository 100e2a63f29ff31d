"""What each toxic does to one stream of one connection: pieces in, pieces out, and when.

Pure: `now` and the dice are passed in. The semantics are those of Toxiproxy 2.12.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from loadtui.toxiproxy.piece import Chunk, End, Piece

PIECE_SECONDS = 0.1
"""Bandwidth sends a chunk that takes longer in pieces of this many seconds."""


class Dice(Protocol):
    """What is drawn from; `random.Random` has it."""

    def random(self) -> float:
        """A number of [0, 1)."""

    def randrange(self, start: int, stop: int, /) -> int:
        """A whole number of [start, stop)."""


class Flow:
    """Passes everything on at once: `noop`, and every toxic whose toxicity spared the connection.

    `out`: what may leave, in order. `due`: when `ripen` wants to be called. `busy`: takes nothing
    until then. `closed`: an end is in `out` or has left; nothing follows it. `doomed`: the end is
    decided and neither a change nor the removal of the toxic averts it.
    """

    room = 1
    """What may wait in front, in pieces of at most 32 KiB."""

    fine = False
    """Whether it matters into which chunks the bytes were read."""

    def __init__(self, now: float = 0.0) -> None:  # noqa: ARG002 - some flows start a timer
        self.out: deque[Piece] = deque()
        self.due: float | None = None
        self.busy = self.closed = self.doomed = False

    def take(self, piece: Piece, now: float) -> None:
        """Let a piece in."""
        if isinstance(piece, End):
            self.end(piece, now)
        else:
            self.chunk(piece, now)

    def chunk(self, chunk: Chunk, now: float) -> None:  # noqa: ARG002 - others need the time
        """Bytes came in."""
        self.out.append(chunk)

    def end(self, end: End, now: float) -> None:  # noqa: ARG002 - others need the time
        """The stream ended."""
        self.close(end)

    def close(self, end: End) -> None:
        """End the stream for what follows."""
        self.out.append(end)
        self.closed, self.busy, self.due = True, False, None

    def ripen(self, now: float) -> None:
        """`due` has come."""

    def interrupt(self) -> End | None:
        """Let go at once of what is held; returns an end that the next flow has to take again."""
        return None

    def _wait(self, due: float) -> None:
        self.due, self.busy = due, True

    def _go_on(self) -> None:
        self.due, self.busy = None, False


class Holding(Flow):
    """Holds one chunk at a time, which leaves at once on an interruption."""

    def __init__(self, now: float = 0.0) -> None:
        super().__init__(now)
        self._held: Chunk | None = None

    def ripen(self, now: float) -> None:  # noqa: ARG002 - others need the time
        """Let the chunk go."""
        self._release()

    def interrupt(self) -> End | None:
        """The chunk leaves now."""
        self._release()
        return None

    def _release(self) -> None:
        if self._held is not None:
            self.out.append(self._held)
        self._held = None
        self._go_on()


class Latency(Holding):
    """A chunk leaves `latency` ± `jitter` ms after it was read; ends are not delayed.

    The chunk's time moves along, so that several of these add up.
    """

    room = 1024

    def __init__(self, attributes: dict[str, int], dice: Dice, now: float = 0.0) -> None:
        super().__init__(now)
        self._latency, self._jitter = attributes["latency"], attributes["jitter"]
        self._dice, self.fine = dice, self._jitter > 0

    def chunk(self, chunk: Chunk, now: float) -> None:
        """Hold it until its time."""
        wait = self._delay() - (now - chunk.at)
        self._held = Chunk(chunk.data, chunk.at + wait)
        if wait <= 0:
            self._release()
        else:
            self._wait(now + wait)

    def _delay(self) -> float:
        jitter = self._dice.randrange(-self._jitter, self._jitter) if self._jitter > 0 else 0
        return (self._latency + jitter) / 1000


class Bandwidth(Holding):
    """At most `rate` × 1000 bytes a second: every chunk adds the time it takes to what is owed."""

    fine = True

    def __init__(self, attributes: dict[str, int], now: float = 0.0) -> None:
        super().__init__(now)
        self._rate = attributes["rate"] * 1000
        self._piece = attributes["rate"] * 100
        self._owed = self._since = 0.0

    def chunk(self, chunk: Chunk, now: float) -> None:
        """Owe its time, and send it in pieces where it is long."""
        self._owed += len(chunk.data) / self._rate
        self._held = chunk
        self._plan(now)

    def ripen(self, now: float) -> None:
        """Send the next piece, or the last."""
        held = self._held
        if held is not None and len(held.data) > self._piece:
            self.out.append(Chunk(held.data[: self._piece], held.at))
            self._held = Chunk(held.data[self._piece :], held.at)
            self._owed -= PIECE_SECONDS
            self._plan(now)
        else:
            # What the timer was late or early by is paid with the next chunk.
            self._owed -= now - self._since
            self._release()

    def _plan(self, now: float) -> None:
        self._since = now
        if self._held is not None and len(self._held.data) > self._piece:
            self._wait(now + PIECE_SECONDS)
        elif self._owed > 0:
            self._wait(now + self._owed)
        else:
            self._release()


class SlowClose(Flow):
    """Holds the end back for `delay` ms."""

    def __init__(self, attributes: dict[str, int], now: float = 0.0) -> None:
        super().__init__(now)
        self._delay = attributes["delay"] / 1000
        self._end: End | None = None

    def end(self, end: End, now: float) -> None:
        """Hold it."""
        self._end = end
        self._wait(now + max(0.0, self._delay))

    def ripen(self, now: float) -> None:  # noqa: ARG002 - the base's signature
        """Let it go."""
        self.close(self._end or End.FINISHED)

    def interrupt(self) -> End | None:
        """The end is still to come."""
        return self._end


class Timeout(Flow):
    """Drops everything, and closes after `timeout` ms without a chunk; never where it is 0."""

    def __init__(self, attributes: dict[str, int], now: float = 0.0) -> None:
        super().__init__(now)
        self._timeout = attributes["timeout"] / 1000
        self._restart(now)

    def chunk(self, chunk: Chunk, now: float) -> None:  # noqa: ARG002 - dropped
        """Drop it and wait anew."""
        self._restart(now)

    def ripen(self, now: float) -> None:  # noqa: ARG002 - the base's signature
        """Silent for too long."""
        self.close(End.CLOSED)

    def _restart(self, now: float) -> None:
        self.due = now + self._timeout if self._timeout > 0 else None


class Slicer(Flow):
    """Cuts chunks into pieces of about `average_size` bytes, `delay` µs after each of them."""

    fine = True

    def __init__(self, attributes: dict[str, int], dice: Dice, now: float = 0.0) -> None:
        super().__init__(now)
        self._average, self._variation = attributes["average_size"], attributes["size_variation"]
        self._delay, self._dice = attributes["delay"] / 1_000_000, dice
        self._pieces: deque[Chunk] = deque()

    def chunk(self, chunk: Chunk, now: float) -> None:
        """Cut it, and send the first piece."""
        start = 0
        for end in self._cuts(0, len(chunk.data)):
            if end > start:
                self._pieces.append(Chunk(chunk.data[start:end], chunk.at))
            start = end
        self._next(now)

    def ripen(self, now: float) -> None:
        """Send the next piece; after the last one, take the next chunk."""
        if self._pieces:
            self._next(now)
        else:
            self._go_on()

    def interrupt(self) -> End | None:
        """Whatever is left leaves uncut."""
        if self._pieces:
            rest = b"".join(piece.data for piece in self._pieces)
            self.out.append(Chunk(memoryview(rest), self._pieces[0].at))
            self._pieces.clear()
        self._go_on()
        return None

    def _next(self, now: float) -> None:
        self.out.append(self._pieces.popleft())
        self._wait((now if self.due is None else self.due) + self._delay)

    def _cuts(self, start: int, end: int) -> list[int]:
        """Where pieces end: halves, and halves of these, until they are small enough."""
        if end - start <= self._average + self._variation:
            return [end]
        shift = self._dice.randrange(-self._variation, self._variation) if self._variation else 0
        middle = start + (end - start) // 2 + shift
        return [*self._cuts(start, middle), *self._cuts(middle, end)]


class LimitData(Flow):
    """Passes `bytes` bytes, then closes; `passed` of them went before this flow began."""

    def __init__(self, attributes: dict[str, int], passed: int, now: float = 0.0) -> None:
        super().__init__(now)
        self._bytes, self.passed = attributes["bytes"], passed

    def chunk(self, chunk: Chunk, now: float) -> None:  # noqa: ARG002 - the base's signature
        """Pass what the limit allows."""
        allowed = min(len(chunk.data), max(0, self._bytes - self.passed))
        if allowed:
            self.out.append(Chunk(chunk.data[:allowed], chunk.at))
            self.passed += allowed
        if self.passed >= self._bytes:
            self.close(End.CLOSED)


class ResetPeer(Flow):
    """Drops the first chunk or end, and resets the connection `timeout` ms later."""

    def __init__(self, attributes: dict[str, int], now: float = 0.0) -> None:
        super().__init__(now)
        self._timeout = attributes["timeout"] / 1000

    def take(self, piece: Piece, now: float) -> None:  # noqa: ARG002 - dropped
        """The first piece decides."""
        self.doomed = True
        self._wait(now + max(0.0, self._timeout))

    def ripen(self, now: float) -> None:  # noqa: ARG002 - the base's signature
        """Now."""
        self.close(End.RESET)
