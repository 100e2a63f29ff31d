"""Making and undoing changes on a real server. Blocking: call it from a worker thread.

Undoing reads, makes the calls that `step.backward` names, and reads again until nothing of ours is
left; so it may run twice, at the same time as another, or after it was cut anywhere in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from loadtui.chaos.ledger import undo_order
from loadtui.chaos.step import (
    AddToxic,
    Call,
    CreateProxy,
    DeleteProxy,
    RemoveToxic,
    SetEnabled,
    UpdateToxic,
    backward,
)
from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.errors import ControlError, ServerLost
from loadtui.model.fault_lines import undo_lines
from loadtui.model.ledger import Entry, Lift
from loadtui.model.toxic import Proxy

CALL_TIMEOUT = 2.0
_SHORTEST = 0.3
_PAUSE = 0.1
_TURNS = 4
"""How often one attempt reads and acts: removing and adding are two, and others may act as well."""

ClientFor = Callable[[str, float], Toxiproxy]
"""The adapter for a base URL whose calls take at most so many seconds."""


def client_for(server: str, timeout: float) -> Toxiproxy:
    """Return the adapter for `server`, `timeout` seconds a call."""
    return Toxiproxy(server, timeout=timeout)


def look(client: Toxiproxy, name: str) -> Proxy | None:
    """Return a proxy as it is now; None when there is none of that name."""
    try:
        return client.proxy(name)
    except ControlError as error:
        if error.status == 404:
            return None
        raise


def perform(client: Toxiproxy, call: Call) -> str:
    """Make a call, which the adapter reads back; return what it did, in words."""
    match call:
        case AddToxic(proxy=proxy, toxic=toxic):
            client.add_toxic(proxy, toxic)
            return f"{toxic.name} put back on {proxy}"
        case UpdateToxic(proxy=proxy, toxic=toxic):
            client.update_toxic(proxy, toxic)
            return f"{toxic.name} of {proxy} restored"
        case RemoveToxic(proxy=proxy, name=name):
            client.remove_toxic(proxy, name)
            return f"{name} removed from {proxy}"
        case SetEnabled(proxy=proxy, on=on):
            client.set_enabled(proxy, on)
            return f"{proxy} {'enabled' if on else 'disabled'}"
        case CreateProxy(proxy=created):
            client.create(created)
            return f"{created.name} created anew"
        case DeleteProxy(name=name):
            client.delete(name)
            return f"{name} deleted"


def lift(
    entries: Iterable[Entry],
    deadline: float,
    clients: ClientFor = client_for,
    clock: Callable[[], float] = time.monotonic,
) -> list[Lift]:
    """Undo entries, the newest first, trying again until `deadline` (by `clock`, in seconds).

    Returns one result for each, in the order of the attempts. A call that is under way at the
    deadline is waited for. An entry that is `done` but was never confirmed may still be brought
    back by a late call: look again.
    """
    work = _Work(deadline, clients, clock)
    waiting = undo_order(entries)
    order = [entry.id for entry in waiting]
    results: dict[int, Lift] = {}
    while waiting:
        results |= work.round(waiting)
        waiting = [entry for entry in waiting if results[entry.id].result == "failed"]
        if not waiting or clock() + _PAUSE >= deadline:
            break
        time.sleep(_PAUSE)
    return [results[number] for number in order]


class _Work:
    """The attempts of one `lift`."""

    def __init__(self, deadline: float, clients: ClientFor, clock: Callable[[], float]) -> None:
        self._deadline, self._clients, self._clock = deadline, clients, clock
        self._tried = False

    def round(self, waiting: list[Entry]) -> dict[int, Lift]:
        """Attempt each once; what stands behind a failure on its proxy or server waits its turn."""
        failures: dict[tuple[str, str], str] = {}
        results: dict[int, Lift] = {}
        for entry in waiting:
            place, server = (entry.server, entry.change.proxy), (entry.server, "")
            reason = failures.get(place) or failures.get(server)
            if reason is None:
                results[entry.id], error = self._attempt(entry)
                if error is not None:
                    failures[server if isinstance(error, ServerLost) else place] = error.text
            else:
                results[entry.id] = _failed(entry, reason)
        return results

    def _attempt(self, entry: Entry) -> tuple[Lift, ControlError | None]:
        left = self._deadline - self._clock()
        if self._tried and left <= 0:
            late = ControlError(0, "no time was left to try")
            return _failed(entry, late.text), late
        self._tried = True
        client = self._clients(entry.server, max(_SHORTEST, min(CALL_TIMEOUT, left)))
        try:
            return _undo(entry, client), None
        except ControlError as error:
            return _failed(entry, error.text), error


def _undo(entry: Entry, client: Toxiproxy) -> Lift:
    said = "was undone already"
    for _ in range(_TURNS):
        step = backward(entry, look(client, entry.change.proxy))
        if step.left:
            return Lift(entry, "left", step.left)
        if step.gone:
            return Lift(entry, "done", f"{entry.change.proxy} is gone, and with it this")
        if not step.calls:
            return Lift(entry, "done", said)
        said = ", ".join([perform(client, call) for call in step.calls])
    raise ControlError(0, f"somebody keeps changing {entry.change.proxy}")


def _failed(entry: Entry, reason: str) -> Lift:
    return Lift(entry, "failed", reason, undo_lines(entry))
