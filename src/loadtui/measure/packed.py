"""Buckets at rest: four bytes each instead of the hundred that a dict with its numbers takes."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import TypeAlias

from loadtui.model.row import Sparse

Packed: TypeAlias = "array[int]"
"""All indexes, then all counts, in the same order."""

NO_BUCKETS: Sparse = {}
"""Shared by all that are empty; whoever adds to one takes a dict of his own first."""


def pack(buckets: Mapping[int, int]) -> Packed:
    """The same buckets, small; indexes and counts below 2^64."""
    numbers = (*buckets, *buckets.values())
    widest = max(numbers, default=0)
    return array("H" if widest < 1 << 16 else "I" if widest < 1 << 32 else "Q", numbers)


def unpack(packed: Packed) -> Sparse:
    """A dict of them, a new one."""
    half = len(packed) // 2
    return dict(zip(packed[:half], packed[half:], strict=True))
