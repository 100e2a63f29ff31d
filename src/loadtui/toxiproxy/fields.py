"""Bodies into fields, as the original server fills its structs: names in any case, null keeps what
was there, unknown members are ignored, and the first member of a wrong type is what the error says
while the others still count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from loadtui.toxiproxy.scanner import Json, Number, Object

Value = str | bool | int | float
Reader = Callable[[Json], Value | None]
T = TypeVar("T")

INT_LOW, INT_HIGH = -(2**63), 2**63 - 1
_WHOLE = re.compile("-?[0-9]{1,19}")  # more are too many for 64 bits, and for int() at last
FLOAT32_TOP = 3.4028235677973366e38


class Mismatch(Exception):
    """A value that does not fit: the `kind` that was found, or the whole sentence about it."""

    def __init__(self, kind: str = "", sentence: str = "") -> None:
        super().__init__(sentence or kind)
        self.kind, self.sentence = kind, sentence


class Field(NamedTuple):
    """How one member is read: its reader, and the type that an error mentions."""

    read: Reader
    type: str


def text(value: Json) -> str:
    """A string."""
    if isinstance(value, Number) or not isinstance(value, str):
        raise Mismatch(kind_of(value))
    return value


def truth(value: Json) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise Mismatch(kind_of(value))
    return value


def whole(value: Json) -> int:
    """A whole number of 64 bits, written as one: neither 1.5 nor 1e3."""
    if not isinstance(value, Number):
        raise Mismatch(kind_of(value))
    if _WHOLE.fullmatch(value) and INT_LOW <= int(value) <= INT_HIGH:
        return int(value)
    raise Mismatch(f"number {value}")


def real(value: Json) -> float:
    """A number of 32 bits."""
    if not isinstance(value, Number):
        raise Mismatch(kind_of(value))
    number = float(value)
    if math.isinf(number) or abs(number) >= FLOAT32_TOP:
        raise Mismatch(f"number {value}")
    return number


TEXT, TRUTH, FLOAT32 = Field(text, "string"), Field(truth, "bool"), Field(real, "float32")


def nested(fields: Mapping[str, Field], where: str, into: dict[str, Value]) -> Reader:
    """A reader of an object, whose members go `into` a dictionary."""

    def read(value: Json) -> None:
        if not isinstance(value, Object):
            raise Mismatch(kind_of(value))
        filled, error = fill(value, fields, where)
        into.update(filled)
        if error:
            raise Mismatch(sentence=error)

    return read


def kind_of(value: Json) -> str:
    """The original's word for what a value is."""
    match value:
        case bool():
            return "bool"
        case Number():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case Object():
            return "object"
        case _:
            return "null"


def member(found: Object, fields: Mapping[str, T]) -> list[tuple[str, T, Json]]:
    """The members that are fields, in the order of the body: (field's name, field, value)."""
    named = {name.lower(): name for name in fields}
    return [
        (named[key.lower()], fields[named[key.lower()]], value)
        for key, value in found.members
        if key.lower() in named
    ]


def fill(body: Json, fields: Mapping[str, Field], where: str) -> tuple[dict[str, Value], str]:
    """Read the fields of an object; returns what fits and, where something does not, its error.

    `where` is how an error calls the struct, such as "Go struct field Proxy.". The body is an
    object or null.
    """
    filled: dict[str, Value] = {}
    error = ""
    if not isinstance(body, Object):
        return filled, error
    for name, field, value in member(body, fields):
        if value is None:
            continue
        try:
            fitting = field.read(value)
        except Mismatch as found:
            error = error or found.sentence or mismatch(found.kind, where + name, field.type)
        else:
            if fitting is not None:
                filled[name] = fitting
    return filled, error


def mismatch(kind: str, where: str, wanted: str) -> str:
    """The original's sentence for a value of a wrong type."""
    return f"json: cannot unmarshal {kind} into {where} of type {wanted}"
