"""What a worker calls once for a whole run: `setup` and `teardown` of a journey's file."""

from __future__ import annotations

import asyncio
import time
import traceback
from pathlib import Path
from random import Random

import msgspec

from loadtui.load.clients import new_clients
from loadtui.load.deck import OutOfRows
from loadtui.load.dialer import Dialer
from loadtui.load.journey import Abort
from loadtui.load.journey_import import told
from loadtui.load.journey_vu import JourneyVu, held
from loadtui.load.lineup import Tell
from loadtui.load.prepared_journey import prepared
from loadtui.load.shared import Shared
from loadtui.load.streams import Streams
from loadtui.load.values import Sources, Values
from loadtui.measure.recorder import Recorder
from loadtui.model.frame import RanOnce, RunOnce, Setup
from loadtui.model.journey import Code


class Once:
    """Calls such functions, each with a user of its own, number 0, that belongs to no entry.

    What they send is recorded in the group `::setup` or `::teardown`.
    """

    def __init__(self, setup: Setup, recorder: Recorder, dialer: Dialer, tell: Tell) -> None:
        """Nothing is called yet."""
        self._setup, self._recorder = setup, recorder
        self._dialer, self._tell = dialer, tell

    async def run(self, order: RunOnce) -> RanOnce:
        """Call the function; say what it returned, or what went wrong."""
        try:
            user = self._user(order.code, order.data)
        except ValueError as error:
            return self._failed(order, str(error))
        limit = asyncio.timeout(order.seconds)
        try:
            async with limit:
                returned = await user.once(f"::{order.code.function}")
            return self._answer(order, returned)
        except Abort as error:
            self._tell.abort(str(error))
            return self._failed(order, str(error))
        except BaseException as error:  # noqa: BLE001 - somebody else's code may raise anything
            _go_on_if_ended()
            if isinstance(error, TimeoutError) and limit.expired():
                return self._failed(order, f"it did not end within {order.seconds:g} s")
            return self._failed(order, self._raised(order.code, error))

    def _user(self, code: Code, data: bytes) -> JourneyVu:
        setup, clock = self._setup, self._dialer.clock
        scenario, say = setup.scenario, self._tell.say
        dice = Random(f"{setup.seed} {code.function}")
        streams = Streams(self._dialer, scenario)
        journey = prepared(code, scenario, self._recorder, scenario.tags, say, streams)
        journey.given = {code.file: data}
        shared = Shared((), scenario.redirects, self._recorder, dice, clock, say)
        sources = Sources(dice, Random(), time.time)
        client = new_clients(scenario, self._dialer)()
        return JourneyVu(shared, client, Values(0, sources), journey)

    def _raised(self, code: Code, error: BaseException) -> str:
        if (asked := held(error, Abort)) is not None:
            self._tell.abort(str(asked))
            return str(asked)
        if held(error, OutOfRows) is not None:
            return "it asked for a row of data, and there is none left"
        traceback.print_exception(error)
        return told(error, str(Path(code.file).parent))

    def _answer(self, order: RunOnce, returned: object) -> RanOnce:
        try:
            data = msgspec.json.encode(returned)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            why = f"it returned what JSON has no form for ({error}); return plain values"
            return self._failed(order, why)
        return RanOnce(self._setup.worker, order.number, data)

    def _failed(self, order: RunOnce, why: str) -> RanOnce:
        return RanOnce(self._setup.worker, order.number, error=why)


def _go_on_if_ended() -> None:
    """Go on ending where the worker does; a cancellation of the journey's own is an error of it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
