"""The types of toxics: their attributes, the values they refuse, the flow that each starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.flow import (
    Bandwidth,
    Dice,
    Flow,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
)

JITTER_END = 2**62
"""The first jitter that the original server's dice do not survive."""


class Start(msgspec.Struct, frozen=True):
    """What a flow begins with; `passed`: bytes that earlier flows of the same stage let through."""

    attributes: dict[str, int]
    dice: Dice
    passed: int
    now: float


class Kind(msgspec.Struct, frozen=True):
    """One type: its attributes in the order they are printed, the lowest values that work, and the
    original server's names for the struct and the whole numbers, which its errors mention.
    """

    attributes: tuple[str, ...]
    start: Callable[[Start], Flow]
    lows: Mapping[str, int] = {}
    struct: str = ""
    number: str = "int64"


KINDS: dict[str, Kind] = {
    "bandwidth": Kind(
        ("rate",),
        lambda s: Bandwidth(s.attributes, s.now),
        {"rate": 1},
        "BandwidthToxic",
    ),
    "latency": Kind(
        ("latency", "jitter"),
        lambda s: Latency(s.attributes, s.dice, s.now),
        {},
        "LatencyToxic",
    ),
    "limit_data": Kind(
        ("bytes",), lambda s: LimitData(s.attributes, s.passed, s.now), {}, "LimitDataToxic"
    ),
    "noop": Kind((), lambda s: Flow(s.now), {}, "NoopToxic"),
    "reset_peer": Kind(("timeout",), lambda s: ResetPeer(s.attributes, s.now), {}, "ResetToxic"),
    "slicer": Kind(
        ("average_size", "size_variation", "delay"),
        lambda s: Slicer(s.attributes, s.dice, s.now),
        {"average_size": 1, "size_variation": 0},
        "SlicerToxic",
        "int",
    ),
    "slow_close": Kind(("delay",), lambda s: SlowClose(s.attributes, s.now), {}, "SlowCloseToxic"),
    "timeout": Kind(("timeout",), lambda s: Timeout(s.attributes, s.now), {}, "TimeoutToxic"),
}


def numbers(toxic: Toxic) -> dict[str, int]:
    """Its attributes as whole numbers, in the order of its kind; 0 where none is given."""
    given = toxic.attributes
    return {name: int(given.get(name) or 0) for name in KINDS[toxic.type].attributes}


def start(toxic: Toxic, dice: Dice, *, passed: int, now: float) -> Flow:
    """Begin what the toxic does on one link. Its toxicity is drawn here: uniform, per link."""
    if dice.random() >= toxic.toxicity:
        return Flow(now)
    return KINDS[toxic.type].start(Start(numbers(toxic), dice, passed, now))


def refuse(toxic: Toxic, *, harmless: bool) -> str:
    """Say why the toxic's values cannot be taken; empty where they can.

    Always refused: what crashes or wedges the original server. With `harmless`, also what it
    takes but cannot mean: values below 0 and a toxicity outside 0 to 1.
    """
    values = numbers(toxic)
    kind = KINDS[toxic.type]
    for name, value in values.items():
        low = kind.lows.get(name, 0 if harmless else value)
        if value < low:
            return f"{name} must be at least {low}, not {value}"
    if values.get("jitter", 0) >= JITTER_END:
        return f"jitter must be below {JITTER_END}, not {values['jitter']}"
    if values.get("size_variation", 0) > values.get("average_size", 0):
        return f"size_variation must be at most average_size, not {values['size_variation']}"
    if harmless and not 0 <= toxic.toxicity <= 1:
        return f"toxicity must be between 0 and 1, not {toxic.toxicity:g}"
    return ""
