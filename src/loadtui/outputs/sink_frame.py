"""What the session and the sink tell each other: one JSON object a line, on the sink's control
socket, whose end is the sink's end.
"""

from __future__ import annotations

import msgspec

from loadtui.model.metric import MetricType
from loadtui.outputs.k6_json import Definition
from loadtui.outputs.target import Target


class Open(msgspec.Struct, frozen=True, tag=True):
    """First line to a sink: where to write, and what is known of metrics and the run."""

    targets: tuple[Target, ...]
    kinds: dict[str, MetricType] = {}
    definitions: dict[str, Definition] = {}
    tags: dict[str, str] = {}


class Level(msgspec.Struct, frozen=True, tag=True):
    """VUs at a moment: ns of the Unix epoch."""

    at: int
    vus: int
    vus_max: int


class Gauges(msgspec.Struct, frozen=True, tag=True):
    """How a watched process is at a moment (ns of the Unix epoch): its samples by metric."""

    at: int
    process: str
    values: dict[str, float]


class Finish(msgspec.Struct, frozen=True, tag=True):
    """Nothing more will come: write what is there, for so many seconds at most, and end."""

    timeout: float


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Every output can be written to as far as can be told; or `problem` says which cannot."""

    problem: str = ""


class Trouble(msgspec.Struct, frozen=True, tag=True):
    """Something the operator should know now."""

    text: str


class Written(msgspec.Struct, frozen=True, tag=True):
    """How one output ended. `samples`: written; None where nobody knows. `thinned`: points of
    trends given up for want of room. `lost`: samples that could not be written. `why`: the last
    trouble, or what else is to be known; "" for nothing.
    """

    label: str
    samples: int | None
    thinned: int
    lost: int
    why: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The last line of a sink."""

    outputs: tuple[Written, ...]


ToSink = Open | Level | Gauges | Finish
FromSink = Ready | Trouble | Done

_to_sink: msgspec.json.Decoder[ToSink] = msgspec.json.Decoder(ToSink)
_from_sink: msgspec.json.Decoder[FromSink] = msgspec.json.Decoder(FromSink)


def line(message: ToSink | FromSink) -> bytes:
    """One message with its end."""
    return msgspec.json.encode(message) + b"\n"


def to_sink(data: bytes) -> ToSink:
    """What the sink reads; raises ValueError for noise."""
    return _to_sink.decode(data)


def from_sink(data: bytes) -> FromSink:
    """What the session reads; raises ValueError for noise."""
    return _from_sink.decode(data)
