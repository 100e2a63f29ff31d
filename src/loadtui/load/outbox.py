"""Frames on their way to the session, over a pipe that nobody may ever wait for."""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections.abc import Callable

from loadtui.load import wire
from loadtui.model.frame import FromWorker

LIMIT = 4 * 1024 * 1024
"""Bytes that may wait; beyond them only `put` with `last` is taken."""


class Outbox:
    """Writes to a non-blocking descriptor only while it takes something; the rest waits here.

    `lost` is called once when nobody can read any more.
    """

    def __init__(self, descriptor: int, lost: Callable[[], None]) -> None:
        """Take over the descriptor; must be made inside the loop."""
        os.set_blocking(descriptor, False)
        self._descriptor, self._lost = descriptor, lost
        self._loop = asyncio.get_running_loop()
        self._waiting = bytearray()
        self._writing = threading.Lock()
        self._is_listening = False
        self._is_clear = asyncio.Event()
        self._is_clear.set()

    @property
    def is_clear(self) -> bool:
        """Whether everything has left: the moment for the next batch."""
        return not self._waiting

    def put(self, message: FromWorker, *, last: bool = False) -> None:
        """Send a message as soon as the pipe takes it; beyond the limit it is dropped.

        A worker that waits for a clear outbox before each batch never comes near the limit with
        anything but answers to commands, whose counts the next batch repeats.
        """
        if len(self._waiting) > LIMIT and not last:
            return
        with self._writing:
            self._waiting += wire.encode(message)
        if not self._is_listening:
            self._write()

    def put_apart(self, message: FromWorker) -> bool:
        """Send a message from another thread while the loop stands still: all of it at once, or
        nothing; return which.
        """
        data = wire.encode(message)
        if len(data) > select.PIPE_BUF:
            return False
        with self._writing:
            if self._waiting:
                return False
            try:
                return os.write(self._descriptor, data) == len(data)
            except OSError:
                return False

    async def flush(self, timeout: float) -> None:
        """Wait until everything has left, at most so many seconds."""
        try:
            await asyncio.wait_for(self._is_clear.wait(), timeout)
        except TimeoutError:
            return

    def _write(self) -> None:
        try:
            with self._writing:
                while self._waiting:
                    written = os.write(self._descriptor, self._waiting)
                    del self._waiting[:written]
        except BlockingIOError:
            pass
        except OSError:
            self._waiting.clear()
            self._listen(on=False)
            self._lost()
        self._listen(on=bool(self._waiting))

    def _listen(self, *, on: bool) -> None:
        if on and not self._is_listening:
            self._is_clear.clear()
            self._loop.add_writer(self._descriptor, self._write)
        elif not on:
            self._is_clear.set()
            if self._is_listening:
                self._loop.remove_writer(self._descriptor)
        self._is_listening = on
