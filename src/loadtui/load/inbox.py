"""Commands on their way in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

from loadtui.load import wire
from loadtui.model.frame import ToWorker

_CHUNK = 64 * 1024


class Inbox:
    """Messages read from a pipe as they come; iteration ends where the pipe does.

    A pipe that carries anything but frames counts as ended: nobody there to take orders from.
    """

    def __init__(self, descriptor: int) -> None:
        """Take over the descriptor; must be made inside the loop."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._decoder = wire.to_worker()
        self._messages: asyncio.Queue[ToWorker | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._read)

    async def __aiter__(self) -> AsyncIterator[ToWorker]:
        """Every message, each once."""
        while (message := await self._messages.get()) is not None:
            yield message

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, _CHUNK)
            for message in self._decoder.feed(data):
                self._messages.put_nowait(message)
        except BlockingIOError:
            return
        except (OSError, wire.WireError):
            data = b""
        if not data:
            self._loop.remove_reader(self._descriptor)
            self._messages.put_nowait(None)
