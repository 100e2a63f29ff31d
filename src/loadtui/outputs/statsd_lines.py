"""Samples as StatsD's lines, with k6's names (pure).

Sources: "StatsD Metric Types" (name:value|type|@rate), "DogStatsD datagram format" (|#tag:value).
Names are those k6 gave before it left StatsD to others: `k6.http_reqs`; a check counts in
`k6.check.NAME.pass` or `.fail`; of any other rate what is not zero is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from loadtui.model.metric import METRICS, MetricType
from loadtui.outputs.k6_json import number
from loadtui.outputs.samples import Sample

PREFIX = "k6."

PACKET = 1432
"""Bytes of a datagram that fits into every network's packets, as StatsD advises."""

MOST = 500
"""Timings of one drain that are sent one by one; of more, every 2nd, 4th … with its rate."""

_LEFT_OUT = frozenset({"iter", "url", "vu"})
"""Tags that k6 left out: each has too many values, or says what another says."""

_NO_NAME = re.compile(r"[:|@#,\s]")
_NO_VALUE = re.compile(r"[|#,\n\r]")


class Labels(NamedTuple):
    """A set of tags: the end of a line, and which check they are of."""

    tags: str
    check: str


class StatsdLines:
    """Samples since the last drain. `tagged`: whether lines carry tags."""

    def __init__(self, *, tagged: bool) -> None:
        """Nothing waits."""
        self._tagged = tagged
        self._counts: dict[tuple[str, str], float] = {}
        self._gauges: dict[tuple[str, str], float] = {}
        self._timings: dict[tuple[str, str], list[float]] = {}
        self._phases: dict[tuple[str, str], int] = {}

    def encode_tags(self, tags: Mapping[str, str]) -> Labels:
        """What lines of a set of tags end with."""
        check = _NO_NAME.sub("_", tags.get("check", ""))
        if not self._tagged:
            return Labels("", check)
        kept = ((name, tags[name]) for name in sorted(tags) if tags[name])
        told = [
            f"{_NO_NAME.sub('_', name)}:{_NO_VALUE.sub('_', value)}"
            for name, value in kept
            if name not in _LEFT_OUT
        ]
        return Labels(f"|#{','.join(told)}" if told else "", check)

    def add(self, samples: Iterable[Sample[Labels]], kinds: Mapping[str, MetricType]) -> int:
        """Take samples; returns how many."""
        total = 0
        for metric, labels, _, value in samples:
            total += 1
            key = (metric, labels.tags)
            match METRICS.get(metric) or kinds.get(metric, "counter"):
                case "trend":
                    self._timings.setdefault(key, []).append(value)
                case "gauge":
                    self._gauges[key] = value
                case "rate":
                    name = metric
                    if labels.check:
                        name = f"check.{labels.check}.{'pass' if value else 'fail'}"
                    counted = 1.0 if labels.check or value else 0.0
                    self._count((name, labels.tags), counted)
                case _:
                    self._count(key, value)
        return total

    def drain(self) -> list[bytes]:
        """Everything that waits, in datagrams."""
        packets = list(_packets(self._lines()))
        self._counts, self._gauges, self._timings = {}, {}, {}
        return packets

    def _count(self, key: tuple[str, str], value: float) -> None:
        self._counts[key] = self._counts.get(key, 0.0) + value

    def _lines(self) -> Iterator[str]:
        for (name, tags), value in self._counts.items():
            yield f"{PREFIX}{name}:{number(value)}|c{tags}"
        for (name, tags), value in self._gauges.items():
            if value < 0:  # a sign means a change
                yield f"{PREFIX}{name}:0|g{tags}"
            yield f"{PREFIX}{name}:{number(value)}|g{tags}"
        stride = 1
        # A power of two, whose share is exact: receivers divide by it and cut.
        while sum(map(len, self._timings.values())) > stride * MOST:
            stride *= 2
        share = f"|@{1 / stride!r}" if stride > 1 else ""
        for key, values in self._timings.items():
            for value in self._every(key, values, stride):
                yield f"{PREFIX}{key[0]}:{number(value)}|ms{share}{key[1]}"

    def _every(self, key: tuple[str, str], values: list[float], stride: int) -> list[float]:
        """Every so many values of a key, counted on from drain to drain."""
        passed = self._phases.get(key, 0)
        self._phases[key] = passed + len(values)
        return values[-passed % stride :: stride]


def _packets(lines: Iterable[str]) -> Iterator[bytes]:
    packet = b""
    for line in lines:
        data = line.encode()
        if packet and len(packet) + 1 + len(data) > PACKET:
            yield packet
            packet = b""
        packet = packet + b"\n" + data if packet else data
    if packet:
        yield packet
