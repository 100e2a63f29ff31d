"""One direction of one connection: a chain of toxics between two sockets."""

from __future__ import annotations

import asyncio
from time import monotonic

from loadtui.toxiproxy.chain import EARLY, Chain
from loadtui.toxiproxy.piece import End, Piece
from loadtui.toxiproxy.side import Side
from loadtui.toxiproxy.traffic import Tally


class Link:
    """Carries what `source` reads through `chain` to `dest`.

    `over`: nothing more is written; the end has reached `dest`, or `dest` is gone.
    """

    __slots__ = ("_ended", "_tally", "_timer", "chain", "dest", "over", "source")

    def __init__(self, source: Side, dest: Side, chain: Chain, tally: Tally) -> None:
        self.source, self.dest, self.chain, self._tally = source, dest, chain, tally
        self.over = self._ended = False
        self._timer: asyncio.Handle | None = None
        source.outward = dest.inward = self

    def data(self, data: memoryview) -> None:
        """Bytes were read from the source, into a buffer that is read into again."""
        size = len(data)
        self._tally.received += size
        if self.over or self._ended:
            return
        if self.chain.plain:
            self._tally.sent += size
            self.dest.write(data)
        else:
            self.chain.feed(data, monotonic())
            self.pump()

    def finish(self, end: End) -> None:
        """The source will send nothing more; the first end counts."""
        if self._ended:
            return
        self._ended = True
        if self.chain.plain and self.chain.writable and not self.over:
            self._deliver(end)
        else:
            self.chain.finish(end)
            self.pump()

    def hold(self) -> None:
        """The receiver takes no more for now."""
        self.chain.writable = False
        if self.chain.plain:
            self.source.pause()

    def go_on(self) -> None:
        """The receiver takes more again."""
        self.chain.writable = True
        if self.chain.plain:
            self.source.resume()
        else:
            self.pump()

    def stop(self) -> None:
        """The receiver is gone: drop what comes."""
        self.over = True
        self._disarm()

    def pump(self) -> None:
        """Write what may leave now, and come back when more may."""
        if self.over:
            return
        if not (self.chain.plain or self._move()):
            return
        if self.chain.full or (self.chain.plain and not self.chain.writable):
            self.source.pause()
        else:
            self.source.resume()

    def _move(self) -> bool:
        """Whether more may come; in a plain chain nothing waits, and no time is to come."""
        now = monotonic()
        if not all(self._deliver(piece) for piece in self.chain.pump(now)):
            return False
        self._arm(now)
        return True

    def _deliver(self, piece: Piece) -> bool:
        """Whether there may be more: not after an end, nor if the receiver is found to be gone."""
        if isinstance(piece, End):
            self.stop()
            self.dest.end(piece, self.source)
        else:
            self._tally.sent += len(piece.data)
            self.dest.write(piece.data)
        return not self.over

    def _arm(self, now: float) -> None:
        due = self.chain.due
        self._disarm()
        if due is None:
            return
        loop, wait = asyncio.get_running_loop(), due - now
        if wait < EARLY:
            self._timer = loop.call_soon(self._ripe)
        else:
            self._timer = loop.call_later(wait, self._ripe)

    def _ripe(self) -> None:
        self._timer = None
        self.pump()

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
