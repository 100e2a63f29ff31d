"""JMESPath, compiled once; a path of plain names does not pay for the whole language."""

from __future__ import annotations

import re
from collections.abc import Callable

import jmespath
from jmespath.exceptions import JMESPathError

Lookup = Callable[[object], object]
"""From a JSON value to what the path finds in it; None when there is nothing."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


def compile_path(expression: str) -> Lookup:
    """How to look up `expression`; raises ValueError with a sentence when it is no JMESPath.

    A function of the language that does not fit the value at hand finds nothing.
    """
    if _PLAIN.fullmatch(expression):
        return _names(expression.split("."))
    try:
        compiled = jmespath.compile(expression)
    except JMESPathError as error:
        raise ValueError(f"{expression!r} is no JMESPath: {error}") from None

    def look(value: object) -> object:
        try:
            return compiled.search(value)
        except JMESPathError:
            return None

    return look


def _names(names: list[str]) -> Lookup:
    def look(value: object) -> object:
        for name in names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return look
