"""A virtual user whose iterations are a Python journey's."""

from __future__ import annotations

import asyncio

from loadtui.load import journey
from loadtui.load.deck import Deck, OutOfRows
from loadtui.load.exchange import Exchange
from loadtui.load.head import Call
from loadtui.load.prepared_journey import PreparedJourney
from loadtui.load.sender import Sender
from loadtui.load.shared import Shared
from loadtui.load.streams import NotInstalled
from loadtui.load.values import Values
from loadtui.load.vu import Ended, Vu
from loadtui.measure.recorder import Series


class _Leave(BaseException):
    """Ends an iteration whose VU was drained while load was held; no `except Exception` has it."""


class JourneyVu(Vu):
    """As any VU, with a journey in the requests' place.

    Requests of one VU go one after the other, whatever the journey gathers. An iteration that
    raises has failed; one that sent nothing lets everybody else have a turn.
    """

    __slots__ = ("_has_waited", "_is_free", "_journey", "_user")

    def __init__(
        self, shared: Shared, client: Sender, values: Values, prepared: PreparedJourney
    ) -> None:
        """Ready to run."""
        super().__init__(shared, client, values)
        self._journey = prepared
        self._is_free = asyncio.Lock()
        self._has_waited = False
        self._user = journey.Vu(self, prepared, values)

    @property
    def now(self) -> float:
        """Seconds of the clock that records are in."""
        return self._shared.clock()

    @property
    def paused(self) -> float:
        """Seconds of this iteration for which load was held."""
        return self._paused

    async def ask(
        self, call: Call, series: Series, expected: frozenset[int], *, follows: bool
    ) -> Exchange:
        """Send once load is not held, one request at a time."""
        shared = self._shared
        async with self._is_free:
            if shared.is_held:
                await self._hold()
            self._has_waited = True
            return await self._send(call, series, expected, shared.redirects if follows else 0)

    async def admit(self) -> None:
        """Wait while load is held, before a connection of its own is opened."""
        async with self._is_free:
            if self._shared.is_held:
                await self._hold()
        self._has_waited = True

    def with_kept(self, call: Call) -> Call:
        """The call with the VU's cookies."""
        return self._client.with_kept(call)

    def count(self, exchange: Exchange, series: Series, expected: frozenset[int]) -> None:
        """Record a request that the VU's client did not send."""
        self._count(exchange, series, expected)

    async def think(self, low: float, high: float) -> None:
        """Think for a time between both, and for as long as load is held."""
        self._has_waited = True
        await asyncio.sleep(self._shared.dice.uniform(low, high))
        if self._shared.is_held:
            async with self._is_free:
                await self._hold()

    async def once(self, group: str) -> object:
        """Call the function once, outside of any iteration; its records are of that group."""
        self._values.begin()
        self._client.begin()
        self._user.begin(group)
        try:
            return await self._journey.function(self._user)
        finally:
            self._client.close()

    async def _hold(self) -> None:
        if not await self._is_wanted():
            raise _Leave

    async def _requests(self) -> Ended:
        self._has_waited = False
        self._user.begin()
        try:
            await self._journey.function(self._user)
        except GeneratorExit:
            raise
        except BaseException as error:  # noqa: BLE001 - somebody else's code may raise anything
            return await self._raised(error)
        self._come_back()
        if not self._has_waited:
            await asyncio.sleep(0)
        return "whole"

    async def _raised(self, error: BaseException) -> Ended:
        self._come_back()
        asked = held(error, journey.Abort)
        if asked is not None:
            self._journey.abort(str(asked))
            await asyncio.get_running_loop().create_future()  # until this VU is cut, too
        if held(error, _Leave) is not None:
            return "cut"
        if isinstance(out := held(error, OutOfRows), OutOfRows):
            return await self._ran_out(out.deck)
        if isinstance(error, NotInstalled):
            self._journey.lacks(error)
            raise error  # no iteration will do better: the worker ends by it
        # A CancelledError that comes here is the journey's own doing, and its failure.
        self._journey.raised(error)
        await asyncio.sleep(0)
        return "failed"

    async def _ran_out(self, deck: Deck) -> Ended:
        if deck.source.at_end == "fail":
            return await self._without(deck)
        self._shared.run_out(deck)
        return "cut"

    def _come_back(self) -> None:
        """Go on with the hard stop where the journey swallowed it; other cancellations were its
        own, and end with its iteration.
        """
        if self._is_cut:
            raise asyncio.CancelledError
        task = asyncio.current_task()
        # A TaskGroup of Python 3.11 in which somebody raised leaves one behind, and every time-out
        # of this task would take itself for the hard stop.
        while task is not None and task.cancelling():
            task.uncancel()


def held(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The error of a kind that this is, or that a task group of the journey's wrapped in it."""
    if isinstance(error, BaseExceptionGroup):
        return next((e for each in error.exceptions if (e := held(each, kind))), None)
    return error if isinstance(error, kind) else None
