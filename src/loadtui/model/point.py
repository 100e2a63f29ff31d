"""What a worker tells the sink: one compact record a request or value, sums where there is no room.

Only outputs of single samples need them (JSON, CSV, InfluxDB). Moments are seconds of the worker's
clock; a frame says where in time that clock has its 0. Frames are a 4-byte big-endian length and
MessagePack.
"""

from __future__ import annotations

import msgspec

from loadtui.model.metric import MetricType
from loadtui.model.tags import Tags


class RequestPoint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One request that ended with an answer or an error. Times in µs, as in `Row`.

    `series`: a number that a frame before, or this one, has `Named`. `phases` stand one by one:
    blocked, connecting, tls_handshaking, sending, waiting, receiving. `response`: from the
    scheduled start, -1 without one. `http`: the protocol as k6 tags it, "" without an answer.
    """

    series: int
    at: float
    status: int
    error: str
    failed: bool
    http: str
    duration: int
    blocked: int
    connecting: int
    tls_handshaking: int
    sending: int
    waiting: int
    receiving: int
    response: int = -1


class ValuePoint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One sample of any other metric, in the metric's own unit; 1 or 0 for a rate."""

    metric: str
    series: int
    at: float
    value: float


class RequestSum(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """So many requests that ended alike, whose times were given up."""

    series: int
    at: float
    status: int
    error: str
    failed: bool
    http: str
    count: int


class ValueSum(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """So many samples of a counter (`total`: their sum), a gauge (the last one) or a rate (how many
    were so).
    """

    metric: str
    series: int
    at: float
    count: int
    total: float


class Named(msgspec.Struct, frozen=True, array_like=True):
    """What a series' number stands for: a request name ("" for none) and tags."""

    series: int
    name: str
    tags: Tags


class PointFrame(msgspec.Struct, frozen=True, array_like=True):
    """Everything since the last frame. `origin`: ns of the Unix epoch at second 0 of the clock.

    `kinds`: types of metrics of the scenario's own. `thinned`: points of trends given up.
    """

    origin: int
    named: tuple[Named, ...] = ()
    kinds: dict[str, MetricType] = {}
    requests: list[RequestPoint] = []
    values: list[ValuePoint] = []
    request_sums: list[RequestSum] = []
    value_sums: list[ValueSum] = []
    thinned: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (
            self.named or self.requests or self.values or self.request_sums or self.value_sums
        )


LENGTH = 4
"""Bytes that say how long a frame is."""

LIMIT = 64 * 1024 * 1024
"""Bytes a frame may have; more can only be noise."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(PointFrame)


def encode(frame: PointFrame) -> bytes:
    """A frame as bytes."""
    body = _encoder.encode(frame)
    return len(body).to_bytes(LENGTH, "big") + body


def length_of(head: bytes) -> int:
    """How many bytes follow; raises ValueError for noise."""
    size = int.from_bytes(head, "big")
    if size > LIMIT:
        raise ValueError(f"a frame of {size} bytes; at most {LIMIT} are accepted")
    return size


def decode(body: bytes) -> PointFrame:
    """A frame from what follows its length; raises ValueError for noise."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as error:
        raise ValueError(f"a frame that cannot be read: {error}") from error
