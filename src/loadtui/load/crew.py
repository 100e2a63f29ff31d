"""A worker at work: VUs, their connections and measurements; obeys commands and reports."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterable
from random import Random

import anyio

from loadtui.load.clients import new_clients
from loadtui.load.dialer import Dialer
from loadtui.load.limits import limits
from loadtui.load.outbox import Outbox
from loadtui.load.plan import split
from loadtui.load.prepared import PreparedRequest
from loadtui.load.reporter import Reporter
from loadtui.load.values import Sources, Values
from loadtui.load.vu import Shared, Vu
from loadtui.load.vus import NewVu, Vus
from loadtui.measure.recorder import Recorder
from loadtui.model.frame import (
    Ack,
    ClockAsk,
    ClockTell,
    Cut,
    Hello,
    Hold,
    Retarget,
    Said,
    Setup,
    ToWorker,
)
from loadtui.model.scenario import Scenario

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
        self._worker, self._graceful, self._outbox = setup.worker, setup.graceful, outbox
        self._sayings: set[str] = set()
        self._seq = 0
        self._dialer = Dialer(
            asyncio.get_running_loop(),
            tls=scenario.tls,
            allow=scenario.guard.allow,
            connect_timeout=scenario.connect_timeout,
        )
        clock, recorder, dice = self._dialer.clock, Recorder(say=self._say), _dice(setup)
        requests = tuple(PreparedRequest(each, _tags(scenario)) for each in scenario.requests)
        shared = Shared(requests, scenario.redirects, recorder, dice, clock, self._say)
        shared.left = _iterations(setup)
        self._vus = Vus(shared, _new_vu(setup, shared, self._dialer), self._acknowledge)
        self._recorder, self._clock = recorder, clock
        self._reporter = Reporter(setup.worker, recorder, clock, time.process_time, limits())

    async def work(self, commands: AsyncIterable[ToWorker]) -> None:
        """Obey until there are no more commands, or until cancelled; then finish."""
        self._outbox.put(Hello(self._worker, os.getpid()))
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._tick)
                group.start_soon(self._report)
                group.start_soon(self._vus.watch)
                async for command in commands:
                    self._hear(command)
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._finish()

    # -- commands ----------------------------------------------------------------------------

    def _hear(self, message: ToWorker) -> None:
        match message:
            case Setup():
                return  # there is only one scenario in a worker's life
            case ClockAsk(sent=sent):
                self._outbox.put(ClockTell(self._worker, sent, self._clock()))
            case _:
                self._seq = message.seq
                self._obey(message)
                self._acknowledge()

    def _obey(self, command: Retarget | Cut | Hold) -> None:
        match command:
            case Retarget(target=target):
                self._vus.retarget(target)
            case Cut():
                self._vus.cut()
            case Hold(on=on):
                self._vus.hold(on=on)

    def _acknowledge(self) -> None:
        """Tell the counts now; called again when what the last command takes is complete."""
        vus = self._vus
        self._outbox.put(Ack(self._worker, self._seq, vus.active, vus.draining))

    def _say(self, text: str) -> None:
        if text not in self._sayings and len(self._sayings) < SAYINGS:
            self._sayings.add(text)
            self._outbox.put(Said(self._worker, text))

    # -- reports -----------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            expected = self._clock() + TICK
            await anyio.sleep(TICK)
            self._reporter.late(self._clock() - expected)
            self._vus.cut_overdue(self._graceful)

    async def _report(self) -> None:
        while True:
            await anyio.sleep(REPORT)
            is_due = self._reporter.is_due(self._vus.active, self._vus.draining)
            # While the pipe takes nothing, everything goes on being added up in the recorder.
            if is_due and self._outbox.is_clear:
                self._send_batch()

    async def _finish(self) -> None:
        """Cut what is in flight, report once more, and wait for the pipe, but not for long."""
        await self._vus.end()
        self._send_batch(last=True)
        await self._outbox.flush(LAST_WORDS)

    def _send_batch(self, *, last: bool = False) -> None:
        vus, connections = self._vus, self._dialer.open_connections
        self._outbox.put(self._reporter.batch(vus.active, vus.draining, connections), last=last)


def _iterations(setup: Setup) -> int | None:
    """This worker's share of the plan's iterations; workers that will run no VU get none."""
    plan = setup.scenario.load
    if plan is None or plan.iterations is None:
        return None
    crews = min(setup.workers, max(1, plan.vus))
    return split(plan.iterations, crews)[setup.worker] if setup.worker < crews else 0


def _tags(scenario: Scenario) -> dict[str, str]:
    """Tags of every request; k6 calls the one unnamed executor so."""
    return {"scenario": "default", **scenario.tags}


def _dice(setup: Setup) -> Random:
    """Dice of the session's seed, other ones in each worker."""
    return Random(f"{setup.seed} {setup.worker}")


def _new_vu(setup: Setup, shared: Shared, dialer: Dialer) -> NewVu:
    sources = Sources(shared.dice, Random(), time.time)
    new_client = new_clients(setup.scenario, dialer)

    def new_vu(slot: int) -> Vu:
        number = setup.worker + 1 + slot * setup.workers
        return Vu(shared, new_client(), Values(number, sources))

    return new_vu
