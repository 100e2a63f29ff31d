"""One socket of a connection, as the loop calls it."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, cast

from loadtui.toxiproxy.piece import End

if TYPE_CHECKING:
    from collections.abc import Callable

    from loadtui.toxiproxy.link import Link

_NO_LINGER = struct.pack("ii", 1, 0)


class Side(asyncio.Protocol):
    """Reads into `outward`, is written to by `inward`; `gone`: the socket is closed.

    `half_close`: a sender that has finished may still receive. `on_gone` is called once.
    """

    def __init__(self, outward: Link, inward: Link, *, half_close: bool) -> None:
        self.outward, self.inward, self._half_close = outward, inward, half_close
        outward.source = inward.dest = self
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes | memoryview] = []  # what came before there was a transport
        self._early_end: Callable[[], None] | None = None
        self.gone = self._paused = False
        self.data_received = outward.data  # type: ignore[method-assign]
        self.on_gone: Callable[[], None] | None = None

    # -- called by the loop ------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is ours."""
        self._transport = cast("asyncio.Transport", transport)
        self.write = self._transport.write  # type: ignore[method-assign]
        for data in self._early:
            self.write(data)
        self._early.clear()
        if self._early_end is not None:
            self._early_end()

    def eof_received(self) -> bool:
        """The peer has finished; it may go on receiving."""
        self.outward.finish(End.FINISHED)
        return not self.gone

    def pause_writing(self) -> None:
        """The socket's buffers are full."""
        self.inward.hold()

    def resume_writing(self) -> None:
        """There is room again."""
        if not self.gone:
            self.inward.go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The socket is closed, by whomever."""
        self.gone = True
        self.inward.stop()
        if self.outward.over:
            self.outward.dest.close()
        else:
            self.outward.finish(End.CLOSED)
        if self.on_gone is not None:
            self.on_gone()

    # -- called by the links -----------------------------------------------------------------------
    def write(self, data: bytes | memoryview) -> None:  # the transport's own once there is one
        """Send bytes."""
        self._early.append(data)

    def end(self, end: End, link: Link) -> None:
        """`link`, which writes here, has ended."""
        if end is End.RESET:
            self.outward.finish(End.RESET)
            self.reset()
        elif end is End.FINISHED and self._half_close and not link.source.gone:
            self._finish()
        else:
            self.close()

    def _finish(self) -> None:
        """Send the end and go on receiving, unless both directions are over."""
        if self.outward.over:
            self.close()
            self.outward.dest.close()
        elif self._transport is None:
            self._early_end = self._finish
        elif not self.gone and not self._transport.is_closing():
            self._transport.write_eof()

    def pause(self) -> None:
        """Read no more for now."""
        if not self._paused and not self.gone and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._paused and not self.gone and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Close once everything written is sent."""
        if self._transport is None:
            self._early_end = self.close
        elif not self.gone:
            self._transport.close()

    def abort(self) -> None:
        """Close now."""
        if self._transport is None:
            self._early_end = self.abort
        elif not self.gone:
            self._transport.abort()

    def reset(self) -> None:
        """Close now, with a TCP reset."""
        if self._transport is None:
            self._early_end = self.reset
            return
        connected = None if self.gone else self._transport.get_extra_info("socket")
        if connected is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.abort()
