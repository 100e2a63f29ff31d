"""Where something stands in a file, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from loadtui.errors import BadInput
from loadtui.model.plain import printable

Path = tuple[str | int, ...]
"""Keys and list indices from the root of a document to one of its values."""


class Place(msgspec.Struct, frozen=True, order=True):
    """Line and column, both from 1; `source`: a scalar as it was written, "" for anything else.

    `file`: where that is another than the one that is read.
    """

    line: int = 1
    column: int = 1
    source: str = ""
    file: str = ""


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend: what is wrong, then what to do."""

    place: Place
    what: str
    hint: str

    def line(self, file: str) -> str:
        """`file:line:column: what; what to do`, on one line whatever the file holds."""
        text = f"{self.what}; {self.hint}" if self.hint else self.what
        shown = printable(" ".join(text.split()))
        where = printable(self.place.file or file)
        return f"{where}:{self.place.line}:{self.place.column}: {shown}"


class Document(msgspec.Struct, frozen=True):
    """A file as plain dicts, lists and scalars, with the place of every value and every key.

    `problems`: what the file's syntax already got wrong.
    """

    root: Any
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    problems: tuple[Problem, ...] = ()

    def value_place(self, path: Path) -> Place:
        """Where a value stands; of one that is not there, where its nearest parent does."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place())

    def key_place(self, path: Path) -> Place:
        """Where a key stands; where there is none (list entries, the root), its value."""
        return self.keys.get(path) or self.value_place(path)

    def at_value(self, path: Path, problem: BadInput) -> Problem:
        """That problem, placed at a value."""
        return Problem(self.value_place(path), problem.what, problem.hint)

    def at_key(self, path: Path, problem: BadInput) -> Problem:
        """That problem, placed at a key."""
        return Problem(self.key_place(path), problem.what, problem.hint)


def mapping(value: object) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one: rules must survive wrong shapes."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []
