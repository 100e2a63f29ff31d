"""Tags of samples as one hashable value: pairs in the order of their names, each name once."""

from __future__ import annotations

from collections.abc import Mapping

Tags = tuple[tuple[str, str], ...]
"""(name, value) pairs, ascending by name."""

NO_TAGS: Tags = ()

OTHER = "(other)"
"""The name under which everything is counted that is one series too many."""

SERIES_LIMIT = 2000
"""Series (a request name or a metric with one set of tags) kept apart; k6 warns at 100 000."""

TOO_MANY = (
    f"more than {SERIES_LIMIT} series: further request names, metrics and sets of tags count"
    f" together as {OTHER}; name requests after their template, not after their URL"
)
"""What an operator is told, once, when the limit is met."""


def tagset(*layers: Mapping[str, str]) -> Tags:
    """All tags of some mappings, a later one's value winning: scenario, entry, request, VU."""
    merged: dict[str, str] = {}
    for layer in layers:
        merged.update(layer)
    return tuple(sorted(merged.items()))


class Names:
    """The first so many different names; what comes after them is called `(other)`."""

    __slots__ = ("_known", "_limit")

    def __init__(self, limit: int = SERIES_LIMIT) -> None:
        """Know none."""
        self._known: set[str] = set()
        self._limit = limit

    def admit(self, name: str) -> str:
        """The name itself, or `(other)` where it is one too many."""
        if name not in self._known:
            if len(self._known) >= self._limit:
                return OTHER
            self._known.add(name)
        return name
