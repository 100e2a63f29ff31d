"""Watched processes: what they were last, what thresholds read of them, and when one is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from loadtui.measure.custom import Measured
from loadtui.measure.store import Store
from loadtui.measure.trail import Trail
from loadtui.model.scenario import Scenario
from loadtui.model.tags import Tags
from loadtui.model.units import duration
from loadtui.model.watch import Watched
from loadtui.session.effect import Mark


def tags_of(name: str) -> Tags:
    """The tags of a watched process's samples."""
    return (("process", name),)


class Trails(msgspec.Struct, frozen=True):
    """How a process's memory (bytes) and open files went, in session seconds."""

    memory: Trail = msgspec.field(default_factory=Trail)
    files: Trail = msgspec.field(default_factory=Trail)


class Watching:
    """The watched processes of a session. `origin`: its first second on the monotonic clock."""

    def __init__(self, scenario: Scenario, store: Store, origin: float) -> None:
        """Nothing was looked at yet."""
        self._store, self.origin = store, origin
        self.now: tuple[Watched, ...] = ()
        self.trails = {each.name: Trails() for each in scenario.watch}

    def take(self, seen: Sequence[Watched], now: float) -> Iterator[Mark]:
        """A look at all of them at `now` (monotonic): what is worth a marker."""
        before, at = {each.name: each for each in self.now}, now - self.origin
        self.now = tuple(_since(each, before.get(each.name), at) for each in seen)
        for each in self.now:
            self._measure(each, now)
            if (mark := _change(before.get(each.name), each, at)) is not None:
                yield mark

    def _measure(self, each: Watched, now: float) -> None:
        for metric, value in each.gauges.items():
            sums = Measured("gauge")
            sums.record(value, now)
            self._store.add_metric(sums.row(int(now), metric, tags_of(each.name)))
        trails, at = self.trails[each.name], now - self.origin
        for trail, known in ((trails.memory, each.memory), (trails.files, each.files)):
            if known is not None:
                trail.add(at, known)


def _since(each: Watched, before: Watched | None, at: float) -> Watched:
    """The same, with the moment at which it was first found gone."""
    if each.gone is None:
        return each
    known = before.gone if before is not None else None
    return msgspec.structs.replace(each, gone=at if known is None else known)


def _change(before: Watched | None, each: Watched, at: float) -> Mark | None:
    name = each.name
    if each.gone is not None and (before is None or before.gone is None):
        return Mark(kind="bad", what=f"{name} gone", detail=f"process {each.pid} has ended")
    if before is None or each.gone is not None:
        return None
    if before.gone is not None:
        after = duration(float(round(at - before.gone)))
        return Mark(kind="good", what=f"{name} back", detail=f"process {each.pid}, after {after}")
    if each.pid != before.pid:
        return Mark(kind="bad", what=f"{name} restarted", detail=f"{before.pid} → {each.pid}")
    return None
