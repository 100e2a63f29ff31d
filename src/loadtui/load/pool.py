"""All workers of a session: one target for them together, one stream of what they report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec

from loadtui.errors import SetupFailed
from loadtui.load.errands import Errands
from loadtui.load.link import Event, Link
from loadtui.load.owed import Owed
from loadtui.load.plan import Share
from loadtui.load.reports import LAST_EVENTS, Reports
from loadtui.load.standing import Hand, Plan, Standing
from loadtui.load.supervised import Back, GaveUp, Lost, Replaced, Silent
from loadtui.load.supervision import unsettled
from loadtui.load.supervisor import Supervisor
from loadtui.load.throttle import parts
from loadtui.load.tickets import close, opened
from loadtui.model.frame import Cut, Hold, Limit, RanOnce, Reshare, Setup, ToWorker
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario

START = 10.0
"""Seconds within which every worker must be up."""
DICE = 1_000_003
"""What is added to the seed for each fresh worker: a lost one's dice are not thrown again."""
FRESH = 2.0
"""Seconds old workers have to end when fresh ones are asked for."""

PoolEvent = Event | Lost | Replaced | GaveUp | Silent | Back


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
        self.errands = Errands(lambda: self.alive)
        self._setup = Setup(scenario, 0, workers, seed, graceful, given=self.errands.given)
        self._log_dir, self._stop_fd = log_dir, stop_fd
        self._links: list[Link] = []
        self._hearers: list[asyncio.Task[None]] = []
        self._reports: Reports[PoolEvent] = Reports()
        self._seq = 0
        self._standing = Standing()
        self._owed = Owed(scenario.scenarios)
        self._supervisor, self._one_by_one = Supervisor(self), asyncio.Lock()

    # -- facts -------------------------------------------------------------------------------

    @property
    def active(self) -> int:
        """VUs that run, as the workers last reported."""
        return sum(link.active for link in self.alive)

    @property
    def draining(self) -> int:
        """VUs on their way out, as the workers last reported."""
        return sum(link.draining for link in self.alive)

    @property
    def is_plan_over(self) -> bool:
        """Whether every worker has followed the plan to its end, and runs nothing any more."""
        alive = self.alive
        is_whole = bool(alive) and not self._supervisor.is_replacing
        return is_whole and all(link.is_plan_over for link in alive)

    @property
    def scenario(self) -> Scenario:
        """What the workers run."""
        return self._setup.scenario

    @property
    def alive(self) -> list[Link]:
        """Workers that can be told something, by their index."""
        return [link for link in self._links if link.is_up and link.is_alive]

    # -- life --------------------------------------------------------------------------------

    def sample(self, path: str) -> None:
        """Have workers that start from now on send every sample to the socket at `path`."""
        self._setup = msgspec.structs.replace(self._setup, samples=path)

    async def start(self) -> None:
        """Start all workers; raises SetupFailed, with none left behind, unless all come up."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        tickets = self._setup.tickets or opened(self._setup.scenario.data)
        self._setup = msgspec.structs.replace(self._setup, tickets=tickets)
        try:
            async with asyncio.timeout(START):
                for index in range(self._setup.workers):
                    self._take(await self._spawn(index))
                await asyncio.gather(*(self._greet(link) for link in self._links))
        except TimeoutError:
            await self._end(grace=0.0)
            hint = f"see worker-*.log in {self._log_dir}"
            raise SetupFailed(f"the workers are not up after {START:g} s", hint=hint) from None
        except SetupFailed:
            await self._end(grace=0.0)
            raise
        self._supervisor.start()
        self._deal_limit()

    async def respawn(self, scenario: Scenario | None = None) -> None:
        """Replace every worker by a fresh one that runs nothing yet; `scenario`: another one."""
        await self._end(grace=FRESH)
        if scenario is not None:
            self._setup = msgspec.structs.replace(self._setup, scenario=scenario)
        self._owed = Owed(self._setup.scenario.scenarios)
        self._standing = Standing(held_since=self._standing.held_since)
        await self.start()
        if self._standing.is_held:
            self.hold(True)

    async def stop(self, *, grace: float) -> None:
        """Let all workers end and report once more; kill by pid what is left after `grace` seconds.

        Returns when no process is left and whoever iterates over `events` has had everything.
        """
        await self._end(grace=grace)
        close(self._setup.tickets)
        await self._reports.end()

    async def _spawn(self, index: int) -> Link:
        log = self._log_dir / f"worker-{index}.log"
        return await Link.spawn(index, log, self._stop_fd, self._setup.tickets.values())

    def _take(self, link: Link) -> None:
        """Hear a process from now on, in the place of the lost one if there was one."""
        others = [other for other in self._links if other.index != link.index]
        self._links = sorted((*others, link), key=lambda each: each.index)
        self._hearers.append(asyncio.create_task(self._hear(link)))

    async def _greet(self, link: Link) -> None:
        await link.greet(msgspec.structs.replace(self._setup, worker=link.index))
        link.is_up = True

    async def _hear(self, link: Link) -> None:
        async for event in link.events():
            if isinstance(event, Batch) and self._standing.follows:
                self._owed.ran(link.index, event.iterations)
            self._deal_limit()
            if isinstance(event, RanOnce):
                self.errands.heard(event)
            else:
                await self._reports.put(event)
        self.errands.lost(link)
        why = await link.ended()
        if link.is_up and not link.is_ending:
            await self._supervisor.lose(link, why)

    async def _end(self, *, grace: float) -> None:
        await self._supervisor.end()
        links, self._links = self._links, []
        hearers, self._hearers = self._hearers, []
        for link in links:
            link.release()
        self._reports.give_way()
        await asyncio.gather(*(link.ended(grace) for link in links))
        if hearers:
            _, late = await asyncio.wait(hearers, timeout=LAST_EVENTS)
            for hearer in late:
                hearer.cancel()

    # -- what the supervisor needs -------------------------------------------------------------

    async def report(self, event: PoolEvent) -> None:
        """Tell whoever listens."""
        await self._reports.put(event)

    async def fresh(self, index: int, generation: int) -> None:
        """Start a worker in a lost one's place; raises SetupFailed or OSError."""
        async with self._one_by_one:
            link = await self._spawn(index)
            self._take(link)
            setup, share = self._setup_anew(index, generation)
            try:
                async with asyncio.timeout(START):
                    await link.greet(setup)
                    elapsed = self._standing.elapsed(time.monotonic())
                    await asyncio.sleep(unsettled(self._setup.scenario.scenarios, elapsed))
                self._join(link, share)
            except TimeoutError:
                raise SetupFailed(f"worker {index} is not up after {START:g} s") from None
            finally:
                if not link.is_up:
                    link.give_up("did not start")

    def _join(self, link: Link, share: Share) -> None:
        # What it was told to owe was meant for that share.
        if not link.is_alive or self._share_of(link.index) != share:
            raise SetupFailed(f"worker {link.index}: it, or another one, was lost meanwhile")
        link.is_up = True
        self.rebalance()
        if self._standing.is_held:
            self._tell(lambda _, seq: Hold(seq, on=True), link)
        self._drive(link)

    def _share_of(self, index: int) -> Share:
        """The share of a worker among those that are alive, itself among them."""
        places = sorted({index, *(link.index for link in self.alive)})
        return Share(places.index(index), len(places))

    def rebalance(self) -> None:
        """Share everything among the workers that are alive."""
        alive = self.alive
        places = {link.index: place for place, link in enumerate(alive)}
        self._tell(lambda link, seq: Reshare(seq, places[link.index], len(alive)))
        self._deal_limit()

    def _deal_limit(self) -> None:
        """Share the limit of requests, if there is one, anew: by the VUs that each worker has."""
        alive, limit = self.alive, self._setup.scenario.rps
        vus = [max(link.allocated, link.active + link.draining) for link in alive]
        for link, rate in zip(alive, parts(limit, vus), strict=True) if limit and alive else ():
            if rate != link.limit:
                link.limit = rate
                link.send(Limit(rate))

    def owed(self, index: int) -> int:
        """Counted iterations that a worker had still to run."""
        return self._owed.left(index)

    def _setup_anew(self, index: int, generation: int) -> tuple[Setup, Share]:
        """Other dice than the lost one's, and no iteration that one has run."""
        share, elapsed = self._share_of(index), self._standing.elapsed(time.monotonic())
        setup = msgspec.structs.replace(
            self._setup,
            worker=index,
            seed=self._setup.seed + generation * DICE,
            scenario=self._owed.scenario(self._setup.scenario, index, share, elapsed),
        )
        return setup, share

    # -- commands and reports ----------------------------------------------------------------

    def follow(self, at: float) -> int:
        """Follow the plan that began at that moment of the session's clock, pauses taken off.

        This one and the next four return the number that acknowledgements will carry.
        """
        self._owed.deal(link.index for link in self.alive)
        self._standing = self._standing.driven(Plan(at), time.monotonic())
        return self._drive()

    def retarget(self, target: int) -> int:
        """By hand: run so many VUs altogether."""
        self._standing = self._standing.driven(Hand(target), time.monotonic())
        return self._drive()

    def set_rate(self, rate: float) -> int:
        """By hand: start so many iterations a second altogether, from now on."""
        self._standing = self._standing.at_rate(rate, time.monotonic())
        return self._drive()

    def cut(self) -> int:
        """Hard stop of every VU that drains."""
        return self._tell(lambda _, seq: Cut(seq))

    def hold(self, on: bool) -> int:  # noqa: FBT001 - it has one meaning
        """Pause or resume."""
        self._standing = self._standing.held(time.monotonic(), on=on)
        return self._tell(lambda _, seq: Hold(seq, on))

    def _drive(self, only: Link | None = None) -> int:
        """Tell all workers, or only one, who drives."""
        standing, now = self._standing, time.monotonic()
        return self._tell(lambda link, seq: standing.order(seq, link.offset, now), only)

    def _tell(
        self, command: Callable[[Link, int], ToWorker | None], only: Link | None = None
    ) -> int:
        self._seq += 1
        for link in self.alive if only is None else (only,):
            if (order := command(link, self._seq)) is not None:
                link.send(order)
        return self._seq

    def events(self) -> AsyncIterator[PoolEvent]:
        """What workers report, in the session's clock, until `stop` is done; each event once."""
        return self._reports.events()
