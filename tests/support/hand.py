"""Change a real server through a ledger, as a session does, but without its processes."""

from __future__ import annotations

from loadtui.chaos.ledger import Ledger
from loadtui.chaos.step import forward, part_of, rebased
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.chaos.undo import look, perform
from loadtui.model.ledger import Change, Entry
from loadtui.model.toxic import Proxy, Toxic


def toxic(proxy: str, name: str, after: Toxic | None) -> Change:
    """A wish for a toxic; what is there before is read when it is made."""
    return Change(proxy, "toxic", name, None, after)


def down(proxy: str) -> Change:
    """A wish for a proxy that refuses every connection."""
    return Change(proxy, "enabled", "", before=True, after=False)


def whole(name: str, after: Proxy | None) -> Change:
    """A wish for a proxy to be created, or deleted."""
    return Change(name, "proxy", "", None, after)


class Hand:
    """Makes changes and enters them in a ledger."""

    def __init__(self, client: Toxiproxy) -> None:
        """Change the server of this adapter."""
        self.client, self.ledger = client, Ledger()

    def make(self, wish: Change, *, confirmed: bool = True) -> Entry:
        """Make one change; return its entry."""
        current = look(self.client, wish.proxy)
        server = self.client.url
        intent = rebased(wish, self.ledger.of(wish, server), current)
        self.ledger, entry = self.ledger.intend(intent, server, None)
        for call in forward(intent, current):
            perform(self.client, call)
        if confirmed:
            seen = part_of(intent, look(self.client, wish.proxy))
            self.ledger = self.ledger.confirm(entry.id, seen)
        found = self.ledger.get(entry.id)
        assert found is not None
        return found
