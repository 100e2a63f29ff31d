"""k6's series for Prometheus: everything since the start, one reading a series and write (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from loadtui.measure.custom import Measured
from loadtui.model.metric import METRICS, MetricType
from loadtui.model.result import trend_stat
from loadtui.outputs.k6_json import contains
from loadtui.outputs.remote_write import Labels, Reading, labels
from loadtui.outputs.samples import Sample

PREFIX = "k6_"

TagSet = tuple[tuple[str, str], ...]


def encode_tags(tags: Mapping[str, str]) -> TagSet:
    """A set of tags as a key."""
    return tuple(sorted(tags.items()))


class Series:
    """Sums of all samples, by metric and tags. `stats`: what is told of each trend."""

    def __init__(self, stats: tuple[str, ...]) -> None:
        """Nothing is summed yet."""
        self._stats = stats
        self._sums: dict[tuple[str, TagSet], Measured] = {}
        self._changed: set[tuple[str, TagSet]] = set()
        self._labels: dict[tuple[str, TagSet, str], Labels] = {}
        self._last = 0

    def add(self, samples: Iterable[Sample[TagSet]], kinds: Mapping[str, MetricType]) -> int:
        """Take samples; returns how many."""
        count = 0
        for metric, tags, at, value in samples:
            key = (metric, tags)
            sums = self._sums.get(key)
            if sums is None:
                kind = METRICS.get(metric) or kinds.get(metric, "counter")
                sums = self._sums[key] = Measured(kind)
            sums.record(value, at / 1e9)
            self._changed.add(key)
            count += 1
        return count

    def readings(self, now: int) -> list[Reading]:
        """Every series that has changed since the last time, at `now` ms, each time a later one."""
        at = self._last = max(now, self._last + 1)
        changed, self._changed = self._changed, set()
        return [
            Reading(self._labelled(key, suffix), value, at)
            for key in sorted(changed)
            for suffix, value in self._values(key[0], self._sums[key])
        ]

    def again(self, readings: Iterable[Reading]) -> None:
        """Those readings were not taken: their series count as changed once more."""
        lost = {reading.labels for reading in readings}
        known = self._labels.items()
        self._changed |= {(metric, tags) for (metric, tags, _), own in known if own in lost}

    def _values(self, metric: str, sums: Measured) -> Iterator[tuple[str, float]]:
        match sums.kind:
            case "counter":
                yield "_total", sums.total
            case "gauge":
                yield "", sums.last
            case "rate":
                yield "_rate", sums.truthy / sums.count
            case "trend":
                scale = 1e-3 if contains(metric) == "time" else 1.0
                for stat in self._stats:
                    value = _stat(sums, stat)
                    yield _suffix(stat), value if stat == "count" else value * scale

    def _labelled(self, key: tuple[str, TagSet], suffix: str) -> Labels:
        whole = (*key, suffix)
        if whole not in self._labels:
            self._labels[whole] = labels(f"{PREFIX}{key[0]}{suffix}", dict(key[1]))
        return self._labels[whole]


def _suffix(stat: str) -> str:
    """`p(99.9)` → `_p999`, as k6 names it."""
    return "_" + "".join(each for each in stat if each.isalnum())


def _stat(sums: Measured, stat: str) -> float:
    match stat:
        case "avg":
            return sums.total / sums.count
        case "min":
            return sums.low
        case "max":
            return sums.high
        case "count":
            return float(sums.count)
        case _:
            return sums.quantile(trend_stat(stat) or 0.0) or 0.0
