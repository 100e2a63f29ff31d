"""One worker process as the session holds it: started, greeted, told, heard, ended."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from loadtui.errors import SetupFailed
from loadtui.load import wire
from loadtui.load.ending import Ending
from loadtui.load.supervision import Silence, is_stopped
from loadtui.model.frame import (
    Ack,
    ClockAsk,
    ClockTell,
    FromWorker,
    Hello,
    RanOnce,
    Said,
    Setup,
    ToWorker,
)
from loadtui.model.row import Batch, IterationRow, MetricRow, Row

R = TypeVar("R", Row, IterationRow)

Event = Batch | Ack | Said
"""What a worker says beyond greetings, and what the session hears of it."""

ROUND_TRIPS = 3
"""Times the worker's clock is asked for; the quickest answer is the most exact one."""

_CHUNK = 64 * 1024


class Link:
    """A worker and its two pipes. `active`, `draining` and `allocated` as it last reported them."""

    def __init__(self, index: int, log: Path, process: asyncio.subprocess.Process) -> None:
        """Use `spawn`."""
        self.index = index
        self.active = self.draining = self.allocated = 0
        self.limit = -1.0
        """Its part of a limit of requests per second, as it was last told; below 0: not yet."""
        self.offset = 0.0
        """Seconds to add to the worker's clock to get `time.monotonic` here."""
        self._log, self._process = log, process
        self.is_up = self.is_ending = self.is_plan_over = self.is_read = False
        self.heard, self.heard_at = 0, time.monotonic()
        """How often something was heard of it, and when last."""
        self.silence = Silence(self.heard_at)
        self._blame = ""
        self._last_said = ""
        self._greetings: asyncio.Queue[float | None] = asyncio.Queue()

    @classmethod
    async def spawn(
        cls, index: int, log: Path, stop: int | None, tickets: Iterable[int] = ()
    ) -> Link:
        """Start the process, in a session of its own; `stop`: the watchdog's stop line; `tickets`:
        further descriptors that it inherits.
        """
        inherited = (*tickets, *(() if stop is None else (stop,)))
        stop_option = [] if stop is None else ["--stop", str(stop)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a random.py in the operator's folder is none of a worker's business
            *("-m", "loadtui.load.worker", str(index)),
            *("--parent", str(os.getpid()), "--log", str(log), *stop_option),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=inherited,
            start_new_session=True,
        )
        return cls(index, log, process)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs and is not to end."""
        return self._process.returncode is None and not self.is_ending and not self._blame

    @property
    def was_told_to_stop(self) -> bool:
        """Whether it ended because the watchdog stopped the load."""
        return self._process.returncode == Ending.STOPPED

    @property
    def is_unusable(self) -> bool:
        """Whether it cannot run the scenario, and no other would."""
        return self._process.returncode == Ending.UNUSABLE

    # -- greeting ----------------------------------------------------------------------------

    async def greet(self, setup: Setup) -> None:
        """Tell it what to run and compare clocks; raises SetupFailed when it ends instead.

        Somebody must iterate over `events` meanwhile.
        """
        self.send(setup)
        await self._greeting()
        best = math.inf
        for _ in range(ROUND_TRIPS):
            sent = time.monotonic()
            self.send(ClockAsk(sent))
            at = await self._greeting()
            heard = time.monotonic()
            if heard - sent < best:
                best, self.offset = heard - sent, (sent + heard) / 2 - at

    async def _greeting(self) -> float:
        at = await self._greetings.get()
        if at is None:
            why = await self.ended()
            what = why if self.is_unusable else f"worker {self.index} did not start: it {why}"
            raise SetupFailed(what)
        return at

    # -- talk --------------------------------------------------------------------------------

    def send(self, message: ToWorker) -> None:
        """Hand a command to the pipe; a worker that is gone gets none."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(wire.encode(message))

    async def events(self) -> AsyncIterator[Event | RanOnce]:
        """Everything it says until its end, in the session's clock; noise counts as the end."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        decoder = wire.from_worker()
        try:
            while data := await self._read(self._process.stdout):
                for message in decoder.feed(data):
                    if (event := self._hear(message)) is not None:
                        yield event
        except wire.WireError as error:
            self._last_said = str(error)
        finally:
            self._greetings.put_nowait(None)

    async def _read(self, stdout: asyncio.StreamReader) -> bytes:
        self.is_read = True
        data = await stdout.read(_CHUNK)
        self.is_read = False
        if data:
            self.heard, self.heard_at = self.heard + 1, time.monotonic()
        return data

    def _hear(self, message: FromWorker) -> Event | RanOnce | None:
        match message:
            case Hello():
                self._greetings.put_nowait(0.0)
                return None
            case ClockTell(at=at):
                self._greetings.put_nowait(at)
                return None
            case RanOnce():
                return message
            case Said(text=text):
                self._last_said = text
                return message
            case Ack(active=active, draining=draining, is_over=is_over):
                self.active, self.draining, self.is_plan_over = active, draining, is_over
                return message
            case Batch(active=active, draining=draining, allocated=allocated):
                self.active, self.draining, self.allocated = active, draining, allocated
                return shifted(message, self.offset)

    # -- silence -----------------------------------------------------------------------------

    def is_stopped(self) -> bool:
        """Whether a signal stopped the process; False where the system does not tell."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return is_stopped(stat)

    def give_up(self, blame: str) -> None:
        """End it at once, by its process id; `blame`: why, instead of how it will have ended."""
        self._blame = blame
        with contextlib.suppress(ProcessLookupError):  # it ended in this moment
            self._process.kill()

    # -- end ---------------------------------------------------------------------------------

    def release(self) -> None:
        """Close its stdin, which tells it to end."""
        self.is_ending = True
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def ended(self, grace: float | None = None) -> str:
        """Wait for its end, for `grace` seconds at most before it is killed; say how it ended."""
        try:
            await asyncio.wait_for(self._process.wait(), grace)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):  # it ended in this moment
                self._process.kill()
            await self._process.wait()
        return self._blame or self._words(self._process.returncode or 0)

    def _words(self, code: int) -> str:
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        match code:
            case Ending.DONE:
                return "ended"
            case Ending.STOPPED:
                return "was stopped by the watchdog"
            case Ending.UNUSABLE:
                return f"cannot run the scenario: {self._last_said}"
            case _:
                return f"ended with exit code {code}; its last words are in {self._log}"


def shifted(batch: Batch, offset: float) -> Batch:
    """The batch in another clock: `at` exactly, the rows' seconds by whole seconds.

    On one machine both clocks are one, and the rows keep their seconds.
    """
    seconds = round(offset)
    at = batch.at + offset
    if not seconds:
        return msgspec.structs.replace(batch, at=at)
    return msgspec.structs.replace(
        batch,
        at=at,
        rows=tuple(_later(row, seconds) for row in batch.rows),
        iterations=tuple(_later(row, seconds) for row in batch.iterations),
        metrics=tuple(_sampled(row, seconds) for row in batch.metrics),
    )


def _later(row: R, seconds: int) -> R:
    return msgspec.structs.replace(row, second=row.second + seconds)


def _sampled(row: MetricRow, seconds: int) -> MetricRow:
    return msgspec.structs.replace(row, second=row.second + seconds, at=row.at + seconds)
