"""The value axis of a chart: where a value stands between 0 and 1, and which ticks are written.

A scale grows at once and shrinks only when the data would need less than 45 % of it: no breathing.
"""

from __future__ import annotations

import math

import msgspec

from loadtui.tui.draw.figures import number

_SHRINK = 0.45
_CLEAR = 1.25
_NEAR = tuple(m * 10.0**e for e in range(-1, 8) for m in (1, 2, 5))


class Scale(msgspec.Struct, frozen=True):
    """From `low` to `high`; logarithmic when `low` is above 0. `ticks`: values with their text."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()

    def unit(self, value: float) -> float:
        """Where a value stands: 0 at the low end, 1 at the high end, not clamped above."""
        if self.low <= 0:
            return value / self.high
        return math.log10(max(value, self.low) / self.low) / math.log10(self.high / self.low)


def linear(most: float, rows: int, before: Scale | None, ceiling: float = float("inf")) -> Scale:
    """From 0 to a round number above `most`, with ticks at even distances on whole rows.

    `ceiling`: above it there are no values, and so no axis.
    """
    need = min(max(most, 1e-6) * 1.04, max(most, ceiling))
    fits = before is not None and before.low == 0 and need <= before.high
    if fits and before is not None and need >= before.high * _SHRINK:
        return before
    step, count = _steps(need, rows)
    digits = max(0, -math.floor(math.log10(step))) if step < 1 else 0
    high = min(step * count, max(most, ceiling))
    values = (i * step for i in range(count + 1))
    return Scale(0.0, high, tuple((v, number(v, digits)) for v in values if v <= high))


def _steps(top: float, rows: int) -> tuple[float, int]:
    counts = range(1, max(2, rows // 2 + 1))
    count = min(counts, key=lambda k: ((rows - 1) % k != 0, abs(k - rows / 3)))
    if count > 2:
        mantissas: tuple[float, ...] = (1, 2, 5, 10)
    else:
        mantissas = (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if count == 1 else (1, 2, 3, 4, 5, 10)
    magnitude = 10.0 ** math.floor(math.log10(top / count))
    return next(m * magnitude for m in mantissas if top / count <= m * magnitude * 1.0001), count


def decades(least: float, most: float, rows: int, before: Scale | None) -> Scale:
    """A log axis whose ends are 1, 2 or 5 times a power of ten, a decade and a bit apart."""
    low = max((n for n in _NEAR if n <= least * 0.95), default=_NEAR[0])
    high = min((n for n in _NEAR if n >= max(most * 1.02, low * 20)), default=_NEAR[-1])
    if before is not None and before.low > 0:
        # An end moves inwards only when the data is clear of the new one: no flicker around it.
        low = before.low if before.low < low and least < low * _CLEAR else low
        high = before.high if high < before.high and most * _CLEAR > high else high
    return Scale(low, high, _log_ticks(low, high, rows))


def _log_ticks(low: float, high: float, rows: int) -> tuple[tuple[float, str], ...]:
    ticks = [n for n in _NEAR if low <= n <= high]
    if rows < 2 * len(ticks):
        ends = (low, high) if rows > 5 else ()
        ticks = [n for n in ticks if n in ends or math.log10(n).is_integer()]
    return tuple((n, number(n, 0 if n >= 1 else 1)) for n in ticks)
