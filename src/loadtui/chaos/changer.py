"""Making one change at a time: intent, call, read-back, confirmation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import msgspec

from loadtui.chaos import undo
from loadtui.chaos.book import Book
from loadtui.chaos.host import Host
from loadtui.chaos.lifter import Lifter
from loadtui.chaos.step import Call, forward, part_of, rebased
from loadtui.errors import ControlError, ServerLost, ServerStuck
from loadtui.model.ledger import Change, Entry
from loadtui.model.toxic import Proxy

_LIFT = 5.0


class ActResult(msgspec.Struct, frozen=True):
    """How a change ended: the part's open entry (None: nothing there is ours), why it failed."""

    entry: Entry | None
    error: str = ""


class Changer:
    """Changes a host through a book. Its calls run on one thread, one after the other."""

    def __init__(self, host: Host, book: Book, lifter: Lifter, threads: ThreadPoolExecutor) -> None:
        """Use from the event loop that owns the book."""
        self._host, self._book, self._lifter, self._threads = host, book, lifter, threads

    async def apply(self, change: Change, deadline: float | None) -> ActResult:
        """Make a change; see `Control.apply`. Never two at once."""
        server = self._host.url
        known = self._book.ledger.of(change, server)
        try:
            current = await self._look(change.proxy)
        except ControlError as error:
            return ActResult(known, error.text)
        if objection := self._objection(change, current):
            return ActResult(known, objection)
        intent = rebased(change, known, current)
        calls = forward(intent, current)
        if not calls and known is None:
            return ActResult(None, "it is so already on the server")
        entry = self._book.intend(intent, server, deadline)
        if isinstance(entry, str):
            return ActResult(known, entry)
        self._lifter.pardon(entry.id)
        try:
            current = await self._run(lambda: self._perform(entry, calls))
        except ControlError as error:
            return await self._after_failure(entry, known, error)
        return await self._confirmed(entry, current)

    def _objection(self, change: Change, current: Proxy | None) -> str:
        is_new = change.part == "proxy" and change.after is not None
        if current is None and not is_new:
            return f"there is no proxy {change.proxy} on the server"
        if current is not None and is_new:
            return f"a proxy {change.proxy} exists already"
        return self._book.ledger.objection(change, self._host.url)

    def _perform(self, entry: Entry, calls: Sequence[Call]) -> Proxy | None:
        for call in calls:
            undo.perform(self._host.client, call)
        return undo.look(self._host.client, entry.change.proxy)

    async def _confirmed(self, entry: Entry, current: Proxy | None) -> ActResult:
        ledger = self._book.ledger
        was_closed = ledger.get(entry.id) is None
        seen = part_of(entry.change, current)
        self._book.turn(ledger.put(entry).confirm(entry.id, seen))
        if was_closed or self._lifter.is_wanted_gone(entry.id):
            opened = self._book.ledger.get(entry.id)
            await self._lifter.lift([opened] if opened else [], _LIFT)
            return ActResult(self._book.ledger.get(entry.id), "was lifted while it was made")
        return ActResult(self._book.ledger.get(entry.id))

    async def _after_failure(
        self, entry: Entry, known: Entry | None, error: ControlError
    ) -> ActResult:
        """Enter what a refused change left behind; what nobody can tell stays unconfirmed.

        A refusal may come after half of the change.
        """
        if not isinstance(error, ServerLost | ServerStuck):
            with suppress(ControlError):
                found = part_of(entry.change, await self._look(entry.change.proxy))
                before = entry.change.before if known is None else known.seen
                ledger = self._book.ledger
                if found == before:
                    self._book.turn(ledger.take_back(entry.id, known))
                    return ActResult(known, error.text)
                self._book.turn(ledger.confirm(entry.id, found))
        return ActResult(self._book.ledger.get(entry.id), error.text)

    async def _look(self, proxy: str) -> Proxy | None:
        return await self._run(lambda: undo.look(self._host.client, proxy))

    async def _run(self, work: Callable[[], Proxy | None]) -> Proxy | None:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
