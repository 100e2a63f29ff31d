"""How fast bytes pass, from readings of counters that only grow (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from loadtui.chaos.reply import Counted
from loadtui.model.toxic import Traffic

SPAN = 0.5
"""Seconds that a rate covers at least: one chunk in a short moment is no rate."""


class Meter:
    """Keeps a reading of every proxy, to tell a rate from a later one."""

    def __init__(self) -> None:
        """Know of no reading yet."""
        self._base: Mapping[str, Counted] = {}
        self._at = 0.0
        self._rates: dict[str, float] = {}

    def read(self, counted: Mapping[str, Counted], now: float) -> dict[str, Traffic]:
        """Return each proxy's traffic; `now`: seconds of any steady clock.

        No rate where a counter went back: the proxy, or its server, has begun anew.
        """
        elapsed = now - self._at
        if elapsed >= SPAN or elapsed < 0:
            self._rates = dict(self._measured(counted, elapsed))
            self._base, self._at = counted, now
        return {
            name: Traffic(each.connections, self._rates.get(name)) for name, each in counted.items()
        }

    def _measured(self, counted: Mapping[str, Counted], elapsed: float) -> list[tuple[str, float]]:
        both = ((name, self._base.get(name), now) for name, now in counted.items())
        return [
            (name, (now.bytes - before.bytes) / elapsed)
            for name, before, now in both
            if before is not None and elapsed > 0 and now.bytes >= before.bytes
        ]
