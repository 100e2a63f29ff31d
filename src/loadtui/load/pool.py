"""All workers of a session: one target for them together, one stream of what they report."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec

from loadtui.errors import SetupFailed
from loadtui.load.arrivals import Flow
from loadtui.load.link import Event, Link
from loadtui.model.frame import (
    Cut,
    Follow,
    Hold,
    Reshare,
    Retarget,
    SetRate,
    Setup,
    ToWorker,
)
from loadtui.model.scenario import Scenario

START = 10.0
"""Seconds within which every worker must be up."""
EVENTS = 1000
"""Events that wait for the session; with more, workers keep their rows to themselves."""
LAST_EVENTS = 0.5
"""Seconds that the session has, at the end, to take what was still reported."""
FRESH = 2.0
"""Seconds old workers have to end when fresh ones are asked for."""


class Lost(msgspec.Struct, frozen=True):
    """A worker ended without having been told to; its VUs are gone."""

    worker: int
    why: str


PoolEvent = Event | Lost


class Pool:
    """Drives workers; belongs to one asyncio loop.

    Everything is shared by the workers that are alive: what a lost one ran, the others take over.
    `seed`: of the dice. `log_dir`: where worker-N.log goes. `stop_fd`: the watchdog's stop
    line, inherited by every worker. `graceful`: seconds a draining VU has before it is cut.
    """

    def __init__(
        self,
        *,
        workers: int,
        scenario: Scenario,
        seed: int,
        log_dir: Path,
        stop_fd: int | None,
        graceful: float = 30.0,
    ) -> None:
        """Nothing is started yet."""
        self._setup = Setup(scenario, 0, workers, seed, graceful)
        self._log_dir, self._stop_fd = log_dir, stop_fd
        self._links: list[Link] = []
        self._hearers: list[asyncio.Task[None]] = []
        self._events: asyncio.Queue[PoolEvent | None] = asyncio.Queue(EVENTS)
        self._listeners = 0
        self._all_heard = asyncio.Event()
        self._seq = 0
        self._is_over = False
        self._flow: Flow | None = None
        self._held_since: float | None = None

    # -- facts -------------------------------------------------------------------------------

    @property
    def active(self) -> int:
        """VUs that run, as the workers last reported."""
        return sum(link.active for link in self._alive)

    @property
    def draining(self) -> int:
        """VUs on their way out, as the workers last reported."""
        return sum(link.draining for link in self._alive)

    @property
    def is_plan_over(self) -> bool:
        """Whether every worker has followed the plan to its end, and runs nothing any more."""
        alive = self._alive
        return bool(alive) and all(link.is_plan_over for link in alive)

    @property
    def _alive(self) -> list[Link]:
        return [link for link in self._links if link.is_alive]

    # -- life --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start all workers; raises SetupFailed, with none left behind, unless all come up."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        try:
            async with asyncio.timeout(START):
                for index in range(self._setup.workers):
                    self._links.append(await self._spawn(index))
                await asyncio.gather(*(self._greet(link) for link in self._links))
        except TimeoutError:
            await self._end(grace=0.0)
            hint = f"see worker-*.log in {self._log_dir}"
            raise SetupFailed(f"the workers are not up after {START:g} s", hint=hint) from None
        except SetupFailed:
            await self._end(grace=0.0)
            raise

    async def respawn(self) -> None:
        """Replace every worker, alive or not, by a fresh one that runs nothing yet."""
        await self._end(grace=FRESH)
        await self.start()
        if self._held_since is not None:
            self.hold(True)

    async def stop(self, *, grace: float) -> None:
        """Let all workers end and report once more; kill by pid what is left after `grace` seconds.

        Returns when no process is left and whoever iterates over `events` has had everything.
        """
        await self._end(grace=grace)
        self._is_over = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_EVENTS):
                await self._let_listeners_finish()

    async def _spawn(self, index: int) -> Link:
        log = self._log_dir / f"worker-{index}.log"
        link = await Link.spawn(index, log, self._stop_fd)
        self._hearers.append(asyncio.create_task(self._hear(link)))
        return link

    async def _greet(self, link: Link) -> None:
        await link.greet(msgspec.structs.replace(self._setup, worker=link.index))
        link.is_up = True

    async def _hear(self, link: Link) -> None:
        async for event in link.events():
            await self._events.put(event)
        why = await link.ended()
        if link.is_up and not link.is_ending:
            self._rebalance()
            await self._events.put(Lost(link.index, why))

    async def _end(self, *, grace: float) -> None:
        links, self._links = self._links, []
        hearers, self._hearers = self._hearers, []
        for link in links:
            link.release()
        if self._events.full() and not self._listeners:
            _empty(self._events)  # nobody will, and what fills the pipes would hold up their ends
        await asyncio.gather(*(link.ended(grace) for link in links))
        if hearers:
            _, late = await asyncio.wait(hearers, timeout=LAST_EVENTS)
            for hearer in late:
                hearer.cancel()

    async def _let_listeners_finish(self) -> None:
        for _ in range(self._listeners):
            await self._events.put(None)
        if self._listeners:
            await self._all_heard.wait()

    # -- commands and reports ----------------------------------------------------------------

    def follow(self, at: float) -> int:
        """Follow the plan that began at that moment of the session's clock, pauses taken off.

        This one and the next four return the number that acknowledgements will carry.
        """
        self._flow = None
        return self._tell(lambda link, seq: Follow(seq, at - link.offset))

    def retarget(self, target: int) -> int:
        """By hand: run so many VUs altogether."""
        self._flow = None
        return self._tell(lambda _, seq: Retarget(seq, target))

    def set_rate(self, rate: float) -> int:
        """By hand: start so many iterations a second altogether, from now on."""
        now = time.monotonic()
        # What was due so far stands; while load is held, nothing becomes due.
        until = now if self._held_since is None else self._held_since
        area = self._flow.area_at(until) if self._flow is not None else 0.0
        self._flow = Flow(now, rate, area)
        if self._held_since is not None:
            self._held_since = now
        return self._tell(lambda link, seq: SetRate(seq, now - link.offset, rate, area))

    def cut(self) -> int:
        """Hard stop of every VU that drains."""
        return self._tell(lambda _, seq: Cut(seq))

    def hold(self, on: bool) -> int:  # noqa: FBT001 - it has one meaning
        """Pause or resume."""
        now, since = time.monotonic(), self._held_since
        if self._flow is not None and since is not None and not on:
            self._flow = msgspec.structs.replace(self._flow, at=self._flow.at + now - since)
        self._held_since = (since or now) if on else None
        return self._tell(lambda _, seq: Hold(seq, on))

    def _rebalance(self) -> None:
        """Share everything among the workers that are left."""
        alive = self._alive
        places = {link.index: place for place, link in enumerate(alive)}
        self._tell(lambda link, seq: Reshare(seq, places[link.index], len(alive)))

    def _tell(self, command: Callable[[Link, int], ToWorker]) -> int:
        self._seq += 1
        for link in self._alive:
            link.send(command(link, self._seq))
        return self._seq

    async def events(self) -> AsyncIterator[PoolEvent]:
        """What workers report, in the session's clock, until `stop` is done; each event once."""
        self._listeners += 1
        self._all_heard.clear()
        try:
            while not (self._is_over and self._events.empty()):
                if (event := await self._events.get()) is None:
                    return
                yield event
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._all_heard.set()


def _empty(queue: asyncio.Queue[PoolEvent | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
