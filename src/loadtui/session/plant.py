"""The machinery a session runs: workers, Toxiproxy with its watchdog, and a demo system.

It performs the effects that touch the outside and feeds every answer back to the desk as a fact.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import anyio

from loadtui.chaos.control import Control, PollFailure
from loadtui.chaos.frames import Lifted, PanicAsked, WatchdogDied
from loadtui.errors import LoadtuiError
from loadtui.load.pool import Lost, Pool
from loadtui.model import command as c
from loadtui.model.frame import Ack, Said
from loadtui.model.ledger import Change, Lift
from loadtui.model.row import Batch
from loadtui.model.toxic import Proxy
from loadtui.session.effect import (
    ApplyChange,
    CutLoad,
    Effect,
    HoldLoad,
    Latch,
    LiftEntry,
    LiftEverything,
    Retarget,
    Unlatch,
)

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from loadtui.session.desk import Desk
    from loadtui.session.session import Options
    from loadtui.session.surroundings import Surroundings

POLL = 1.0
LIFT = 5.0
"""Seconds within which lifting must end."""


class Plant:
    """Workers, chaos control and surroundings of one session; lives in the session's loop."""

    def __init__(
        self,
        options: Options,
        surroundings: Surroundings | None,
        desk: Desk,
        publish: Callable[[], None],
    ) -> None:
        """Prepare; nothing runs before `start`."""
        self._options, self._surroundings = options, surroundings
        self._desk, self._publish = desk, publish
        self._control = Control(state_dir=options.state_dir, now=time.time)
        self._pool: Pool | None = None
        self._group: TaskGroup | None = None
        self._watched, self._pool_up = asyncio.Event(), asyncio.Event()
        self._stopped = False

    # -- start -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start watchdog, Toxiproxy, surroundings and workers; raises LoadtuiError with one clear
        line.
        """
        parts = self._desk.parts
        ready = asyncio.Event()
        async with anyio.create_task_group() as group:
            if self._surroundings is not None:
                group.start_soon(self._surroundings.start, self._progress, ready.wait())
            await self._start_chaos()
            ready.set()
            group.start_soon(self._start_workers)
        parts.clear()
        self._publish()

    def _progress(self, part: str, words: str) -> None:
        if words:
            self._desk.parts[part] = words
        else:
            self._desk.parts.pop(part, None)
        self._publish()

    async def _start_chaos(self) -> None:
        own = self._options.own_server
        explicit = self._options.toxiproxy or self._options.scenario.toxiproxy
        self._progress("toxiproxy", "starting…")
        await self._control.start(explicit, own=own)
        self._desk.chaos(
            server=self._control.server_words,
            restartable=self._control.restartable,
            leftovers=self._control.leftovers(),
        )
        self._watched.set()
        await self._poll_once()
        for proxy in self._wanted_proxies():
            key = (proxy.name, "")
            change = Change(proxy.name, "proxy", "", None, proxy)
            await self._apply(ApplyChange(key, change, None), quiet=True)
        await self._poll_once()
        self._progress("toxiproxy", "")

    def _wanted_proxies(self) -> tuple[Proxy, ...]:
        known = self._desk.state.chaos.view or {}
        return tuple(p for p in self._options.scenario.proxies if p.name not in known)

    async def _start_workers(self) -> None:
        options = self._options
        pool = Pool(
            workers=options.workers,
            scenario=options.scenario,
            seed=options.seed,
            log_dir=options.state_dir,
            stop_fd=self._control.worker_stop_fd,
            graceful=options.graceful,
        )
        self._pool = pool
        self._desk.wanted_workers = options.workers
        await pool.start()
        self._desk.workers = options.workers
        self._progress("workers", "")
        self._pool_up.set()
        self._retarget()

    # -- watch -------------------------------------------------------------------------------

    async def watch(self, group: TaskGroup) -> None:
        """Listen to workers, server and watchdog until cancelled."""
        self._group = group
        group.start_soon(self._watch_pool)
        group.start_soon(self._watch_server)
        group.start_soon(self._watch_watchdog)

    async def _watch_pool(self) -> None:
        await self._pool_up.wait()
        assert self._pool is not None  # noqa: S101 - it is up
        async for event in self._pool.events():
            match event:
                case Batch():
                    self._desk.batch(event)
                case Ack():
                    self._desk.acknowledged(event.worker, event.active, event.draining)
                    self._publish()
                case Said(text=text):
                    self._desk.tell(text)
                case Lost(worker=worker, why=why):
                    self._desk.worker_lost(worker, why)

    async def _watch_server(self) -> None:
        await self._watched.wait()
        while True:
            await anyio.sleep(POLL)
            await self._poll_once()

    async def _poll_once(self) -> None:
        answer = await self._control.poll()
        if isinstance(answer, PollFailure):
            self._desk.chaos(status=answer.state, message=answer.text)
        else:
            self._desk.saw_server(answer)
        self._desk.chaos(blocked=self._control.blocked)
        self._publish()

    async def _watch_watchdog(self) -> None:
        await self._watched.wait()
        async for event in self._control.events():
            match event:
                case PanicAsked(source=source):
                    self.perform(self._desk.command(c.Panic(source=source)))
                case Lifted(lifts=lifts):
                    self.perform(self._desk.lifted(lifts, "lifted by the watchdog"))
                case WatchdogDied():
                    self._desk.chaos(blocked=self._control.blocked)
                    self._desk.tell("the watchdog died: no new faults; q lifts what is on")
            self._publish()

    def heartbeat(self) -> None:
        """Tell the watchdog that this session lives."""
        if not self._stopped:
            self._control.heartbeat()

    # -- perform -----------------------------------------------------------------------------

    def command(self, command: c.AnyCommand) -> list[Effect]:
        """Let the desk decide; commands about the machinery itself begin here."""
        match command:
            case c.RestartServer():
                self._desk.command(command)
                self._spawn(self._restart())
                return []
            case c.LiftLeftovers():
                self._desk.command(command)
                self._spawn(self._lift_leftovers())
                return []
            case c.KeepLeftovers():
                self._desk.chaos(leftovers=())
                return self._desk.command(command)
            case _:
                return self._desk.command(command)

    def perform(self, effects: Sequence[Effect]) -> None:  # noqa: C901, PLR0912 - one case each
        """Begin everything that was decided; answers come back as facts."""
        for effect in effects:
            match effect:
                case Retarget():
                    self._retarget()
                case CutLoad():
                    if self._pool is not None:
                        self._pool.cut()
                case HoldLoad(on=on):
                    if self._pool is not None:
                        self._pool.hold(on)
                case ApplyChange():
                    self._spawn(self._apply(effect))
                case LiftEntry():
                    self._spawn(self._lift(effect))
                case LiftEverything():
                    self._spawn(self._lift_all())
                case Latch():
                    self._spawn(self._panic())
                case Unlatch():
                    self._spawn(self._unlatch())
                case _:
                    continue

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        if self._group is None or self._stopped:
            work.close()
            return
        self._group.start_soon(self._finished, work)

    async def _finished(self, work: Coroutine[Any, Any, object]) -> None:
        await work
        self._publish()

    def _retarget(self) -> None:
        if self._pool is not None and self._pool_up.is_set():
            self._pool.retarget(self._desk.state.load.target)

    async def _apply(self, effect: ApplyChange, *, quiet: bool = False) -> None:
        result = await self._control.apply(effect.change, effect.deadline)
        await self._poll_once()
        outside = self._desk.applied(effect, result.entry, result.error, quiet=quiet)
        self.perform(outside)

    async def _lift(self, effect: LiftEntry) -> None:
        lifts = await self._control.lift([effect.entry], timeout=LIFT)
        await self._poll_once()
        self.perform(self._desk.lifted(lifts, effect.why))

    async def _lift_all(self) -> list[Lift]:
        lifts = await self._control.lift_faults(timeout=LIFT)
        await self._poll_once()
        self.perform(self._desk.lifted(lifts))
        return lifts

    async def _panic(self) -> None:
        began = time.monotonic()
        if self._pool is not None:
            self._pool.retarget(0)
            self._pool.cut()
        lifts = await self._lift_all()
        self._desk.panicked(lifts, time.monotonic() - began)

    async def _unlatch(self) -> None:
        if self._pool is None or not self._pool_up.is_set():
            return
        self._control.drain_stop()
        await self._pool.respawn()
        self._desk.workers = self._options.workers
        self._retarget()

    async def _restart(self) -> None:
        self._desk.chaos(status="starting", message="replaying proxies and toxics…")
        self._publish()
        try:
            await self._control.restart_server()
        except LoadtuiError as error:
            self._desk.tell(f"restart failed: {error}")
        await self._poll_once()

    async def _lift_leftovers(self) -> None:
        self._desk.chaos(leftovers=())
        lifts = await self._control.lift_leftovers()
        failed = [lift for lift in lifts if lift.result == "failed"]
        done = f"{len(lifts) - len(failed)} of {len(lifts)} leftovers dealt with"
        self._desk.tell("; ".join([done, *(lift.text for lift in failed)]))

    # -- stop --------------------------------------------------------------------------------

    async def stop(self, hurried: Callable[[], bool]) -> list[Lift]:
        """Stop load, lift faults, end surroundings, verify; returns what was not lifted."""
        self._stopped = True
        if self._pool is not None:
            self._pool.retarget(0)
            self._pool.cut()
        lifts = await self._control.lift_faults(timeout=LIFT)
        self._desk.lifted(lifts)
        self._publish()
        if self._pool is not None:
            await self._stop_pool(self._pool, 0.2 if hurried() else 2.0)
        if self._surroundings is not None:
            await self._surroundings.stop()
        rest = await self._control.close(timeout=LIFT)
        failed = {lift.entry.id: lift for lift in (*lifts, *rest) if lift.result == "failed"}
        done = {lift.entry.id for lift in rest if lift.result != "failed"}
        return [lift for entry, lift in failed.items() if entry not in done]

    async def _stop_pool(self, pool: Pool, grace: float) -> None:
        async def last_words() -> None:
            async for event in pool.events():
                if isinstance(event, Batch):
                    self._desk.batch(event)

        async with anyio.create_task_group() as group:
            if self._pool_up.is_set():
                group.start_soon(last_words)
            await pool.stop(grace=grace)
            group.cancel_scope.cancel()
