"""The ledger (pure): every change of a server that is not undone yet, as one frozen value.

Rules of this module: a change is entered before its call is made; a second change of the same part
joins the first, because only the state before the first is worth going back to; an entry leaves
only when its undoing was read back, or when it never took effect.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from loadtui.model.ledger import Change, Entry, State
from loadtui.model.toxic import Proxy, Toxic

UNSEEN = 8
"""How many states that were asked for and never seen an entry remembers. Each cost a whole
time-out, so the oldest call is long over."""


class Ledger(msgspec.Struct, frozen=True):
    """The open entries, in the order in which their parts were first changed. `last`: newest id."""

    entries: tuple[Entry, ...] = ()
    last: int = 0

    def get(self, entry_id: int) -> Entry | None:
        """The open entry of that id."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def of(self, change: Change, server: str) -> Entry | None:
        """The open entry for the part that `change` is about."""
        part = _part(change, server)
        return next((e for e in self.entries if _part(e.change, e.server) == part), None)

    def objection(self, change: Change, server: str) -> str:
        """Why a change cannot be entered, "" when it can.

        A proxy that we deleted comes back as it was, not as a new one under its name: what would
        have to be undone could not be told from what somebody else did in between.
        """
        if change.part != "proxy" or change.after is None:
            return ""
        entry = self.of(change, server)
        if entry is None or entry.change.before is None:
            return ""
        return f"{change.proxy} was deleted by this session; lifting that brings it back"

    def intend(self, change: Change, server: str, deadline: float | None) -> tuple[Ledger, Entry]:
        """Enter a change that is about to be made; an open entry of the same part takes it up.

        `change.before` is what to go back to (see `step.rebased`).
        """
        known = self.of(change, server)
        if known is None:
            entry = Entry(self.last + 1, server, change, deadline)
        else:
            asked = known.asked if known.confirmed else (*known.asked, known.change.after)
            entry = Entry(known.id, server, change, deadline, seen=known.seen, asked=_newest(asked))
        return self.put(entry), entry

    def confirm(self, entry_id: int, seen: State) -> Ledger:
        """The call took effect: `seen` was read back."""
        entry = self.get(entry_id)
        if entry is None:
            return self
        return self.put(msgspec.structs.replace(entry, confirmed=True, seen=seen))

    def take_back(self, entry_id: int, known: Entry | None) -> Ledger:
        """The call was refused and changed nothing: its part is entered as before (`known`)."""
        return self.drop(entry_id) if known is None else self.put(known)

    def drop(self, entry_id: int) -> Ledger:
        """Without the entry of that id, the others untouched."""
        rest = tuple(entry for entry in self.entries if entry.id != entry_id)
        return msgspec.structs.replace(self, entries=rest)

    def put(self, entry: Entry) -> Ledger:
        """Enter an entry as it now stands, in place of the one with its id."""
        others = (each for each in self.entries if each.id != entry.id)
        entries = tuple(sorted((*others, entry), key=lambda each: each.id))
        return Ledger(entries, max(self.last, entry.id))

    def forget(self, entry_id: int) -> Ledger:
        """An entry is undone. A deleted proxy of which it changed a part comes back without it."""
        gone = self.get(entry_id)
        if gone is None:
            return self
        rest = (entry for entry in self.entries if entry is not gone)
        entries = tuple(_without(entry, gone) for entry in rest)
        return msgspec.structs.replace(self, entries=entries)

    def expired(self, now: float) -> tuple[Entry, ...]:
        """Entries whose deadline (Unix seconds, like `now`) has come."""
        return tuple(e for e in self.entries if e.deadline is not None and e.deadline <= now)

    def with_what_is_on(self, ids: frozenset[int]) -> tuple[Entry, ...]:
        """The entries of these ids; with a proxy that we created, all that we changed on it."""
        created = {_proxy(e) for e in self.entries if e.id in ids and not e.is_fault}
        return tuple(e for e in self.entries if e.id in ids or _proxy(e) in created)


def difference(old: Ledger, new: Ledger) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """Entries of `new` that `old` has not, or has otherwise; ids of `old` that are closed."""
    changed = tuple(entry for entry in new.entries if old.get(entry.id) != entry)
    closed = tuple(entry.id for entry in old.entries if new.get(entry.id) is None)
    return changed, closed


def undo_order(entries: Iterable[Entry]) -> list[Entry]:
    """The newest first; but proxies that we deleted before, and those we created after the rest.

    What was changed on a proxy can be undone only while the proxy is there.
    """
    return sorted(entries, key=lambda entry: (_rank(entry.change), -entry.id))


def _rank(change: Change) -> int:
    if change.part != "proxy":
        return 1
    return 2 if change.before is None else 0


def _proxy(entry: Entry) -> tuple[str, str]:
    return entry.server, entry.change.proxy


def _part(change: Change, server: str) -> tuple[str, ...]:
    return server, change.proxy, change.part, change.toxic


def _newest(states: tuple[State, ...]) -> tuple[State, ...]:
    distinct = [state for at, state in enumerate(states) if state not in states[at + 1 :]]
    return tuple(distinct[-UNSEEN:])


def _without(entry: Entry, gone: Entry) -> Entry:
    """An entry; if it is a deleted proxy's, its `before` no longer holds what `gone` changed."""
    before = entry.change.before
    if _proxy(entry) != _proxy(gone) or not isinstance(before, Proxy):
        return entry
    change = msgspec.structs.replace(entry.change, before=restored(before, gone.change))
    return msgspec.structs.replace(entry, change=change)


def undone(view: dict[str, Proxy], change: Change) -> dict[str, Proxy]:
    """The proxies of a server once a change is undone."""
    proxy, before = view.get(change.proxy), change.before
    if change.part == "proxy":
        proxy = before if isinstance(before, Proxy) else None
    elif proxy is not None:
        proxy = restored(proxy, change)
    rest = {name: each for name, each in view.items() if name != change.proxy}
    return rest if proxy is None else {**rest, change.proxy: proxy}


def restored(proxy: Proxy, change: Change) -> Proxy:
    """The proxy with one part as it was before a change."""
    if change.part == "enabled":
        return msgspec.structs.replace(proxy, enabled=bool(change.before))
    before = (change.before,) if isinstance(change.before, Toxic) else ()
    at = next((i for i, toxic in enumerate(proxy.toxics) if toxic.name == change.toxic), None)
    head, tail = (proxy.toxics, ()) if at is None else (proxy.toxics[:at], proxy.toxics[at + 1 :])
    return msgspec.structs.replace(proxy, toxics=(*head, *before, *tail))
