"""What a value of a script can be besides texts, numbers and lists (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from loadtui.scenario.importer.js_token import Token


class Unknown:
    """A value that only running the script could tell; `text` is how it is written."""

    def __init__(self, text: str) -> None:
        self.text = text


class Env:
    """`__ENV.NAME` that no default stands beside."""

    def __init__(self, name: str) -> None:
        self.name = name


class Answer:
    """What a request brings back. `save`: name → path of the values that are used later."""

    def __init__(self, name: str, save: dict[str, str]) -> None:
        self.name, self.save = name, save

    def value(self, path: str) -> str | Unknown:
        """A value of the answer's JSON, kept from now on."""
        if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", path, re.ASCII):
            return Unknown(path)
        key = re.sub(r"\W", "_", f"{self.name}_{path}", flags=re.ASCII)
        self.save[key] = path
        return f"${{{key}}}"


class Json:
    """What `JSON.stringify` was given."""

    def __init__(self, value: object) -> None:
        self.value = value


class Obj(dict[str, Any]):
    """An object with the line of each key, and the words of each value."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.words: dict[str, Sequence[Token]] = {}


def as_text(value: object) -> str | None:
    """A value as a text of the scenario, None where it is not known."""
    match value:
        case bool() | None:
            return str(value).lower()
        case str():
            return value
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case Env(name=name):
            return f"${{{name}:-{name}}}"
        case _:
            return None
