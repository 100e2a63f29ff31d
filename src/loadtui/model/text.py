"""Text with `${…}` values: constant parts and variables that are fresh for each request."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote, quote_plus

import msgspec

VariableKind = Literal["uuid", "vu", "iteration", "now", "random", "saved", "trace", "data"]
Escape = Literal["", "header", "url", "form", "json", "json value"]
"""How a value is written where it stands. `json`: inside a JSON string. `json value`: in the place
of a whole JSON value, so that a saved number stays a number."""

_LEGAL_IN_URL = "%/?#[]@!$&'()*+,;=:-._~"
_LINE_ENDS = str.maketrans("\r\n\0", "   ")


class Variable(msgspec.Struct, frozen=True, tag=True):
    """One `${…}` that a virtual user fills in: `low`..`high` belong to `random`.

    `name` belongs to `saved`, and to `data`, as `users.name`; `escape` says how the value is
    written. `trace` is a `traceparent`, and `name` its `trace.cut`.
    """

    kind: VariableKind
    name: str = ""
    low: int = 0
    high: int = 0
    escape: Escape = ""

    def written(self, value: object) -> str:
        """The value as it stands in the text; what is no text itself is written as JSON."""
        if self.escape == "json value":
            is_number = self.kind in {"vu", "iteration", "random"}
            return str(value) if is_number else json.dumps(value)
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        match self.escape:
            case "json":
                return json.dumps(text)[1:-1]
            case "url":
                return quote(text, safe=_LEGAL_IN_URL)
            case "form":
                return quote_plus(text)
            case "header":
                return text.translate(_LINE_ENDS)
            case "":
                return text


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

    def render(self, value_of: Callable[[Variable], object]) -> str:
        """Fill in the variables; `value_of` may raise KeyError for a name that was never saved."""
        return "".join(
            part if isinstance(part, str) else part.written(value_of(part)) for part in self.parts
        )

    def escaped(self, escape: Escape) -> Text:
        """The same text with every variable written so; constant parts stay as they are."""
        return Text(
            tuple(
                part if isinstance(part, str) else msgspec.structs.replace(part, escape=escape)
                for part in self.parts
            )
        )


def constant(text: str) -> Text:
    """A Text without variables."""
    return Text((text,) if text else ())


def joined(*texts: Text | str) -> Text:
    """One Text of several, neighbouring constant parts merged."""
    parts: list[str | Variable] = []
    for text in texts:
        for part in (text,) if isinstance(text, str) else text.parts:
            last = parts[-1] if parts else None
            if isinstance(part, str) and isinstance(last, str):
                parts[-1] = last + part
            elif part:
                parts.append(part)
    return Text(tuple(parts))
