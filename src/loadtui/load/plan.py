"""Who runs how much (pure)."""

from __future__ import annotations


def split(target: int, workers: int) -> tuple[int, ...]:
    """The target of each of `workers` ≥ 1 workers: the sum is exact, they differ by one at most."""
    base, more = divmod(target, workers)
    return tuple(base + (index < more) for index in range(workers))
