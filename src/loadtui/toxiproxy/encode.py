"""Proxies and toxics as the original server prints them: compact, its order, its escapes."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from decimal import Decimal

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.kinds import numbers

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def text(value: str) -> str:
    """A string, with `<`, `>` and `&` escaped."""
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def float32(value: float) -> str:
    """The shortest number that is this one in 32 bits: 0.33, and 1 for 1.0."""
    single = to_float32(value)
    shortest = next(
        (f"{single:.{digits}g}" for digits in range(1, 9) if _same(single, digits)),
        f"{single:.9g}",
    )
    mantissa, mark, exponent = shortest.partition("e")
    if mark and to_float32(1e-6) <= abs(single) < to_float32(1e21):
        return f"{Decimal(shortest):f}"
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}" if mark else shortest


def to_float32(value: float) -> float:
    """The nearest number of 32 bits."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _same(single: float, digits: int) -> bool:
    return to_float32(float(f"{single:.{digits}g}")) == single


def toxic(value: Toxic) -> str:
    """One toxic."""
    attributes = ",".join(f'"{name}":{number}' for name, number in numbers(value).items())
    return (
        f'{{"attributes":{{{attributes}}},"name":{text(value.name)},"type":{text(value.type)},'
        f'"stream":{text(value.stream)},"toxicity":{float32(value.toxicity)}}}'
    )


def toxics(values: Iterable[Toxic]) -> str:
    """A list of toxics."""
    return f"[{','.join(toxic(value) for value in values)}]"


def named(values: Mapping[str, str]) -> str:
    """An object of encoded values, its keys sorted by their bytes."""
    keys = sorted(values, key=lambda key: key.encode())
    return "{" + ",".join(f"{text(key)}:{values[key]}" for key in keys) + "}"


def error(message: str, status: int) -> str:
    """The body of an error, without the line's end that most of them have."""
    return f'{{"error":{text(message)},"status":{status}}}'
