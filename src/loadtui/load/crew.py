"""A worker at work: VUs, their connections and measurements; obeys commands and reports."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterable

import anyio
from anyio.abc import TaskGroup

from loadtui.load.arrivals import Flow
from loadtui.load.blocked import BlockWatch
from loadtui.load.dialer import Dialer
from loadtui.load.limits import limits
from loadtui.load.lineup import Tell, Wire, lineup
from loadtui.load.once import Once
from loadtui.load.outbox import Outbox
from loadtui.load.plan import Share
from loadtui.load.prepared_journey import folders_of
from loadtui.load.reporter import Reporter
from loadtui.load.runners import Runners
from loadtui.load.sampler import Sampler
from loadtui.load.throttle import Throttle
from loadtui.measure.recorder import Recorder
from loadtui.measure.sampling import SamplingRecorder, Tap
from loadtui.model.frame import (
    Ack,
    ClockAsk,
    ClockTell,
    Cut,
    Follow,
    Hello,
    Hold,
    Limit,
    Order,
    Reshare,
    Retarget,
    RunOnce,
    Said,
    SetRate,
    Setup,
    SetupData,
    ToWorker,
)

REPORT = 0.25
"""Seconds between two batches."""
TICK = 0.1
"""Seconds between two looks at the loop's own lag and at VUs that drain for too long."""
LAST_WORDS = 0.5
"""Seconds that the last batch may take to leave."""
SAYINGS = 100
"""Different sentences a worker tells the operator at most."""


class Crew:
    """Everything that exists in a worker once the scenario is known."""

    def __init__(self, setup: Setup, outbox: Outbox) -> None:
        """Make ready, inside the loop; raises ValueError or BadInput for what cannot be run."""
        scenario = setup.scenario
        self._worker, self._outbox = setup.worker, outbox
        self._sayings: set[str] = set()
        self._seq = 0
        self._dialer = Dialer(
            asyncio.get_running_loop(),
            tls=scenario.tls,
            allow=scenario.guard.allow,
            connect_timeout=scenario.connect_timeout,
        )
        clock = self._dialer.clock
        self._sampler: Sampler | None = None
        recorder = self._recorder_of(setup.samples)
        self._throttle = Throttle(clock) if scenario.rps else None
        wire = Wire(self._dialer, self._throttle)
        tell = Tell(self._say, self._abort, self._spoil)
        self._runners = Runners(
            tuple(lineup(setup, recorder, wire, tell, self._acknowledge)),
            Share(setup.worker, setup.workers),
        )
        self._recorder, self._clock = recorder, clock
        self._given = setup.given
        self._once = Once(setup, recorder, self._dialer, tell)
        self._group: TaskGroup | None = None
        self._reporter = Reporter(setup.worker, recorder, clock, time.process_time, limits())
        self._watch: BlockWatch | None = None
        if folders := folders_of(scenario):
            self._watch = BlockWatch(folders, clock, self._say, self._say_apart)

    def _recorder_of(self, samples: str) -> Recorder:
        """A plain one costs nothing for outputs that nobody asked for."""
        if not samples:
            return Recorder(say=self._say)
        tap = Tap(self._dialer.clock)
        self._sampler = Sampler(samples, tap, self._say)
        return SamplingRecorder(tap, say=self._say)

    async def work(self, commands: AsyncIterable[ToWorker]) -> None:
        """Obey until there are no more commands, or until cancelled; then finish."""
        self._outbox.put(Hello(self._worker, os.getpid()))
        if self._watch is not None:
            self._watch.start()
        try:
            async with anyio.create_task_group() as group:
                self._group = group
                group.start_soon(self._tick)
                group.start_soon(self._report)
                if self._sampler is not None:
                    group.start_soon(self._sampler.run)
                for runner in self._runners.all:
                    group.start_soon(runner.team.vus.watch)
                async for command in commands:
                    self._hear(command)
                group.cancel_scope.cancel()
        finally:
            if self._watch is not None:
                self._watch.stop()
            with anyio.CancelScope(shield=True):
                await self._finish()

    # -- commands ----------------------------------------------------------------------------

    def _hear(self, message: ToWorker) -> None:
        match message:
            case Setup():
                return  # there is only one scenario in a worker's life
            case SetupData(given=given):
                self._given.update(given)
            case RunOnce():
                if self._group is not None:
                    self._group.start_soon(self._run_once, message)
            case ClockAsk(sent=sent):
                self._outbox.put(ClockTell(self._worker, sent, self._clock()))
            case Limit(rate=rate):
                if self._throttle is not None:
                    self._throttle.limit(rate)
            case _:
                self._seq = message.seq
                self._obey(message)
                self._acknowledge()

    async def _run_once(self, order: RunOnce) -> None:
        self._outbox.put(await self._once.run(order))

    def _obey(self, command: Order) -> None:
        runners = self._runners
        match command:
            case Retarget(target=target):
                runners.hand_vus(target)
            case SetRate(at=at, rate=rate, area=area):
                runners.hand_rate(Flow(at, rate, area))
            case Follow(at=at):
                runners.follow(at)
            case Reshare(index=index, workers=workers):
                runners.reshare(Share(index, workers))
            case Cut():
                runners.cut()
            case Hold(on=on):
                runners.hold(on=on)
                if self._throttle is not None:
                    self._throttle.hold(on=on)

    def _acknowledge(self) -> None:
        """Tell the counts now; called again when what the last command takes is complete."""
        all_ = self._runners
        ack = Ack(self._worker, self._seq, all_.active, all_.draining, is_over=all_.is_over)
        self._outbox.put(ack)

    def _say(self, text: str) -> None:
        if text not in self._sayings and len(self._sayings) < SAYINGS:
            self._sayings.add(text)
            self._outbox.put(Said(self._worker, text))

    def _abort(self, text: str) -> None:
        self._outbox.put(Said(self._worker, text, aborts=True))

    def _spoil(self, text: str) -> None:
        if text not in self._sayings:
            self._sayings.add(text)
            self._outbox.put(Said(self._worker, text, spoils=True))

    def _say_apart(self, text: str) -> None:
        """From another thread, while the loop stands still."""
        if not self._outbox.put_apart(Said(self._worker, text)):
            sys.stderr.write(f"{text}\n")

    # -- reports -----------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            expected = self._clock() + TICK
            await anyio.sleep(TICK)
            self._reporter.late(self._clock() - expected)
            self._runners.cut_overdue()

    async def _report(self) -> None:
        while True:
            await anyio.sleep(REPORT)
            is_due = self._reporter.is_due(self._runners.active, self._runners.draining)
            # While the pipe takes nothing, everything goes on being added up in the recorder.
            if is_due and self._outbox.is_clear:
                self._send_batch()

    async def _finish(self) -> None:
        """Cut what is in flight, report once more, and wait for the pipe, but not for long."""
        await self._runners.end()
        if self._throttle is not None:
            self._throttle.close()
        self._send_batch(last=True)
        await self._outbox.flush(LAST_WORDS)
        if self._sampler is not None:
            await self._sampler.finish()

    def _send_batch(self, *, last: bool = False) -> None:
        all_, connections = self._runners, self._dialer.open_connections
        batch = self._reporter.batch(all_.active, all_.draining, connections, all_.allocated)
        self._outbox.put(batch, last=last)
