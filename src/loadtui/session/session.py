"""A session on a thread of its own: the one interpreter of what the desk decides.

The thread owns an asyncio loop in which workers, Toxiproxy, the journal and the clock meet. The
screen's thread only sends commands and reads snapshots, so a stalled terminal stalls nothing here.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable

import anyio

from loadtui.errors import ExitCode, LoadtuiError
from loadtui.model import command as c
from loadtui.model.ledger import Lift
from loadtui.model.snapshot import Snapshot
from loadtui.outputs.sink_frame import Written
from loadtui.session.desk import Desk
from loadtui.session.journal import Journal
from loadtui.session.options import Options, Outcome
from loadtui.session.plant import Plant
from loadtui.session.state import Now
from loadtui.session.surroundings import Surroundings

TICK = 0.25


def leaves(group: BaseExceptionGroup[LoadtuiError]) -> list[LoadtuiError]:
    """The errors themselves, out of however many groups the task groups wrapped them in."""
    out: list[LoadtuiError] = []
    for error in group.exceptions:
        out += leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return out


def clock() -> Now:
    """Both clocks."""
    return Now(time.monotonic(), time.time())


class Session:
    """Runs a scenario; a `SessionLink` for its screen."""

    def __init__(self, options: Options, surroundings: Surroundings | None = None) -> None:
        """Prepare; nothing runs before `start`."""
        self._options, self._surroundings = options, surroundings
        journal = Journal(options.journal, options.scenario.secrets)
        self._desk = Desk(
            options.scenario, step=options.step, tour=options.tour, journal=journal, clock=clock
        )
        self._desk.parts = {"workers": "starting…"}
        self._snapshot = self._desk.snapshot()
        self._journal = journal
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._inbox: queue.SimpleQueue[c.AnyCommand] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._hurry = threading.Event()
        self._done = threading.Event()
        self._outcome: Outcome | None = None
        self._quit: c.Quit | None = None
        self._error = ""
        self._written: tuple[Written, ...] = ()
        self._remarks: tuple[str, ...] = ()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    # -- from any thread -------------------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def send(self, command: c.AnyCommand) -> None:
        """Hand over a command; safe in any thread and in a signal handler."""
        if isinstance(command, c.Quit) and command.hurry:
            self._hurry.set()
        self._inbox.put(command)
        loop = self._loop
        if loop is not None and not self._done.is_set():
            try:
                loop.call_soon_threadsafe(self._wake.set)
            except RuntimeError:  # the loop closed between the look and the call
                return

    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere, those of pasted requests among them."""
        return self._desk.scenario.secrets

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every snapshot, on the session's thread."""
        self._listeners.append(listener)

    def wait(self, timeout: float | None = None) -> Outcome | None:
        """Wait for the end; None when it has not come within `timeout` seconds."""
        return self._outcome if self._done.wait(timeout) else None

    # -- the session's thread ----------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:
            self._error = self._error or f"internal error: {type(error).__name__}: {error}"
            raise
        finally:
            self._finish(())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._wake.set()
        plant = Plant(self._options, self._surroundings, self._desk, self._publish)
        unlifted: list[Lift] = []
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._start_plant, plant)
                group.start_soon(self._ticks, plant)
                group.start_soon(plant.watch, group)
                await self._commands(plant)
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                unlifted = await self._end(plant)
        self._finish(tuple(unlifted))

    async def _start_plant(self, plant: Plant) -> None:
        failed: list[LoadtuiError] = []
        try:
            await plant.start()
        except* LoadtuiError as group:
            failed += leaves(group)
        if failed:
            self._error = str(failed[0])
            self.send(c.Quit(code=failed[0].exit_code))
            return
        for command in self._options.first:
            self.send(command)
        if self._options.script:
            self._desk.run_script(self._options.script)

    async def _commands(self, plant: Plant) -> None:
        """Serve commands until one of them ends the session."""
        while self._quit is None:
            await self._wake.wait()
            self._wake.clear()
            while self._quit is None and not self._inbox.empty():
                command = self._inbox.get_nowait()
                self._desk.overtime.touch(time.monotonic())
                if isinstance(command, c.Alive):
                    continue
                if isinstance(command, c.Quit):
                    self._quit = command
                elif isinstance(command, c.Watch):
                    self._desk.view.watch(command)
                else:
                    plant.perform(plant.command(command))
            self._publish()

    async def _ticks(self, plant: Plant) -> None:
        due = time.monotonic()
        while True:
            outside, abort = self._desk.tick()
            plant.perform(outside)
            plant.heartbeat()
            if abort:
                self.send(c.Quit(code=ExitCode.THRESHOLD))
            if plant.failed and not plant.aborted:
                self._error = self._error or plant.failed
                self.send(c.Quit(code=ExitCode.SETUP))
            if plant.aborted:
                self.send(c.Quit(code=ExitCode.ABORTED))
            self._publish()
            due = max(due + TICK, time.monotonic() - TICK)
            await anyio.sleep(max(0.0, due - time.monotonic()))

    def _publish(self) -> None:
        self._snapshot = snapshot = self._desk.snapshot()
        self._desk.record.screen(snapshot)
        for listener in self._listeners:
            listener(snapshot)

    async def _end(self, plant: Plant) -> list[Lift]:
        self._desk.life.ending = True
        self._publish()
        asked = self._quit.code if self._quit is not None else ExitCode.SETUP
        whole = asked in {ExitCode.OK, ExitCode.THRESHOLD}
        unlifted = await plant.stop(self._hurry.is_set, whole=whole)
        self._written = plant.written
        # The plan may have been over before the abort was heard.
        if plant.aborted and asked in {ExitCode.OK, ExitCode.ABORTED, ExitCode.SETUP}:
            self._quit = c.Quit(code=ExitCode.ABORTED)
            self._error = f"the journey aborted the run: {plant.aborted}"
        if plant.spoiled and asked in {ExitCode.OK, ExitCode.THRESHOLD}:
            self._quit = c.Quit(code=ExitCode.SETUP)
            self._error = self._error or plant.spoiled
        self._remarks = tuple(each for each in plant.remarks if each != self._error)
        return unlifted

    def _finish(self, unlifted: tuple[Lift, ...]) -> None:
        if self._outcome is not None:
            return
        self._desk.life.ended = True
        final = self._desk.final(self._options.stats)
        points = tuple(self._desk.store.points.values())
        code, written = self._code(final, unlifted), self._written
        self._outcome = Outcome(code, final, points, unlifted, self._error, written, self._remarks)
        self._desk.record.end(final, self._outcome.ending)
        self._journal.close()
        self._snapshot = final
        self._done.set()
        for listener in self._listeners:
            listener(final)

    def _code(self, final: Snapshot, unlifted: tuple[Lift, ...]) -> int:
        if any(lift.result == "failed" for lift in unlifted):
            return ExitCode.NOT_LIFTED
        asked = self._quit.code if self._quit is not None else ExitCode.SETUP
        if asked in {ExitCode.OK, ExitCode.INTERRUPTED} and self._error:
            return ExitCode.SETUP
        strict = self._options.strict
        failed = any(each.fails(strict=strict) for each in final.thresholds)
        if asked == ExitCode.OK and self._options.judged and failed:
            return ExitCode.THRESHOLD
        return asked
