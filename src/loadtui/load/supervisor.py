"""Watches the workers of a pool: tells of silent ones, ends stopped ones, replaces lost ones."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from loadtui.errors import SetupFailed
from loadtui.load import supervision
from loadtui.load.link import Link
from loadtui.load.supervised import Back, GaveUp, Lost, Replaced, Silent


class Wards(Protocol):
    """What a supervisor needs of a pool."""

    @property
    def alive(self) -> list[Link]:
        """Workers that can be told something, by their index."""

    async def report(self, event: Lost | Replaced | GaveUp | Silent | Back) -> None:
        """Tell whoever listens."""

    async def fresh(self, index: int, generation: int) -> None:
        """Start a worker in a lost one's place and tell it all; raises SetupFailed or OSError."""

    def rebalance(self) -> None:
        """Share everything among the workers that are alive."""

    def owed(self, index: int) -> int:
        """Counted iterations that a worker had still to run."""


class Supervisor:
    """Belongs to one pool and its loop."""

    def __init__(self, wards: Wards) -> None:
        """Watch nothing yet."""
        self._wards = wards
        self._watching: asyncio.Task[None] | None = None
        self._replacing: set[asyncio.Task[None]] = set()
        self._times: dict[int, list[float]] = {}
        self._is_over = False

    @property
    def is_replacing(self) -> bool:
        """Whether a fresh worker is on its way."""
        return bool(self._replacing)

    def start(self) -> None:
        """Watch from now on."""
        self._is_over = False
        self._watching = asyncio.create_task(self._watch())

    async def end(self) -> None:
        """Watch no more, and start nobody any more; a process that was just being started ends."""
        self._is_over = True
        tasks = set(self._replacing)
        if self._watching is not None:
            tasks.add(self._watching)
        self._watching = None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def lose(self, link: Link, why: str) -> None:
        """Share what a lost worker ran among those that are left, and have it replaced."""
        now = time.monotonic()
        self._wards.rebalance()
        is_final = self._is_over or link.was_told_to_stop or link.is_unusable
        is_replaced = not is_final and self._may_replace(link.index, now)
        if is_replaced:
            task = asyncio.create_task(self._replace(link.index, now))
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)
        lost = Lost(
            worker=link.index,
            why=why,
            since=link.heard_at,
            at=now,
            vus=link.active + link.draining,
            heirs=tuple(heir.index for heir in self._wards.alive),
            is_replaced=is_replaced,
            owed=self._wards.owed(link.index),
            is_ordered=link.was_told_to_stop,
        )
        await self._wards.report(lost)

    # -- within ------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(supervision.LOOK)
            for link in self._wards.alive:
                await self._look(link)

    async def _look(self, link: Link) -> None:
        seen = link.silence.look(time.monotonic(), link.heard, is_read=link.is_read)
        is_stopped = seen.seconds >= supervision.STOPPED and link.is_stopped()
        link.silence, step = supervision.decide(seen, is_stopped=is_stopped)
        match step:
            case "end":
                link.give_up(_blame(seen.seconds, is_stopped=is_stopped))
            case "tell":
                vus = link.active + link.draining
                await self._wards.report(Silent(link.index, link.heard_at, vus))
            case "back":
                await self._wards.report(Back(link.index, link.heard_at))
            case _:
                return

    def _may_replace(self, index: int, now: float) -> bool:
        return supervision.may_replace(self._times.get(index, ()), now)

    async def _replace(self, index: int, lost_at: float) -> None:
        why = ""
        while self._may_replace(index, now := time.monotonic()):
            times = self._times.setdefault(index, [])
            times.append(now)
            try:
                await self._wards.fresh(index, len(times))
            except (SetupFailed, OSError) as error:
                why = str(error)
                continue
            at = time.monotonic()
            await self._wards.report(Replaced(index, at, at - lost_at))
            return
        await self._wards.report(GaveUp(index, why))


def _blame(seconds: float, *, is_stopped: bool) -> str:
    if is_stopped:
        return f"was stopped by a signal and silent for {seconds:.1f} s"
    return f"did not answer for {seconds:.0f} s"
