"""Headers by which a tracing system finds a request: W3C Trace Context, version 00."""

from __future__ import annotations

from typing import Literal

import msgspec

HeaderName = Literal["traceparent", "x-request-id", "x-load-test-id"]
HEADERS: tuple[HeaderName, ...] = ("traceparent", "x-request-id", "x-load-test-id")

DIGITS = 48
"""Random hexadecimal digits that one `traceparent` needs: 32 for the trace, 16 for the span."""

_SHARES = 1 << 56
_ABOVE_ALL = "g"


class Tracing(msgspec.Struct, frozen=True):
    """Which headers go on every request, and the share of traces (0..1) marked as sampled.

    A sampled flag makes most services record the whole trace, so a share of 1 sends every request
    of a run into the tracing system.
    """

    sample: float = 0.01
    headers: tuple[HeaderName, ...] = HEADERS


def cut(sample: float) -> str:
    """What the last 14 digits of a trace id must reach for a share of `sample` to be sampled.

    As OpenTelemetry's consistent probability sampling: services that sample by the same rule
    agree with us.
    """
    rejected = round((1.0 - sample) * _SHARES)
    return f"{rejected:014x}" if rejected < _SHARES else _ABOVE_ALL


def traceparent(digits: str, rejected: str) -> str:
    """The header for `DIGITS` random lower-case digits; `rejected` as from `cut`."""
    flag = "01" if digits[18:32] >= rejected else "00"
    return f"00-{digits[:32]}-{digits[32:]}-{flag}"
