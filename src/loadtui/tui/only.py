"""One request name across all panes: its numbers in place of those of all requests."""

from __future__ import annotations

import msgspec

from loadtui.model.history import History
from loadtui.model.snapshot import Endpoint, Snapshot

CHART = 120.0
"""Seconds of points that a snapshot shows."""


def only(snapshot: Snapshot, name: str) -> Snapshot:
    """The instant as the requests of that name make it; "" for all of them.

    VUs, generator, faults, thresholds and comparisons are of the whole session in any case.
    """
    if not name:
        return snapshot
    history = snapshot.history
    has_come = history.name == name
    endpoint = next((each for each in snapshot.endpoints if each.name == name), Endpoint(name, ""))
    newest = history.points[-1].at if history.points else 0.0
    recent = tuple(point for point in history.points if point.at > newest - CHART)
    total = msgspec.structs.replace(
        snapshot.total,
        requests=history.total if has_come else 0,
        failed=history.failed if has_come else 0,
    )
    return msgspec.structs.replace(
        snapshot,
        now=endpoint.now,
        slo=endpoint.limit if endpoint.limit is not None else snapshot.slo,
        errors_now=history.reasons if has_come else {},
        total=total,
        points=recent if has_come else (),
        history=history if has_come else History(name),
    )


def told_apart(snapshot: Snapshot, name: str) -> Snapshot:
    """The same instant, its comparisons saying that they are of all requests nevertheless."""
    if not name:
        return snapshot
    told = tuple(
        msgspec.structs.replace(each, what=f"{each.what} · all requests")
        for each in snapshot.comparisons
    )
    return msgspec.structs.replace(snapshot, comparisons=told)
