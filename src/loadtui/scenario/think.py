"""Think time as it is written: `1s`, or `1s..3s` for anything between (pure)."""

from __future__ import annotations

from loadtui.errors import BadInput
from loadtui.model.request import Think
from loadtui.model.units import parse_duration


def parse(text: str) -> Think:
    """The think time of a text; raises BadInput."""
    low, dots, high = text.partition("..")
    shortest = parse_duration(low)
    longest = parse_duration(high) if dots else shortest
    if longest < shortest:
        raise BadInput(f"{text!r} is an empty range", hint=f"write {high.strip()}..{low.strip()}")
    return Think(shortest, longest)
