"""k6's error codes for our kinds of failure: the numbers that its users know and select by.

The codes are those of k6's documentation ("Error codes"): 1000 anything else, 1050 time-out,
11xx DNS and blocked hosts, 12xx TCP, 13xx TLS, 1000 + status for answers of 400 and above, 1701 for
a body that cannot be decoded. What k6 has no code for takes the general one of its group.
"""

from __future__ import annotations

GENERAL = 1000

ERROR_CODES: dict[str, int] = {
    "timeout": 1050,
    "dns": 1101,
    "refused_address": 1110,
    "refused_target": 1111,
    "exhausted": 1210,
    "connect_timeout": 1211,
    "refused": 1212,
    "unreachable": 1213,
    "reset": 1220,
    "tls": 1300,
    "tls_unknown_authority": 1310,
    "tls_hostname": 1311,
    "decoding": 1701,
    "closed": GENERAL,
    "protocol": GENERAL,
}
"""Kind of failure → code. `cut` has none: a hard stop is neither failure nor latency."""

TIMED = frozenset({"timeout", "connect_timeout"})
"""Failures with a latency: somebody waited that long. Any other error is not "0 ms"."""


def error_code(kind: str) -> int:
    """The code of a kind of failure; the general one for a kind that has none of its own."""
    return ERROR_CODES.get(kind, GENERAL)


def status_code_error(status: int) -> int:
    """The code of an answer: 1000 + status from 400 on, 0 for those that are no error."""
    return 1000 + status if status >= 400 else 0
