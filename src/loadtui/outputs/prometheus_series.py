"""k6's series for Prometheus: everything since the start, one reading a series and write (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loadtui.measure.custom import Measured
from loadtui.model.result import trend_stat
from loadtui.outputs.exponential import exponential
from loadtui.outputs.k6_json import contains
from loadtui.outputs.remote_write import Labels, Reading, labels, request
from loadtui.outputs.series_sums import Entry, Key

PREFIX = "k6_"


class Series:
    """Sums as k6's series, named once. `stats`: what is told of each trend."""

    def __init__(self, stats: tuple[str, ...]) -> None:
        """No series is named yet."""
        self._stats = stats
        self._labels: dict[tuple[Key, str], Labels] = {}

    def numbers(self, entries: Sequence[Entry], at: int) -> bytes:
        """The body of a write of plain numbers, at ns of the Unix epoch."""
        return request(self.readings(entries, at // 1_000_000))

    def histograms(self, entries: Sequence[Entry], at: int) -> bytes:
        """The body of a write of trends as native histograms."""
        return request(
            Reading(
                self._labelled(key, "_seconds" if contains(key.metric) == "time" else ""),
                exponential(sums, _unit(key.metric)),
                at // 1_000_000,
            )
            for key, sums in entries
        )

    def readings(self, entries: Iterable[Entry], at: int) -> Iterator[Reading]:
        """Every plain number that the sums give, at ms of the Unix epoch."""
        for key, sums in entries:
            for suffix, value in self._values(key.metric, sums):
                yield Reading(self._labelled(key, suffix), value, at)

    def _values(self, metric: str, sums: Measured) -> Iterator[tuple[str, float]]:
        match sums.kind:
            case "counter":
                yield "_total", sums.total
            case "gauge":
                yield "", sums.last
            case "rate":
                yield "_rate", sums.truthy / sums.count
            case "trend":
                for stat in self._stats:
                    value = _stat(sums, stat)
                    yield _suffix(stat), value if stat == "count" else value * _unit(metric)

    def _labelled(self, key: Key, suffix: str) -> Labels:
        known = self._labels.get((key, suffix))
        if known is None:
            known = labels(f"{PREFIX}{key.metric}{suffix}", dict(key.tags))
            self._labels[key, suffix] = known
        return known


def _unit(metric: str) -> float:
    """Times are ms with us and seconds there."""
    return 1e-3 if contains(metric) == "time" else 1.0


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
