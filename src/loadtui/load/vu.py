"""One virtual user: iteration after iteration over the scenario's requests, measured."""

from __future__ import annotations

import asyncio
from typing import Literal

from loadtui.load.deck import Deck
from loadtui.load.exchange import Exchange
from loadtui.load.head import Call
from loadtui.load.prepared import PreparedRequest
from loadtui.load.redirect import next_call
from loadtui.load.sender import NotSent, Sender
from loadtui.load.shared import Shared
from loadtui.load.values import Values
from loadtui.measure.recorder import Series
from loadtui.model.request import Think

SCANT = 0.1
"""Seconds from one iteration that has no row to the VU's next."""

Ended = Literal["whole", "failed", "cut"]
"""How an iteration ended: to its end, before it, or half done because a hold became a drain."""


class Vu:
    """A virtual user of one entry; `run` is its life, cancelling that is the hard stop.

    Where iterations are handed over when they are due, it begins one for each that it is given;
    else one after the other, or in the entry's pacing.
    Draining lets the iteration end first, save for a think time that nothing follows. While load is
    held the request in flight ends and no other begins; one that is drained then leaves at once,
    and an iteration that it leaves half done counts as cut. Think time also follows a request whose
    answer lacks a value to save, so that a system in trouble does not meet a storm.
    """

    __slots__ = (
        "_begun",
        "_client",
        "_draining",
        "_due",
        "_held",
        "_is_cut",
        "_lacking",
        "_late",
        "_next",
        "_paused",
        "_shared",
        "_values",
        "_waiter",
        "_waits",
    )

    def __init__(self, shared: Shared, client: Sender, values: Values) -> None:
        """Ready to run."""
        self._shared, self._client, self._values = shared, client, values
        self._draining = self._held = self._waits = self._is_cut = False
        self._begun = 0
        self._lacking: Deck | None = None
        self._due: float | None = None
        self._late: float | None = None
        self._next: float | None = None
        self._paused = 0.0
        self._waiter: asyncio.Future[None] | None = None

    # -- orders ------------------------------------------------------------------------------

    def drain(self) -> None:
        """End after this iteration."""
        self._draining = True
        self._wake()

    def cut(self) -> None:
        """Know that the hard stop comes: whoever runs this cancels it now."""
        self._is_cut = True

    def revive(self) -> None:
        """Go on after all."""
        self._draining = False

    def resume(self) -> None:
        """Look again whether load is still held."""
        if self._held:
            self._wake()

    def start(self, due: float) -> bool:
        """Begin an iteration that was due at that moment; False when it does not wait for one."""
        if not self._waits or self._draining:
            return False
        self._waits, self._due = False, due
        self._wake()
        return True

    def nudge(self) -> None:
        """Wait no more for a start."""
        if self._waits:
            self._wake()

    # -- life --------------------------------------------------------------------------------

    async def run(self) -> None:
        """Iterate until drained, or until no iteration is left for it."""
        shared, turns = self._shared, self._shared.turns
        try:
            while not self._draining:
                if shared.is_held and not await self._is_wanted():
                    break
                if turns.is_paced:
                    if not await self._is_started():
                        continue
                elif shared.pacing and not await self._is_time():
                    continue
                if not turns.is_paced and not turns.take(self._begun):
                    break
                if shared.decks and not self._has_rows():
                    break
                self._begun += 1
                await self._iterate()
        finally:
            self._client.close()

    def _has_rows(self) -> bool:
        """Take what the iteration needs; False when there is none and that ends the plan."""
        self._lacking = lacking = self._shared.deal(self._values.rows)
        if lacking is None or lacking.source.at_end == "fail":
            return True
        self._shared.run_out(lacking)
        return False

    async def _without(self, lacking: Deck) -> Ended:
        """Fail for want of a row, and not too often."""
        self._shared.run_out(lacking)
        began = self._shared.clock()
        await self._rest(SCANT)
        self._paused += self._shared.clock() - began
        return "failed"

    async def _is_started(self) -> bool:
        """Wait for a start; False when woken without one."""
        turns = self._shared.turns
        self._due, self._waits = None, True
        turns.idle += 1
        turns.wait(self, is_fresh=not self._begun)
        try:
            await self._rest()
        finally:
            self._waits = False
            turns.idle -= 1
        return self._due is not None

    async def _is_time(self) -> bool:
        """Wait for the moment that the pacing sets; False when something else came first."""
        shared, now = self._shared, self._shared.clock()
        due = now if self._next is None else self._next
        if due > now:
            await self._rest(due - now)
            if self._draining or shared.is_held or shared.turns.is_paced or shared.clock() < due:
                return False
        self._due, self._next = due, due + shared.pacing
        return True

    async def _is_wanted(self) -> bool:
        """Wait while load is held; False when drained."""
        while self._shared.is_held and not self._draining:
            began = self._shared.clock()
            self._held = True
            try:
                await self._rest()
            finally:
                self._held = False
            self._paused += self._shared.clock() - began
            self._next = None
        return not self._draining

    async def _iterate(self) -> None:
        clock, recorder = self._shared.clock, self._shared.recorder
        self._values.begin()
        self._client.begin()
        self._paused = 0.0
        began = clock()
        self._late = None
        if self._due is not None:
            self._late, self._due = max(0.0, began - self._due), None
            recorder.iterations(int(began), self._shared.tags).begin(int(self._late * 1e6))
        try:
            ending = await self._requests()
        except asyncio.CancelledError:
            recorder.iterations(int(clock()), self._shared.tags).cut += 1
            raise
        cell = recorder.iterations(int(ended := clock()), self._shared.tags)
        if ending == "cut":
            cell.cut += 1
        else:
            cell.end(int((ended - began - self._paused) * 1e6), failed=ending == "failed")

    async def _requests(self) -> Ended:
        shared = self._shared
        if self._lacking is not None:
            return await self._without(self._lacking)
        for request in shared.requests:
            if shared.is_held and not await self._is_wanted():
                return "cut"
            call = request.call or self._build(request)
            if call is None:
                await asyncio.sleep(0)  # no request may not mean that nobody else gets a turn
                return "failed"
            series, hops = shared.series[request], shared.redirects
            exchange = await self._send(call, series, request.expected, hops)
            is_whole = self._judge(request, series, exchange)
            if request.think is not None:
                is_end = not is_whole or request is shared.requests[-1]
                await self._think(request.think, is_last=is_end)
            if not is_whole:
                return "failed"
        return "whole"

    def _build(self, request: PreparedRequest) -> Call | None:
        try:
            return request.build(self._values)
        except ValueError as error:
            self._shared.say(f"{request.name}: {error}")
            return None

    # -- one request -------------------------------------------------------------------------

    async def _send(
        self, call: Call, series: Series, expected: frozenset[int], hops: int
    ) -> Exchange:
        """Send, follow up to `hops` redirects, each as a request; return the last answer."""
        while True:
            try:
                exchange = await self._client.send(call)
            except asyncio.CancelledError as error:
                series.at(int(self._shared.clock())).cut += not isinstance(error, NotSent)
                raise
            self._count(exchange, series, expected)
            if exchange.error:
                await asyncio.sleep(0)  # a failure may come without any wait at all
            if not 300 <= exchange.status < 400 or hops <= 0:
                return exchange
            following = self._following(series, call, exchange)
            if following is None:
                return exchange
            call, hops = following, hops - 1

    def _following(self, series: Series, call: Call, exchange: Exchange) -> Call | None:
        try:
            return next_call(call, exchange)
        except ValueError as error:
            self._shared.say(f"{series.name}: {error}")
            return None

    def _count(self, exchange: Exchange, series: Series, expected: frozenset[int]) -> None:
        failed = exchange.status not in expected or exchange.error != ""
        response = -1
        if self._late is not None:
            # What an iteration is late, each of its requests is: the answer came that much later.
            response = int((exchange.ended - exchange.started + self._late) * 1e6)
        series.at(int(exchange.ended)).request(exchange, failed=failed, response_us=response)

    def _judge(self, request: PreparedRequest, series: Series, exchange: Exchange) -> bool:
        """Check and save; False when a value to save is missing."""
        if request.checks:
            cell = series.at(int(exchange.ended))
            for name, holds, counters in request.checks:
                passed = holds(exchange)
                cell.check(name, passed=passed)
                if passed:
                    for metric in counters:
                        cell.count(metric)
        missing = request.save(exchange, self._values)
        if missing and exchange.status in request.expected:
            # Where the request itself failed, that is counted and says it all.
            self._shared.say(f"{request.name}: {missing}; such an iteration counts as failed")
        return not missing

    # -- waiting -----------------------------------------------------------------------------

    async def _think(self, think: Think, *, is_last: bool) -> None:
        seconds = self._shared.dice.uniform(think.low, think.high)
        if not is_last:
            await asyncio.sleep(seconds)
        elif not self._draining:
            await self._rest(seconds)

    async def _rest(self, seconds: float | None = None) -> None:
        """Wait so long, or until woken."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, self._wake)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
