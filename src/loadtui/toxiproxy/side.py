"""One socket of a connection: read from and written to without a buffer of its own in between.

The loop only says when a socket is ready. What a socket does not take stays here, the reader of
the other side waits meanwhile, and so the pressure reaches the sender.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from loadtui.toxiproxy.piece import End

if TYPE_CHECKING:
    from loadtui.toxiproxy.link import Link

_NO_LINGER = struct.pack("ii", 1, 0)
_BUFFER = memoryview(bytearray(512 * 1024))
"""What every socket is read into: the bytes are gone from it before the next one is read. Half a
MiB a call costs a third less than a quarter of it, measured by `bench.relay`.
"""


class Side:
    """Reads into `outward`, is written to by `inward`; `gone`: the socket is closed.

    `half_close`: a sender that has finished may still receive. `on_gone` is called once.
    """

    __slots__ = (
        "_fd",
        "_finished",
        "_half_close",
        "_loop",
        "_reading",
        "_socket",
        "_then",
        "_unsent",
        "_writing",
        "gone",
        "inward",
        "on_gone",
        "outward",
    )

    def __init__(self, connected: socket.socket, *, half_close: bool) -> None:
        """Take over a connected socket that does not block."""
        self.outward: Link
        self.inward: Link
        self.on_gone: Callable[[], None] = _nothing
        self.gone = False
        self._socket, self._fd = connected, connected.fileno()
        self._half_close = half_close
        self._loop = asyncio.get_running_loop()
        self._reading = self._writing = self._finished = False
        self._unsent: deque[memoryview] = deque()
        self._then: Callable[[], None] | None = None  # to be done once everything is sent

    # -- reading -----------------------------------------------------------------------------------
    def resume(self) -> None:
        """Read, now or again."""
        if not (self._reading or self._finished or self.gone):
            self._reading = True
            self._loop.add_reader(self._fd, self.read)

    def pause(self) -> None:
        """Read no more for now."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def read(self) -> None:
        """Take what is there, unless the reader is to wait."""
        if not self._reading:
            return
        try:
            size = self._socket.recv_into(_BUFFER)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        if size:
            self.outward.data(_BUFFER[:size])
        else:
            self._finished = True
            self.pause()
            self.outward.finish(End.FINISHED)

    # -- writing -----------------------------------------------------------------------------------
    def write(self, data: memoryview) -> None:
        """Send bytes; those of the shared buffer that must wait are copied."""
        if self.gone:
            return
        sent = 0
        if not self._unsent:
            try:
                sent = self._socket.send(data)
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                self.abort()
                return
            if sent == len(data):
                return
        rest = data[sent:]
        self._unsent.append(memoryview(bytes(rest)) if data.obj is _BUFFER.obj else rest)
        if not self._writing:
            self._writing = True
            self._loop.add_writer(self._fd, self._writable)
            self.inward.hold()

    def _writable(self) -> None:
        try:
            while self._unsent:
                sent = self._socket.send(self._unsent[0])
                if sent < len(self._unsent[0]):
                    self._unsent[0] = self._unsent[0][sent:]
                    return
                self._unsent.popleft()
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.abort()
            return
        self._stop_writing()
        if self._then is None:
            self.inward.go_on()
        else:
            self._then()

    def _stop_writing(self) -> None:
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._fd)

    # -- the end -----------------------------------------------------------------------------------
    def end(self, end: End, source: Side) -> None:
        """What `source` sent has ended."""
        if end is End.RESET:
            self._arm_reset()
            self.outward.finish(End.RESET)
            self.abort()
        elif end is End.FINISHED and self._half_close and not source.gone:
            self._once_sent(self._finish)
        else:
            self.close()

    def close(self) -> None:
        """Close once everything is sent."""
        self._once_sent(self.abort)

    def abort(self) -> None:
        """Close now; the other side learns of it through the links."""
        if self.gone:
            return
        self.gone = True
        self.pause()
        self._stop_writing()
        self._socket.close()
        self.inward.stop()
        if self.outward.over:
            self.outward.dest.close()
        else:
            self.outward.finish(End.CLOSED)
        self.on_gone()

    def _finish(self) -> None:
        """Send the end and go on receiving, unless both directions are over."""
        if self.outward.over:
            self.close()
            self.outward.dest.close()
            return
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.abort()

    def _arm_reset(self) -> None:
        """Make the close a TCP reset."""
        if not self.gone:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)

    def _once_sent(self, then: Callable[[], None]) -> None:
        if self.gone:
            return
        self._then = then
        if not self._unsent:
            then()


def _nothing() -> None:
    """Nobody wants to know."""
