"""The machinery a session runs: workers, Toxiproxy with its watchdog, and a demo system."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio

from loadtui.chaos.control import Control
from loadtui.chaos.frames import Lifted, PanicAsked, WatchdogDied
from loadtui.errors import SetupFailed
from loadtui.load.pool import Pool, PoolEvent
from loadtui.load.supervised import Back, GaveUp, Lost, Replaced, Silent
from loadtui.model import command as c
from loadtui.model.caution import cautions
from loadtui.model.frame import Ack, Said
from loadtui.model.ledger import Change, Lift
from loadtui.model.row import Batch
from loadtui.model.watch import Watched
from loadtui.session.acts import Acts
from loadtui.session.effect import ApplyChange, Effect, Mark
from loadtui.session.journal import redacted
from loadtui.session.proxies import check_proxies, other_proxies
from loadtui.session.sink import Sink
from loadtui.session.staff import Staff
from loadtui.session.teardown import TEARDOWN, TEARDOWN_CUT, torn_down
from loadtui.session.watcher import Watcher

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from loadtui.outputs.sink_frame import Written
    from loadtui.session.desk import Desk
    from loadtui.session.options import Options
    from loadtui.session.surroundings import Surroundings

POLL = 1.0
STOP = 2.0
"""Seconds that workers have to report for the last time."""
SAYINGS = 1000
"""Different sentences of workers that are told."""
PATIENCE, PATIENCE_CUT = 10.0, 1.5
"""Seconds that outputs have to write what is left, at the end of a run and of a cut one."""
PARTING, AGAIN = 2.0, 1.0
"""Seconds that lifting may take at the end, and a second try: somebody waits for the verdict, and
the watchdog goes on with what could not be lifted.
"""


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
        self._acts = Acts(self._control, desk, publish)
        self._pool: Pool | None = None
        self._watched, self._pool_up = asyncio.Event(), asyncio.Event()
        self._sink: Sink | None = None
        self.written: tuple[Written, ...] = ()
        """How each output of samples ended."""
        self.perform = self._acts.perform
        self.aborted = ""
        """Why a journey asked to end the run."""
        self.spoiled = ""
        """Why the run is none to judge, although it goes on."""
        self._told: set[str] = set()
        self.remarks: list[str] = []
        """What went wrong at the end."""

    @property
    def failed(self) -> str:
        """Why the load cannot begin, "" while it can."""
        return self._acts.failed

    # -- start -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start watchdog, Toxiproxy, surroundings and workers.

        Raises LoadtuiError with one clear line, possibly inside exception groups.
        """
        ready = asyncio.Event()
        async with anyio.create_task_group() as group:
            if self._surroundings is not None:
                group.start_soon(self._surroundings.start, self._progress, ready.wait())
            await self._start_chaos()
            ready.set()
            group.start_soon(self._start_workers)
        self._desk.parts.clear()
        self._desk.life.starting = False
        said: list[str] = []
        for what, detail in cautions(self._options.scenario):
            said.append(f"{what}: {detail}")  # only the last news is sure to be seen
            self._desk.tell("; ".join(said), Mark(kind="bad", what=what, detail=detail))
        self._publish()

    def _progress(self, part: str, words: str) -> None:
        if words:
            self._desk.parts[part] = words
        else:
            self._desk.parts.pop(part, None)
        self._publish()

    async def _start_chaos(self) -> None:
        explicit = self._options.toxiproxy or self._options.scenario.toxiproxy
        self._progress("toxiproxy", "starting…")
        await self._control.start(explicit, own=self._options.own_server)
        self._desk.chaos(
            server=self._control.server_words,
            url=self._control.url,
            restartable=self._control.restartable,
            leftovers=self._control.leftovers(),
        )
        self._watched.set()
        await self._acts.look()
        await self._make_proxies()
        if self._options.unattended:
            check_proxies(self._options.scenario.timed, self._desk.state.chaos.view or {})
        self._progress("toxiproxy", "")

    async def _make_proxies(self) -> None:
        known = self._desk.state.chaos.view or {}
        for proxy in (p for p in self._options.scenario.proxies if p.name not in known):
            change = Change(proxy.name, "proxy", "", None, proxy)
            wanted = ApplyChange((proxy.name, ""), change, None)
            if why := await self._acts.apply(wanted, quiet=True):
                raise SetupFailed(f"proxy {proxy.name} could not be made: {why}")
        if words := other_proxies(self._options.scenario.proxies, known):
            self._desk.tell(words)

    async def _start_workers(self) -> None:
        options = self._options
        self._pool = pool = Pool(
            workers=options.workers,
            scenario=options.scenario,
            seed=options.seed,
            log_dir=options.state_dir,
            stop_fd=self._control.worker_stop_fd,
            graceful=options.graceful,
        )
        if options.targets:
            self._sink = Sink(options.targets, options.scenario, options.state_dir, self._desk.tell)
            await self._sink.start()
            pool.sample(self._sink.path)
        self._desk.shift.staff = Staff(options.workers)
        await pool.start()
        self._desk.shift.fresh(time.monotonic(), options.workers)
        self._acts.pool = pool
        self._progress("workers", "")
        self._pool_up.set()
        self.perform((self._desk.state.load.order(),))

    # -- watch -------------------------------------------------------------------------------

    async def watch(self, group: TaskGroup) -> None:
        """Listen to workers, server and watchdog until cancelled."""
        self._acts.group = group
        group.start_soon(self._watch_pool)
        group.start_soon(self._watch_server)
        group.start_soon(self._watch_watchdog)
        if watches := self._options.scenario.watch:
            group.start_soon(Watcher(watches).run, self._looked)

    async def _watch_pool(self) -> None:
        await self._pool_up.wait()
        assert self._pool is not None  # noqa: S101 - it is up
        async for event in self._pool.events():
            self._heard(event)
            if not isinstance(event, Batch | Said) and self._pool.is_plan_over:
                self.perform(self._desk.plan_over())
                self._publish()

    def _looked(self, seen: tuple[Watched, ...]) -> None:
        """The watched processes, as just looked at."""
        for mark in self._desk.watching.take(seen, time.monotonic()):
            self._desk.tell(f"{mark.what}: {mark.detail}", mark)
        if self._sink is not None:
            self._sink.watched(seen)

    def _heard(self, event: PoolEvent) -> None:
        match event:
            case Batch():
                self._desk.batch(event)
            case Ack():
                self._desk.acknowledged(event.worker, event.active, event.draining)
                self._publish()
            case Said():
                self._said(event)
            case Lost() | Replaced() | GaveUp() | Silent() | Back():
                self._desk.worker(event)

    def _said(self, said: Said) -> None:
        text = redacted(said.text, self._desk.scenario.secrets)
        self.aborted = self.aborted or (text if said.aborts else "")
        self.spoiled = self.spoiled or (text if said.spoils else "")
        if text not in self._told and len(self._told) < SAYINGS:  # each worker says it
            self._told.add(text)
            self._desk.tell(f"the journey aborts the run: {text}" if said.aborts else text)
            self._publish()  # the next one may come at once

    async def _watch_server(self) -> None:
        await self._watched.wait()
        while True:
            await anyio.sleep(POLL)
            await self._acts.look()

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
        """Tell the watchdog that this session lives, and the sink how many VUs do."""
        if self._watched.is_set():
            self._control.heartbeat()
        if self._sink is not None:
            crews = self._desk.store.crews
            self._sink.level(crews.active, crews.vus_max)

    def command(self, command: c.AnyCommand) -> list[Effect]:
        """Let the desk decide; commands about the machinery itself begin here."""
        if isinstance(command, c.Paste):
            if self._acts.has_room():
                self._acts.spawn(self._acts.paste(command.text))
            return []
        outside = self._desk.command(command)
        match command:
            case c.RestartServer():
                self._acts.spawn(self._acts.restart_server())
            case c.LiftLeftovers():
                self._acts.spawn(self._acts.lift_leftovers())
            case c.KeepLeftovers():
                self._desk.chaos(leftovers=())
            case _:
                pass
        return outside

    # -- stop --------------------------------------------------------------------------------

    async def stop(self, hurried: Callable[[], bool], *, whole: bool) -> list[Lift]:
        """Stop load, lift faults, end surroundings, verify; returns what was not lifted or left.

        `whole`: the run came to its end, so that teardown and outputs may take their time.
        """
        self._acts.group = None
        pool, patience = self._pool, PATIENCE if whole else PATIENCE_CUT
        if pool is not None:
            pool.retarget(0)
            pool.cut()
        lifts = await self._control.lift_faults(timeout=PARTING)
        self._desk.lifted(lifts)
        self._publish()
        if pool is not None:
            await self._stop_pool(pool, hurried, TEARDOWN if whole else TEARDOWN_CUT)
        if self._sink is not None:
            self.written = await self._sink.end(patience, hurried)
        if self._surroundings is not None:
            await self._surroundings.stop()
        rest = await self._control.close(timeout=AGAIN)
        last = {lift.entry.id: lift for lift in (*lifts, *rest)}
        return [lift for lift in last.values() if lift.result != "done"]

    async def _stop_pool(self, pool: Pool, hurried: Callable[[], bool], seconds: float) -> None:
        async def last_words() -> None:
            async for event in pool.events():
                if isinstance(event, Batch | Said):
                    self._heard(event)

        async with anyio.create_task_group() as group:
            if self._pool_up.is_set():
                group.start_soon(last_words)
                if self._desk.state.load.setup == "done":
                    self._remark(await torn_down(pool, hurried, seconds, self._publish))
            await pool.stop(grace=0.2 if hurried() else STOP)
            group.cancel_scope.cancel()

    def _remark(self, why: str) -> None:
        if why:
            self.remarks.append(redacted(why, self._desk.scenario.secrets))
            self.spoiled = self.spoiled or self.remarks[-1]
