"""Cells by second and key, at most so many seconds of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
C = TypeVar("C")


class Kept(Generic[K, C]):
    """What was recorded and not yet taken; beyond `limit` seconds the oldest two become one.

    `new`: makes an empty cell. `merge`: adds the second cell to the first. `gone` is told a key one
    of whose cells was merged into another.
    """

    def __init__(
        self,
        limit: int,
        new: Callable[[], C],
        merge: Callable[[C, C], None],
        gone: Callable[[K], None] = lambda _: None,
    ) -> None:
        """Start empty."""
        self._limit, self._new, self._merge, self._gone = limit, new, merge, gone
        self._seconds: dict[int, dict[K, C]] = {}

    def cell(self, second: int, key: K) -> C:
        """The cell of a key in a second, or in the second that this one became part of."""
        try:
            return self._seconds[second][key]
        except KeyError:
            return self._add(second, key)

    def take(self) -> Iterator[tuple[int, K, C]]:
        """Hand over everything, oldest second first."""
        seconds, self._seconds = self._seconds, {}
        for second in sorted(seconds):
            for key, cell in seconds[second].items():
                yield second, key, cell

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not self._seconds

    def _add(self, second: int, key: K) -> C:
        is_full = second not in self._seconds and len(self._seconds) >= self._limit
        cells = self._oldest(second) if is_full else self._seconds.setdefault(second, {})
        return cells.setdefault(key, self._new())

    def _oldest(self, second: int) -> dict[K, C]:
        """Make room for a second: the cells that are to be used for it."""
        oldest, *later = sorted(self._seconds)
        if second < oldest:
            return self._seconds[oldest]
        following = min([second, *later])
        kept = self._seconds.setdefault(following, {})
        for key, cell in self._seconds.pop(oldest).items():
            self._merge(kept.setdefault(key, self._new()), cell)
            self._gone(key)
        return self._seconds.setdefault(second, {})
