"""Everything since the start, summed up by metric and set of tags (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from loadtui.measure.custom import Measured
from loadtui.model.metric import METRICS, MetricType
from loadtui.outputs.samples import Sample

TagSet = tuple[tuple[str, str], ...]


class Key(NamedTuple):
    """What is summed up together."""

    metric: str
    tags: TagSet


class Entry(NamedTuple):
    """How one sum stands."""

    key: Key
    sums: Measured


def encode_tags(tags: Mapping[str, str]) -> TagSet:
    """A set of tags as a key; an empty value is no tag."""
    return tuple(sorted((name, value) for name, value in tags.items() if value))


class SeriesSums:
    """Sums of all samples."""

    def __init__(self) -> None:
        """Nothing is summed yet."""
        self._sums: dict[Key, Measured] = {}
        # The same by a set's identity: hashing all of its tags for every sample costs more than
        # summing up. The set is kept too, so that no other one ever has its identity.
        self._near: dict[tuple[str, int], tuple[TagSet, Measured]] = {}

    def add(self, samples: Iterable[Sample[TagSet]], kinds: Mapping[str, MetricType]) -> int:
        """Take samples; returns how many."""
        count = 0
        near = self._near
        for metric, tags, at, value in samples:
            try:
                _, sums = near[metric, id(tags)]
            except KeyError:
                sums = self._sums_of(Key(metric, tags), kinds)
                near[metric, id(tags)] = tags, sums
            sums.record(value, at / 1e9)
            count += 1
        return count

    def _sums_of(self, key: Key, kinds: Mapping[str, MetricType]) -> Measured:
        if key not in self._sums:
            self._sums[key] = Measured(METRICS.get(key.metric) or kinds.get(key.metric, "counter"))
        return self._sums[key]

    def entries(self) -> Iterator[Entry]:
        """All sums, in an order that stays."""
        return (Entry(key, self._sums[key]) for key in sorted(self._sums))


class Told:
    """What of the sums a server has taken: what has not changed since need not be said again."""

    def __init__(self, kinds: frozenset[MetricType]) -> None:
        """Nothing is told; `kinds`: types of metrics that this is about."""
        self._kinds = kinds
        self._counts: dict[Key, int] = {}

    def missing(self, sums: SeriesSums) -> list[Entry]:
        """All sums that have changed since they were taken."""
        return [each for each in sums.entries() if self._missing(each)]

    def taken(self, entries: Iterable[Entry]) -> None:
        """Those sums are known there, as they stand."""
        self._counts.update({each.key: each.sums.count for each in entries})

    def samples_missing(self, sums: SeriesSums) -> int:
        """How many samples the server does not know of."""
        return sum(map(self._missing, sums.entries()))

    def _missing(self, entry: Entry) -> int:
        known = self._counts.get(entry.key, 0)
        return entry.sums.count - known if entry.sums.kind in self._kinds else 0
