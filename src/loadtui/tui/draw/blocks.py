"""Charts without braille: two by two dots a cell, as quadrant blocks."""

from __future__ import annotations

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the sum of 1 (upper left), 2 (upper right), 4 (lower left) and 8 (lower right)."""
_DOTS = (0x01 | 0x02, 0x08 | 0x10, 0x04 | 0x40, 0x20 | 0x80)
"""Which of a braille sign's eight dots lie in each quadrant."""


def quadrant(dots: int) -> str:
    """The block that covers wherever a braille sign has dots."""
    return _QUADRANTS[sum(1 << at for at, inside in enumerate(_DOTS) if dots & inside)]


BLOCKS: dict[int, str] = {0x2800 + dots: quadrant(dots) for dots in range(256)}
"""One block for each braille sign; for `str.translate`."""
