"""The session's ledger, kept in step with file and watchdog."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from loadtui.chaos.frames import Forgotten, LedgerLine, Recorded
from loadtui.chaos.ledger import Ledger, difference
from loadtui.model.ledger import Change, Entry

Record = Callable[[Iterable[LedgerLine]], str]
"""Tells file and watchdog; returns why they did not take it, "" when they did."""


class Book:
    """The ledger as it now stands; every change of it is told before it counts."""

    def __init__(self, record: Record) -> None:
        """Begin empty."""
        self.ledger = Ledger()
        self._record = record

    def intend(self, change: Change, server: str, deadline: float | None) -> Entry | str:
        """Enter a change that is about to be made; why it may not be made, if nobody took it."""
        known = self.ledger.of(change, server)
        after, entry = self.ledger.intend(change, server, deadline)
        if trouble := self.turn(after):
            self.turn(self.ledger.take_back(entry.id, known))
            return trouble
        return entry

    def turn(self, ledger: Ledger) -> str:
        """Take over the ledger's next state; why file or watchdog did not, "" when they did."""
        lines = lines_between(self.ledger, ledger)
        self.ledger = ledger
        return self._record(lines)


def lines_between(old: Ledger, new: Ledger) -> tuple[LedgerLine, ...]:
    """What tells a reader that knows `old` of `new`."""
    changed, closed = difference(old, new)
    return *map(Recorded, changed), *map(Forgotten, closed)
