"""Lifting from within a session: on threads, and looking again where a call may land late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from loadtui.chaos import undo
from loadtui.chaos.book import Book
from loadtui.chaos.vigil import LATE
from loadtui.model.ledger import Entry, Lift

_AGAIN = 0.5
_LOOK = 1.0


class Lifter:
    """Lifts entries of a book and closes them there once nothing can bring them back."""

    def __init__(self, book: Book) -> None:
        """Use from the event loop that owns the book."""
        self._book = book
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="lift")
        self._late: dict[int, float | None] = {}
        """Lifted but never confirmed: since when the server answers about it, None: it does not."""
        self._looking: asyncio.Task[None] | None = None

    def is_wanted_gone(self, entry_id: int) -> bool:
        """Whether it was lifted while its own call was still under way."""
        return entry_id in self._late

    def pardon(self, entry_id: int) -> None:
        """It is wanted again: do not look after it."""
        self._late.pop(entry_id, None)

    async def lift(self, entries: Iterable[Entry], timeout: float) -> list[Lift]:
        """Lift entries, trying for `timeout` seconds; those done or left are closed in the book."""
        chosen = tuple(entries)
        if not chosen:
            return []
        lifts = await self._undo(chosen, timeout)
        if self._late and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_again())
        return lifts

    async def close(self) -> None:
        """Stop looking; what may still land is the watchdog's."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})
        self._threads.shutdown(wait=False)

    async def _undo(self, entries: tuple[Entry, ...], timeout: float) -> list[Lift]:
        loop, deadline = asyncio.get_running_loop(), time.monotonic() + timeout
        lifts = await loop.run_in_executor(self._threads, undo.lift, entries, deadline)
        for lift in lifts:
            self._settle(lift, time.monotonic())
        return lifts

    async def _look_again(self) -> None:
        while self._late:
            await asyncio.sleep(_AGAIN)
            entries = tuple(e for e in self._book.ledger.entries if e.id in self._late)
            self._late = {e.id: self._late[e.id] for e in entries}
            if entries:
                await self._undo(entries, _LOOK)

    def _settle(self, lift: Lift, now: float) -> None:
        entry = self._book.ledger.get(lift.entry.id)
        if entry is None:
            self._late.pop(lift.entry.id, None)
        elif lift.result == "failed":
            if entry.id in self._late:
                self._late[entry.id] = None
        elif entry == lift.entry and (entry.confirmed or self._is_quiet(entry.id, now)):
            self._late.pop(entry.id, None)
            self._book.turn(self._book.ledger.forget(entry.id))
        else:
            self._late[entry.id] = self._late.get(entry.id) or now

    def _is_quiet(self, entry_id: int, now: float) -> bool:
        since = self._late.get(entry_id)
        return since is not None and now - since >= LATE
