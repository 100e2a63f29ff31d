"""What a watchdog decides (pure): facts and times in, acts out.

Rules of this module:
- A closed pipe lifts everything and ends the vigil. No heartbeat for `SILENCE` seconds, or a panic
  asked for through the socket, lifts every fault and keeps our proxies; the session may come back.
- All three stop the load first.
- A campaign goes on until nothing is open, for `PATIENCE` seconds at most. An intent that was never
  confirmed stays open for `LATE` seconds after the server first answered about it: a dead parent's
  call can land after the undoing.
- An entry still open `MERCY` seconds after its deadline is lifted, whatever the session does.

`now` is monotonic, `wall` is Unix time, both in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from loadtui.chaos.book import lines_between
from loadtui.chaos.campaign import Campaign
from loadtui.chaos.frames import (
    Bye,
    Forgotten,
    FromWatchdog,
    Heartbeat,
    LedgerLine,
    Lifted,
    OwnServer,
    PanicAnswer,
    PanicAsked,
    Pong,
    Recorded,
    ToWatchdog,
)
from loadtui.chaos.ledger import Ledger
from loadtui.model.ledger import Entry, Lift

SILENCE = 10.0
PATIENCE = 60.0
LATE = 5.0
MERCY = 1.0
_AGAIN_FAILED, _AGAIN_DONE = 0.1, 0.5

Purpose = Literal["deadline", "campaign"]


class StopLoad(msgspec.Struct, frozen=True):
    """Let every worker cut its load and end."""


class Say(msgspec.Struct, frozen=True):
    """Send a frame to the session."""

    frame: FromWatchdog


class Write(msgspec.Struct, frozen=True):
    """Append to the ledger file."""

    line: LedgerLine


class Undo(msgspec.Struct, frozen=True):
    """Try once to lift these on a thread; the result comes back by `Vigil.tried`."""

    purpose: Purpose
    entries: tuple[Entry, ...]


class Answer(msgspec.Struct, frozen=True):
    """Answer somebody who asked for a panic."""

    client: int
    answer: PanicAnswer


Act = StopLoad | Say | Write | Undo | Answer


class Vigil:
    """The watchdog's memory and rules."""

    def __init__(self, session: int, now: float) -> None:
        """Watch over the session with that pid from `now` on."""
        self.ledger = Ledger()
        self.finished = False
        self._session = session
        self._heard = now
        self._silent = self._ending = False
        self._campaign: Campaign | None = None
        self._answered: dict[int, float] = {}
        self._trying: set[Purpose] = set()
        self._next: dict[Purpose, float] = {}

    @property
    def is_busy(self) -> bool:
        """Whether it lifts everything right now."""
        return self._campaign is not None

    # -- facts -----------------------------------------------------------------------------

    def hear(self, frame: ToWatchdog, now: float) -> list[Act]:
        """The session said something, so it lives."""
        self._heard, self._silent = now, False
        match frame:
            case Recorded(entry=entry):
                known = self.ledger.get(entry.id)
                if known is None or known.change != entry.change:
                    self._answered.pop(entry.id, None)
                self.ledger = self.ledger.put(entry)
            case Forgotten(id=entry_id):
                self.ledger = self.ledger.drop(entry_id)
            case Heartbeat(number=number):
                return [Say(Pong(number))]
            case Bye():
                return self.parted(now)
            case OwnServer():
                return []
        return []

    def parted(self, now: float) -> list[Act]:
        """The pipe is closed, on purpose or not."""
        if self._ending:
            return []
        self._ending = True
        self._begin(now)
        return [StopLoad()]

    def asked(self, source: str, client: int, now: float) -> list[Act]:
        """Somebody asks for a panic through the socket."""
        self._begin(now).clients[client] = now
        return [StopLoad(), Say(PanicAsked(source))]

    def tried(self, purpose: Purpose, lifts: Sequence[Lift], now: float) -> list[Act]:
        """An attempt has ended."""
        self._trying.discard(purpose)
        failed = any(lift.result == "failed" for lift in lifts)
        self._next[purpose] = now + (_AGAIN_FAILED if failed else _AGAIN_DONE)
        closed = tuple(lift for lift in lifts if self._is_over(lift, now))
        if self._campaign is not None:
            self._campaign.note(lifts)
        return self._close(closed)

    def tick(self, now: float, wall: float) -> list[Act]:
        """Time passed."""
        acts: list[Act] = []
        if not (self._silent or self._ending) and now - self._heard >= SILENCE:
            self._silent = True
            self._begin(now)
            said = f"the watchdog: no sign of life for {SILENCE:g} s"
            acts += [StopLoad(), Say(PanicAsked(said))]
        if self._campaign is not None:
            acts += self._lead(self._campaign, now)
        return acts + self._undo("deadline", self._overdue(wall), now)

    # -- within ----------------------------------------------------------------------------

    def _begin(self, now: float) -> Campaign:
        """Begin a campaign, or widen the one under way to all that is open now."""
        clients = self._campaign.clients if self._campaign is not None else {}
        self._campaign = Campaign(now, None if self._ending else self.ledger, clients)
        return self._campaign

    def _lead(self, campaign: Campaign, now: float) -> list[Act]:
        waiting = campaign.of(self.ledger)
        acts: list[Act] = [
            Answer(client, campaign.answer(self._session, waiting, now))
            for client in campaign.due(waiting, now)
        ]
        if waiting and now - campaign.since < PATIENCE:
            return acts + self._undo("campaign", waiting, now)
        if "campaign" in self._trying:
            return acts
        self._campaign = None
        self.finished = self._ending
        return acts

    def _overdue(self, wall: float) -> tuple[Entry, ...]:
        led = self._campaign.of(self.ledger) if self._campaign is not None else ()
        return tuple(entry for entry in self.ledger.expired(wall - MERCY) if entry not in led)

    def _undo(self, purpose: Purpose, entries: tuple[Entry, ...], now: float) -> list[Act]:
        if not entries or purpose in self._trying or now < self._next.get(purpose, now):
            return []
        self._trying.add(purpose)
        return [Undo(purpose, entries)]

    def _is_over(self, lift: Lift, now: float) -> bool:
        """Whether nothing can bring back what an attempt found undone."""
        if lift.result == "failed":
            self._answered.pop(lift.entry.id, None)
        if lift.result == "failed" or self.ledger.get(lift.entry.id) != lift.entry:
            return False
        answered = self._answered.setdefault(lift.entry.id, now)
        return lift.entry.confirmed or now - answered >= LATE

    def _close(self, lifts: tuple[Lift, ...]) -> list[Act]:
        if not lifts:
            return []
        before = self.ledger
        for lift in lifts:
            self.ledger = self.ledger.forget(lift.entry.id)
            self._answered.pop(lift.entry.id, None)
        return [*map(Write, lines_between(before, self.ledger)), Say(Lifted(lifts))]
