"""Toxiproxy's nouns as values: toxic and proxy, and what is known of each toxic type."""

from __future__ import annotations

from typing import Literal

import msgspec

Stream = Literal["upstream", "downstream"]
Number = int | float
Attribute = Number | str | bool | None


class Toxic(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """One toxic; `attributes` as Toxiproxy names and measures them (`latency` ms, `rate` kB/s,
    …).
    """

    name: str
    type: str
    stream: str = "downstream"
    toxicity: float = 1.0
    attributes: dict[str, Attribute] = {}


class Proxy(msgspec.Struct, frozen=True, tag=True, tag_field="is"):
    """One proxy; toxics in chain order (all upstream ones first, as the server lists them)."""

    name: str
    listen: str
    upstream: str
    enabled: bool = True
    toxics: tuple[Toxic, ...] = ()

    def toxic(self, name: str) -> Toxic | None:
        """The toxic of that name, if there is one."""
        return next((toxic for toxic in self.toxics if toxic.name == name), None)


class Traffic(msgspec.Struct, frozen=True):
    """What goes through a proxy now: open connections, and bytes a second in both directions
    together, None until two readings tell.
    """

    connections: int
    bytes_per_second: float | None = None


class AttributeSpec(msgspec.Struct, frozen=True):
    """One attribute of a toxic type: its unit, a useful first value, the slider's end, the lowest
    value.
    """

    name: str
    unit: str
    default: int
    top: int
    low: int = 0


class ToxicSpec(msgspec.Struct, frozen=True):
    """A toxic type: its attributes, the one that ← → change first."""

    type: str
    attributes: tuple[AttributeSpec, ...]

    @property
    def defaults(self) -> dict[str, Attribute]:
        """The attributes a new toxic of this type starts with."""
        return {spec.name: spec.default for spec in self.attributes}


_A = AttributeSpec
SPECS: dict[str, ToxicSpec] = {
    spec.type: spec
    for spec in (
        ToxicSpec("latency", (_A("latency", "ms", 2000, 5000), _A("jitter", "ms", 100, 2000))),
        ToxicSpec("bandwidth", (_A("rate", "kB/s", 50, 1000, low=1),)),
        ToxicSpec("timeout", (_A("timeout", "ms", 3000, 10000),)),
        ToxicSpec("slow_close", (_A("delay", "ms", 500, 5000),)),
        ToxicSpec("reset_peer", (_A("timeout", "ms", 0, 5000),)),
        ToxicSpec(
            "slicer",
            (
                _A("average_size", "B", 100, 4000, low=1),
                _A("size_variation", "B", 50, 2000),
                _A("delay", "µs", 1000, 100000),
            ),
        ),
        ToxicSpec("limit_data", (_A("bytes", "B", 10000, 1000000, low=1),)),
    )
}
"""Every type of Toxiproxy 2.12 with bounds that cannot crash or wedge the original server."""
