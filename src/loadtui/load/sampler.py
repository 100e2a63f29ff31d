"""A worker's samples on their way to the sink, over a socket that nobody may ever wait for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from loadtui.measure.sampling import Tap
from loadtui.model.point import encode

EVERY = 0.05
"""Seconds between two looks at what waits: short, so that a frame is little work at a time."""
PIECE = 5_000
"""Requests, and as many other values, of one frame."""
LAST_WORDS = 1.0
"""Seconds that the last frames may take to leave."""


class Sampler:
    """Sends what a tap has kept; what the socket does not take stays there, which has a limit."""

    def __init__(self, path: str, tap: Tap, say: Callable[[str], None]) -> None:
        """`path`: the sink's socket; must be made inside the loop."""
        self._path, self._tap, self._say = path, tap, say
        self._origin = time.time_ns() - int(tap.clock() * 1e9)
        self._writer: asyncio.StreamWriter | None = None
        self._is_refused = False

    async def run(self) -> None:
        """Send until cancelled."""
        await self._connect()
        while True:
            await asyncio.sleep(EVERY)
            self._send()

    async def finish(self) -> None:
        """Send the rest: whole while there is time, then as sums, so that no request is lost."""
        if self._writer is None and not self._is_refused:
            await self._connect()  # the end came at once
        if (writer := self._writer) is None:
            return
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self._drain(writer)
        except (TimeoutError, OSError):
            self._tap.queue.fold_all()
            self._put(writer)
        writer.close()
        try:
            async with asyncio.timeout(LAST_WORDS):
                await writer.wait_closed()
        except (TimeoutError, OSError):
            return

    async def _connect(self) -> None:
        try:
            _, self._writer = await asyncio.open_unix_connection(self._path)
        except OSError as error:
            self._is_refused = True
            self._say(f"the samples' sink cannot be reached: {error.strerror}")
        else:
            self._writer.transport.set_write_buffer_limits(0)

    async def _drain(self, writer: asyncio.StreamWriter) -> None:
        while not self._tap.queue.is_empty:
            await writer.drain()
            self._put(writer)
        await writer.drain()

    def _send(self) -> None:
        writer = self._writer
        if self._tap.queue.is_empty:
            return
        if writer is None or writer.transport.is_closing():
            self._tap.take(self._origin, PIECE)  # nobody is there to have it
            if writer is not None:
                self._say("the samples' sink is gone: what comes now is not in the outputs")
        elif not writer.transport.get_write_buffer_size():
            self._put(writer)

    def _put(self, writer: asyncio.StreamWriter) -> None:
        if not writer.transport.is_closing():
            writer.write(encode(self._tap.take(self._origin, PIECE)))
