"""The session's hold on its watchdog: tells it everything, hears what it did.

Lives in the session's event loop; nothing here waits for a pipe. A change is `record`ed in file and
pipe before it is made: what the kernel has taken, the watchdog reads even if we die right after.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from loadtui.chaos.frames import (
    Bye,
    FrameError,
    FromWatchdog,
    Heartbeat,
    LedgerLine,
    Pong,
    Ready,
    ToWatchdog,
    Unpacker,
    WatchdogDied,
    WatchdogEvent,
    pack,
)
from loadtui.chaos.ledger_file import LedgerFile, file_name, open_entries
from loadtui.chaos.watchdog_process import WatchdogProcess
from loadtui.errors import SetupFailed

DEAF = 3.0
"""Seconds without an answer to a heartbeat after which a watchdog is not counted on."""
_START = 10.0


class Guardian:
    """A watchdog and its ledger file."""

    def __init__(
        self, file: LedgerFile, process: WatchdogProcess, heard: Callable[[WatchdogEvent], None]
    ) -> None:
        """Use `Guardian.start`."""
        self._file, self._process, self._heard = file, process, heard
        self._unsent = bytearray()
        self._words: Unpacker[FromWatchdog] = Unpacker(FromWatchdog)
        self._ready, self._gone = asyncio.Event(), asyncio.Event()
        self._number = 0
        self._beats: deque[tuple[int, float]] = deque()
        self._parted = False
        asyncio.get_running_loop().add_reader(process.news, self._listen)

    @classmethod
    async def start(
        cls, state_dir: Path, now: float, heard: Callable[[WatchdogEvent], None]
    ) -> Guardian:
        """Start a watchdog and wait until it watches; raises SetupFailed.

        `state_dir` is absolute, `now` in Unix seconds. `heard` is called in the running loop with
        what the watchdog says, and once when it is gone.
        """
        try:
            file = LedgerFile(state_dir / file_name(os.getpid(), now))
        except OSError as error:
            raise SetupFailed(f"the ledger of faults cannot be kept: {error}") from error
        try:
            guardian = cls(file, WatchdogProcess(state_dir, file.path), heard)
        except OSError as error:
            file.remove()
            file.close()
            raise SetupFailed(f"the watchdog cannot be started: {error}") from error
        await guardian._begin()
        return guardian

    async def _begin(self) -> None:
        events = [asyncio.ensure_future(event.wait()) for event in (self._ready, self._gone)]
        await asyncio.wait(events, timeout=_START, return_when=asyncio.FIRST_COMPLETED)
        for event in events:
            event.cancel()
        if not self._ready.is_set():
            self._process.kill()
            await self.close(0)
            raise SetupFailed("the watchdog did not start", hint=f"see {self._process.log}")

    # -- what it passes on -----------------------------------------------------------------

    @property
    def worker_stop_fd(self) -> int:
        """What every worker inherits: readable means stop at once."""
        return self._process.worker_stop.fileno()

    @property
    def server_lifeline_fd(self) -> int:
        """The lifeline for the supervisor of a server of ours."""
        return self._process.server_lifeline

    @property
    def pid(self) -> int:
        """The watchdog's process id."""
        return self._process.pid

    def drain_stop(self) -> None:
        """Take back what told workers to stop, before new ones start."""
        with suppress(BlockingIOError):
            while self._process.worker_stop.recv(4096):
                continue

    # -- out -------------------------------------------------------------------------------

    @property
    def trouble(self) -> str:
        """Why the watchdog cannot be counted on now; "" when it can."""
        if self._gone.is_set() or not self._process.alive:
            return "the watchdog died, so no new fault can be undone for sure"
        if self._unsent or (self._beats and time.monotonic() - self._beats[0][1] >= DEAF):
            return "the watchdog does not answer"
        return ""

    def heartbeat(self) -> None:
        """Tell the watchdog that this loop runs."""
        self._flush()
        if not self._unsent:
            self._number += 1
            self._beats.append((self._number, time.monotonic()))
            self._send(Heartbeat(self._number))

    def record(self, lines: Iterable[LedgerLine]) -> str:
        """Write to file and pipe; return why they did not take it, "" when they did."""
        for line in lines:
            try:
                self._file.append(line)
            except OSError as error:
                return f"the ledger file cannot be written: {error.strerror or error}"
            self._send(line)
        return self.trouble

    def _send(self, frame: ToWatchdog) -> None:
        """Queue a frame; what the pipe does not take now goes out before the next one."""
        if not self._gone.is_set():
            self._unsent += pack(frame)
            self._flush()

    def _flush(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._process.lifeline, self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._lose()

    # -- in --------------------------------------------------------------------------------

    def _listen(self) -> None:
        try:
            data = os.read(self._process.news, 65536)
            frames = self._words.feed(data)
        except BlockingIOError:
            return
        except (OSError, FrameError):
            data, frames = b"", []
        for frame in frames:
            self._hear(frame)
        if not data:
            self._lose()

    def _hear(self, frame: FromWatchdog) -> None:
        match frame:
            case Ready():
                self._ready.set()
            case Pong(number=number):
                while self._beats and self._beats[0][0] <= number:
                    self._beats.popleft()
            case _:
                self._heard(frame)

    def _lose(self) -> None:
        if self._gone.is_set():
            return
        self._gone.set()
        self._unsent.clear()
        asyncio.get_running_loop().remove_reader(self._process.news)
        if not self._parted:
            self._heard(WatchdogDied())

    # -- end -------------------------------------------------------------------------------

    async def close(self, timeout: float) -> bool:
        """Part: the watchdog lifts what is still open and ends; False if it still tries by then.

        It needs nobody for that. File and descriptors are closed either way.
        """
        self._parted = True
        self._send(Bye())
        if not self._gone.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), timeout)
        has_ended = await asyncio.to_thread(self._process.reap, 2.0 if self._gone.is_set() else 0.0)
        self._lose()
        self._process.release()
        if not open_entries(self._file.path, own=False):
            self._file.remove()
        self._file.close()
        return has_ended
