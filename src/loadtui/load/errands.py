"""Errands that one worker runs for all, as the session holds them: `setup` and `teardown`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

from loadtui.load.link import Link
from loadtui.model.frame import NOTHING, RanOnce, RunOnce, SetupData
from loadtui.model.journey import Code
from loadtui.model.scenario import Scenario

PATIENCE = 60.0
"""Seconds that `setup` and `teardown` of one file may take (k6)."""
LATE = 2.0
"""Seconds beyond them after which a worker that does not answer is waited for no more."""


class Errands:
    """Sent one by one; each is answered, by the worker or by its end.

    `given`: what each file's `setup` returned, as JSON. `alive`: the workers that there are.
    """

    def __init__(self, alive: Callable[[], Sequence[Link]]) -> None:
        """None is under way."""
        self.given: dict[str, bytes] = {}
        self._alive = alive
        self._numbers = count(1)
        self._waiting: dict[int, tuple[Link, asyncio.Future[RanOnce]]] = {}

    async def set_up(self, scenario: Scenario) -> str:
        """Have every file's `setup` called, and tell all workers what they returned; return what
        went wrong, "" for nothing.
        """
        for code in once_a_run(scenario, "setup"):
            done = await self._run(code, NOTHING, PATIENCE)
            if done.error:
                return f"{code.written}: {done.error}"
            self.given[code.file] = done.data
        for link in self._alive():
            link.send(SetupData(self.given))
        return ""

    async def tear_down(self, scenario: Scenario, seconds: float = PATIENCE) -> str:
        """Have every file's `teardown` called, once all VUs have ended; return what went wrong."""
        wrong = []
        for code in once_a_run(scenario, "teardown"):
            data = self.given.get(code.file, NOTHING)
            done = await self._run(code, data, seconds)
            wrong += [f"{code.written}: {done.error}"] if done.error else []
        return "; ".join(wrong)

    def heard(self, done: RanOnce) -> None:
        """A worker answers."""
        _, future = self._waiting.get(done.number, (None, None))
        if future is not None and not future.done():
            future.set_result(done)

    def lost(self, link: Link) -> None:
        """A worker answers no more."""
        for number, (on, future) in self._waiting.items():
            if on is link and not future.done():
                why = f"worker {link.index} ended while it ran"
                future.set_result(RanOnce(link.index, number, error=why))

    async def _run(self, code: Code, data: bytes, seconds: float) -> RanOnce:
        number = next(self._numbers)
        if not (alive := self._alive()):
            return RanOnce(0, number, error="it was not called, for no worker is left")
        future: asyncio.Future[RanOnce] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (alive[0], future)
        alive[0].send(RunOnce(number, code, data, seconds))
        try:
            return await asyncio.wait_for(future, seconds + LATE)
        except TimeoutError:
            return RanOnce(0, number, error="the worker does not answer")
        finally:
            del self._waiting[number]


def once_a_run(scenario: Scenario, function: str) -> tuple[Code, ...]:
    """That function of every journey's file that has it, each file once."""
    codes = (scenario.code, *(each.code for each in scenario.journeys))
    files = {code.file: code for code in codes if code is not None and function in code.once}
    return tuple(code.calling(function) for code in files.values())
