"""A session's way to faults: watchdog, ledger and Toxiproxy behind one face.

Lives in the session's event loop. What blocks runs on threads: changes one after the other, polls
beside them, every lifting at once, so that a panic waits for nobody. What may fail is a value:
`ActResult.error`, `Lift.result`, `PollFailure`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from loadtui.chaos import ledger_file
from loadtui.chaos.book import Book
from loadtui.chaos.changer import ActResult, Changer
from loadtui.chaos.frames import LedgerLine, Lifted, OwnServer, WatchdogEvent
from loadtui.chaos.guardian import Guardian
from loadtui.chaos.host import Host
from loadtui.chaos.ledger import undone
from loadtui.chaos.leftovers import lift_leftovers
from loadtui.chaos.lifter import Lifter
from loadtui.chaos.meter import Meter
from loadtui.chaos.vigil import LATE
from loadtui.errors import ControlError, ServerStuck
from loadtui.model.ledger import Change, Entry, Lift
from loadtui.model.toxic import Proxy, Traffic

__all__ = ["ActResult", "Control", "PollFailure"]

T = TypeVar("T")

_POLL = 1.5
_TAIL = 5.0
"""Seconds for lifting what nobody waits for with a time of their own."""
_PARTING = 0.5
"""Seconds for a watchdog that goes on trying what we could not lift."""


class PollFailure(msgspec.Struct, frozen=True):
    """No answer: the server accepts but says nothing, is not there, or there is none at all."""

    state: Literal["stuck", "lost", "none"]
    text: str


class Control:
    """Faults of one session, from their injection to their undoing."""

    def __init__(self, *, state_dir: Path, now: Callable[[], float]) -> None:
        """Keep the ledger in `state_dir`; `now`: Unix seconds. Nothing runs before `start`."""
        self._state_dir, self._now = state_dir.absolute(), now
        self._guardian: Guardian | None = None
        self._host = Host()
        self._book = Book(self._record)
        self._lifter = Lifter(self._book)
        self._acts = ThreadPoolExecutor(1, thread_name_prefix="act")
        self._polls = ThreadPoolExecutor(1, thread_name_prefix="poll")
        self._changer = Changer(self._host, self._book, self._lifter, self._acts)
        self._acting = asyncio.Lock()
        self._events: asyncio.Queue[WatchdogEvent] = asyncio.Queue()
        self._view: dict[str, Proxy] = {}
        self._meter = Meter()
        self.traffic: dict[str, Traffic] = {}  # as of the last poll
        self._closed = False

    async def start(self, explicit: str, *, own: bool) -> None:
        """Start the watchdog, then find a server, or start one (`own`: unless one is named).

        `explicit`: the address that option or scenario names, "" for none. Raises BadInput or
        SetupFailed with one clear line; where nobody asked for a server there may be none.
        """
        self._guardian = await Guardian.start(self._state_dir, self._now(), self._hear)
        lifeline, log = self._guardian.server_lifeline_fd, self._state_dir / "toxiproxy.log"
        env = os.environ.get("TOXIPROXY_URL", "")
        await self._run(
            self._acts,
            lambda: self._host.find(explicit, env, own=own, lifeline=lifeline, log=log),
        )
        if self._host.is_ours:
            self._guardian.record([OwnServer(self._host.url)])

    # -- what is known ---------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The server's base URL, "" without one."""
        return self._host.url

    @property
    def server_words(self) -> str:
        """The server for the screen, like "toxiproxy 2.12.0 :8474"."""
        return self._host.words

    @property
    def restartable(self) -> bool:
        """Whether the server is ours to restart."""
        return self._host.is_ours

    @property
    def blocked(self) -> str:
        """Why no new fault may be injected, "" when it may."""
        if self._guardian is None:
            return "the watchdog does not run"
        return self._host.missing or self._guardian.trouble

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that is to be undone, in the order in which it was first changed."""
        return self._book.ledger.entries

    async def poll(self) -> dict[str, Proxy] | PollFailure:
        """Read every proxy, within 1.5 seconds."""
        try:
            self._view, counted = await self._run(
                self._polls, lambda: self._host.client.survey(_POLL)
            )
        except ServerStuck as error:
            return PollFailure("stuck", error.text)
        except ControlError as error:
            return PollFailure("lost" if self.url else "none", error.text)
        self.traffic = self._meter.read(counted, self._now())
        return self._view

    # -- the watchdog ----------------------------------------------------------------------

    @property
    def worker_stop_fd(self) -> int | None:
        """The descriptor through which the watchdog stops workers; they inherit it."""
        return self._guardian.worker_stop_fd if self._guardian is not None else None

    def drain_stop(self) -> None:
        """Let new workers start after the watchdog stopped the last ones."""
        if self._guardian is not None:
            self._guardian.drain_stop()

    def heartbeat(self) -> None:
        """Tell the watchdog that the session lives; at least once a second."""
        if self._guardian is not None:
            self._guardian.heartbeat()

    async def events(self) -> AsyncIterator[WatchdogEvent]:
        """What the watchdog did or asks for, as it comes; without end."""
        while True:
            yield await self._events.get()

    def _hear(self, event: WatchdogEvent) -> None:
        if isinstance(event, Lifted):
            event = Lifted(tuple(filter(self._close_entry, event.lifts)))
            if not event.lifts:
                return
        self._events.put_nowait(event)

    def _close_entry(self, lift: Lift) -> bool:
        """Close what the watchdog lifted, unless it was changed again since."""
        entry = self._book.ledger.get(lift.entry.id)
        if entry is None or entry.change != lift.entry.change:
            return False
        self._view = undone(self._view, lift.entry.change)
        self._book.turn(self._book.ledger.forget(entry.id))
        return True

    # -- changing --------------------------------------------------------------------------

    async def apply(self, change: Change, deadline: float | None) -> ActResult:
        """Record an intent, make the call, read back, confirm.

        What to go back to is read right before, not taken from `change.before`. `deadline`: Unix
        seconds at which the watchdog lifts it if nobody else did.
        """
        async with self._acting:
            if blocked := self.blocked:
                return ActResult(self._book.ledger.of(change, self.url), blocked)
            return await self._changer.apply(change, deadline)

    async def restart_server(self) -> None:
        """Restart a server of ours and replay it as last known, our faults included.

        Raises SetupFailed when it is not ours, does not start, or does not take everything.
        """
        async with self._acting:
            await self.poll()
            before, view = self.entries, tuple(self._view.values())
            try:
                await self._run(self._acts, lambda: self._host.restart(view))
            finally:
                # What the watchdog closed in between, finding nothing there, is there again.
                closed = [e for e in before if self._book.ledger.get(e.id) is None]
                await self._lifter.lift(closed, _TAIL)

    # -- lifting ---------------------------------------------------------------------------

    async def lift(self, ids: Collection[int], *, timeout: float) -> list[Lift]:
        """Lift entries, and with a proxy that we created all that we changed on it."""
        return await self._lift(self._book.ledger.with_what_is_on(frozenset(ids)), timeout)

    async def lift_faults(self, *, timeout: float) -> list[Lift]:
        """Lift every fault; proxies that we created stay."""
        return await self._lift([entry for entry in self.entries if entry.is_fault], timeout)

    async def lift_all(self, *, timeout: float) -> list[Lift]:
        """Lift everything."""
        return await self._lift(self.entries, timeout)

    def leftovers(self) -> tuple[Entry, ...]:
        """What sessions that are gone left open."""
        return ledger_file.leftovers(self._state_dir)

    async def lift_leftovers(self) -> list[Lift]:
        """Lift what sessions that are gone left open; what fails is offered again."""
        return await asyncio.to_thread(lift_leftovers, self._state_dir, _TAIL)

    async def _lift(self, entries: Sequence[Entry], timeout: float) -> list[Lift]:
        lifts = await self._lifter.lift(entries, timeout)
        for lift in lifts:
            if lift.result == "done":
                self._view = undone(self._view, lift.entry.change)
        return lifts

    # -- end -------------------------------------------------------------------------------

    async def close(self, timeout: float = 5.0) -> list[Lift]:
        """Lift everything, then end watchdog and server; how each entry ended.

        A server of ours ends in any case, and with it what could not be lifted there. What stays
        open elsewhere is tried further by the watchdog for a minute, then offered as left over.
        """
        if self._closed:
            return []
        self._closed = True
        lifts = await self.lift_all(timeout=timeout)
        await self._lifter.close()
        own = self.url if self.restartable else None
        for entry in self.entries:
            if entry.server == own:
                self._book.turn(self._book.ledger.drop(entry.id))
        has_failed = any(lift.result == "failed" for lift in lifts if lift.entry.server != own)
        if self._guardian is not None:
            await self._guardian.close(_PARTING if has_failed else max(timeout, LATE + 1))
            self._guardian = None
        await self._run(self._acts, self._host.end)
        self._acts.shutdown(wait=False)
        self._polls.shutdown(wait=False)
        return [_with_its_server(lift) if lift.entry.server == own else lift for lift in lifts]

    # -- within ----------------------------------------------------------------------------

    def _record(self, lines: Iterable[LedgerLine]) -> str:
        if self._guardian is None:
            return "the watchdog does not run"
        return self._guardian.record(lines)

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)


def _with_its_server(lift: Lift) -> Lift:
    if lift.result == "done":
        return lift
    return Lift(lift.entry, "done", f"ended with our Toxiproxy ({lift.text})")
