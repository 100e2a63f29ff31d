"""All virtual users of one worker: carries out what the fleet decides, a few at a time."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Collection
from functools import partial

from loadtui.load.fleet import Fleet
from loadtui.load.shared import Shared
from loadtui.load.vu import Vu

AT_ONCE = 20
"""VUs that begin in one go: beginning costs some 0.1 ms each, and the loop must stay prompt."""

PAUSE = 0.001
"""Seconds between two goes."""

NewVu = Callable[[int], Vu]
"""Makes the VU of a slot."""


class Vus:
    """The VUs and their tasks.

    `changed` is called when what an order left to be done is done: everybody started, all gone.
    """

    def __init__(self, shared: Shared, new_vu: NewVu, changed: Callable[[], None]) -> None:
        """Nobody runs; must be made inside the loop."""
        self._loop = asyncio.get_running_loop()
        self._shared, self._new_vu, self.changed = shared, new_vu, changed
        self._fleet = Fleet()
        self._target = 0
        self._is_ending = False
        self._vus: dict[int, Vu] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._to_start: deque[int] = deque()
        self._to_resume: deque[Vu] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._crash: asyncio.Future[None] = self._loop.create_future()

    @property
    def active(self) -> int:
        """VUs that iterate or think and are to go on."""
        return max(0, self.allocated - self._shared.turns.idle)

    @property
    def allocated(self) -> int:
        """VUs that were made ready and are to stay, whether an iteration runs or not."""
        return self._fleet.active - len(self._to_start)

    @property
    def vus(self) -> Collection[Vu]:
        """Everybody who is there, on the way out or not."""
        return self._vus.values()

    @property
    def is_starting(self) -> bool:
        """Whether VUs are still to begin."""
        return bool(self._to_start)

    @property
    def draining(self) -> int:
        """VUs on their way out."""
        return self._fleet.draining

    # -- orders ------------------------------------------------------------------------------

    def retarget(self, target: int) -> None:
        """Begin to run `target` VUs: the first few at once, the rest within milliseconds."""
        self._target = target
        orders = self._fleet.towards(target, self._shared.clock())
        for slot in orders.drain:
            if slot in self._vus:
                self._vus[slot].drain()
            else:
                self._to_start.remove(slot)
                self._fleet.ended(slot)
        for slot in orders.revive:
            self._vus[slot].revive()
        self._to_start.extend(orders.start)
        self._go_on()

    def cut(self) -> None:
        """Hard stop of all that drain."""
        self._cancel(self._fleet.cut())

    def hold(self, *, on: bool) -> None:
        """Pause or resume."""
        self._shared.is_held = on
        self._to_resume.clear()
        if not on:
            self._to_resume.extend(self._vus.values())
            self._go_on()

    def cut_overdue(self, graceful: float) -> None:
        """Hard stop of those that have drained for more than `graceful` seconds."""
        self._cancel(self._fleet.overdue(self._shared.clock() - graceful))

    async def watch(self) -> None:
        """Raise what a VU raised, if one ever does; until then wait."""
        await self._crash

    async def end(self) -> None:
        """Hard stop of everybody, for good; returns when all have ended."""
        self._is_ending = True
        self._to_start.clear()
        self._to_resume.clear()
        tasks = list(self._tasks.values())
        self._cancel(tuple(self._tasks))
        if tasks:
            await asyncio.wait(tasks)

    # -- acts --------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Begin the first few now; whatever is left follows."""
        if self._timer is None:
            self._some()

    def _next(self) -> None:
        self._timer = None
        self._some()
        if self._timer is None:
            self.changed()

    def _some(self) -> None:
        for _ in range(AT_ONCE):
            if self._to_start:
                self._start(self._to_start.popleft())
            elif self._to_resume:
                self._to_resume.popleft().resume()
        if self._to_start or self._to_resume:
            self._timer = self._loop.call_later(PAUSE, self._next)
        # What a VU is made of stays as long as the VU: nothing there for the collector, which would
        # stop the worker for 0.1 s to look through 10 000 of them.
        gc.freeze()

    def _start(self, slot: int) -> None:
        vu = self._vus[slot] = self._new_vu(slot)
        task = self._tasks[slot] = self._loop.create_task(vu.run())
        task.add_done_callback(partial(self._ended, slot))

    def _cancel(self, slots: tuple[int, ...]) -> None:
        for slot in slots:
            self._vus[slot].cut()
            self._tasks[slot].cancel()

    def _ended(self, slot: int, task: asyncio.Task[None]) -> None:
        del self._vus[slot], self._tasks[slot]
        self._fleet.ended(slot)
        if not task.cancelled() and (error := task.exception()) and not self._crash.done():
            self._crash.set_exception(error)
        if self._is_ending or self._crash.done():  # whoever is left will end, too
            return
        if self._fleet.active < self._target and not self._shared.turns.is_limited:
            self.retarget(self._target)  # it was revived in the very moment in which it ended
        elif not self._fleet.draining:
            self.changed()
