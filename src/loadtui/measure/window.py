"""Sums over windows of seconds, where a long window costs little more than a short one.

Blocks of 2, 4, 8 … seconds, each at a multiple of its length, are summed when first asked for and
kept until one of their seconds changes; a window is the sum of the few blocks that fill it.
"""

from __future__ import annotations

from collections.abc import Callable

from loadtui.measure.tally import Tally

TOP = 9
"""The longest blocks are 2^9 seconds: as long as a ring of ten minutes can fill."""
NOTHING = Tally(phases=False)


class Windows:
    """Sums of one choice of request names, without phases. `second`: the sum of one second."""

    def __init__(self, second: Callable[[int], Tally]) -> None:
        """Start with no block summed."""
        self._second = second
        self._blocks: dict[tuple[int, int], Tally] = {}

    def changed(self, second: int) -> None:
        """Something was added to a second, or it was forgotten."""
        for level in range(1, TOP + 1):
            self._blocks.pop((level, second >> level), None)

    def sum(self, start: int, end: int) -> Tally:
        """The sum of the seconds `start` ≤ s < `end`; both may be any whole numbers."""
        out, at = Tally(phases=False), start
        while at < end:
            aligned = (at & -at).bit_length() - 1 if at else TOP
            level = min(aligned, (end - at).bit_length() - 1, TOP)
            out.add(self._block(level, at >> level))
            at += 1 << level
        return out

    def _block(self, level: int, index: int) -> Tally:
        if not level:
            return self._second(index)
        kept = self._blocks.get((level, index))
        if kept is None:
            kept = Tally(phases=False)
            kept.add(self._block(level - 1, 2 * index))
            kept.add(self._block(level - 1, 2 * index + 1))
            kept.pack()
            self._blocks[level, index] = kept
        return kept
