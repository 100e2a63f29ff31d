"""Lifting everything, for one reason, until it is done (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtui.chaos.frames import PanicAnswer
from loadtui.chaos.ledger import Ledger
from loadtui.model.ledger import Change, Entry, Lift

ANSWER_WITHIN = 5.0
"""Seconds after which whoever asked for a panic hears what was not lifted so far."""


class Campaign:
    """What is to be lifted, what became of it, and who waits for an answer.

    `clients`: when (monotonic seconds) each asked.
    """

    def __init__(self, since: float, faults: Ledger | None, clients: dict[int, float]) -> None:
        """Lift the faults that are open in this ledger; None: everything, whenever entered."""
        self.since, self.clients = since, clients
        self._scope: dict[int, Change] | None = None
        if faults is not None:
            self._scope = {e.id: e.change for e in faults.entries if e.is_fault}
        self._last: dict[int, Lift] = {}

    def of(self, ledger: Ledger) -> tuple[Entry, ...]:
        """The open entries that this is about: a fault that was changed since is another one."""
        if self._scope is None:
            return ledger.entries
        scope = self._scope
        return tuple(e for e in ledger.entries if scope.get(e.id) == e.change)

    def note(self, lifts: Sequence[Lift]) -> None:
        """Remember how attempts ended."""
        self._last |= {lift.entry.id: lift for lift in lifts}

    def due(self, waiting: Sequence[Entry], now: float) -> Iterator[int]:
        """The clients to be answered now: all is lifted, or they have waited long enough."""
        is_lifted = all(map(self._is_good, waiting))
        for client, since in list(self.clients.items()):
            if is_lifted or now - since >= ANSWER_WITHIN:
                yield client
                del self.clients[client]

    def answer(self, session: int, waiting: Sequence[Entry], now: float) -> PanicAnswer:
        """What was done, in one line."""
        good = [lift for lift in self._last.values() if lift.result == "done"]
        left = [lift.text for lift in self._last.values() if lift.result == "left"]
        bad = [entry for entry in waiting if not self._is_good(entry)]
        parts = [f"session {session}: load stopped"]
        if good or not (left or bad):
            parts.append(_lifted(len(good), now - self.since))
        parts += [f"left alone: {text}" for text in left]
        parts += [self._not_lifted(entry) for entry in bad]
        return PanicAnswer(" · ".join(parts), ok=not bad)

    def _is_good(self, entry: Entry) -> bool:
        lift = self._last.get(entry.id)
        return lift is not None and lift.result != "failed"

    def _not_lifted(self, entry: Entry) -> str:
        lift = self._last.get(entry.id)
        what = f"{entry.change.toxic or entry.change.part} on {entry.change.proxy}"
        if lift is None:
            return f"{what} NOT lifted yet"
        return f"{what} NOT lifted yet: {'; by hand: '.join((lift.text, *lift.by_hand[:1]))}"


def _lifted(count: int, seconds: float) -> str:
    if not count:
        return "no fault was on"
    return f"{count} fault{'s' if count > 1 else ''} lifted, verified in {seconds:.1f} s"
