"""Text with `${…}` values: constant parts and variables that are fresh for each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

VariableKind = Literal["uuid", "vu", "iteration", "now", "random", "saved"]


class Variable(msgspec.Struct, frozen=True, tag=True):
    """One `${…}` that a virtual user fills in: `low`..`high` belong to `random`, `name` to `saved`."""

    kind: VariableKind
    name: str = ""
    low: int = 0
    high: int = 0


class Text(msgspec.Struct, frozen=True, tag=True):
    """Parts in order; environment values are already constant by the time a Text exists."""

    parts: tuple[str | Variable, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether every request gets the same text."""
        return all(isinstance(part, str) for part in self.parts)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables, in order of appearance."""
        return tuple(part for part in self.parts if isinstance(part, Variable))

    def render(self, value_of: Callable[[Variable], str]) -> str:
        """Fill in the variables; `value_of` may raise KeyError for a name that was never saved."""
        return "".join(
            part if isinstance(part, str) else value_of(part) for part in self.parts
        )


def constant(text: str) -> Text:
    """A Text without variables."""
    return Text((text,) if text else ())
