"""Which VUs of a worker start, drain, go on or are cut (pure).

A VU lives in a slot, and a slot moves like this:

    free ──start──► running ──drain──► draining ──cut──► leaving ──ended──► free
                       ▲                  │   └────────ended────────────────► free
                       └─────revive───────┘

The highest slot leaves first. A VU that still drains is revived before a new one starts; one that
was cut cannot come back, and its slot is used again only once it has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

import msgspec


class Orders(msgspec.Struct, frozen=True):
    """Slots to start anew, to take back from draining, and to drain."""

    start: tuple[int, ...] = ()
    revive: tuple[int, ...] = ()
    drain: tuple[int, ...] = ()


class Fleet:
    """The slots of one worker. Every order counts as carried out the moment it is given."""

    def __init__(self) -> None:
        """Start with nobody running."""
        self._running: set[int] = set()
        self._draining: dict[int, float] = {}
        self._leaving: set[int] = set()

    @property
    def active(self) -> int:
        """Slots that run."""
        return len(self._running)

    @property
    def draining(self) -> int:
        """Slots on their way out, cut ones included."""
        return len(self._draining) + len(self._leaving)

    def towards(self, target: int, now: float) -> Orders:
        """What brings the running slots to `target`; `now` (seconds) is when draining begins."""
        missing = target - len(self._running)
        if missing < 0:
            return self._lower(-missing, now)
        revive = tuple(sorted(self._draining)[:missing])
        for slot in revive:
            del self._draining[slot]
        self._running.update(revive)
        start = tuple(islice(self._free(), missing - len(revive)))
        self._running.update(start)
        return Orders(start=start, revive=revive)

    def cut(self) -> tuple[int, ...]:
        """All that drain: their requests in flight are to be cancelled."""
        return self._cut(list(self._draining))

    def overdue(self, before: float) -> tuple[int, ...]:
        """Those that began to drain before a point in time, to be cut as well."""
        return self._cut([slot for slot, since in self._draining.items() if since < before])

    def ended(self, slot: int) -> None:
        """Free a slot: its VU has ended, by order or not."""
        self._running.discard(slot)
        self._draining.pop(slot, None)
        self._leaving.discard(slot)

    def _lower(self, surplus: int, now: float) -> Orders:
        drain = tuple(sorted(self._running, reverse=True)[:surplus])
        self._running.difference_update(drain)
        self._draining.update(dict.fromkeys(drain, now))
        return Orders(drain=drain)

    def _cut(self, slots: list[int]) -> tuple[int, ...]:
        for slot in slots:
            del self._draining[slot]
        self._leaving.update(slots)
        return tuple(slots)

    def _free(self) -> Iterator[int]:
        taken = self._running | self._draining.keys() | self._leaving
        return (slot for slot in count() if slot not in taken)
