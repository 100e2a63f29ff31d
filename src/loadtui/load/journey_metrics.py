"""The scenario's own metrics, as a journey adds to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from loadtui.model.suggest import advice
from loadtui.model.tags import Tags


class Take(Protocol):
    """The recorder's way to take one sample."""

    def __call__(self, name: str, value: float, tags: Tags, *, at: float) -> None:
        """Take it at that second of the clock."""


class Metric:
    """One declared metric. `add` is k6's word for all four types: a counter goes up by the value,
    a gauge takes it, a rate counts whether it is true, a trend keeps it.
    """

    __slots__ = ("_clock", "_name", "_tags", "_take")

    def __init__(
        self,
        name: str,
        take: Take,
        clock: Callable[[], float],
        tags: Callable[[Mapping[str, object] | None], Tags],
    ) -> None:
        """`tags` makes a sample's tags from its own ones."""
        self._name, self._take, self._clock, self._tags = name, take, clock, tags

    def add(self, value: float = 1.0, tags: Mapping[str, object] | None = None) -> None:
        """Take one sample; raises ValueError for what is no finite number, or a counter's < 0."""
        self._take(self._name, float(value), self._tags(tags), at=self._clock())


class Metrics(Mapping[str, Metric]):
    """The declared metrics by name; each is made when it is asked for first."""

    __slots__ = ("_declared", "_made", "_make")

    def __init__(self, declared: Mapping[str, str], make: Callable[[str, str], Metric]) -> None:
        """`declared`: name → type, of which `make` makes a metric."""
        self._declared, self._make = declared, make
        self._made: dict[str, Metric] | None = None

    def __getitem__(self, name: str) -> Metric:
        if self._made is not None and name in self._made:
            return self._made[name]
        if name not in self._declared:
            raise Undeclared(name, self._declared)
        self._made = self._made or {}
        metric = self._made[name] = self._make(name, self._declared[name])
        return metric

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


class Undeclared(KeyError):
    """A metric that the scenario does not declare."""

    def __init__(self, name: str, known: Mapping[str, str]) -> None:
        """Say which there are."""
        hint = advice(name, known) if known else f"add metrics: {{{name}: counter}}"
        super().__init__(f"the scenario declares no metric {name}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])
