"""Kinds of failure (pure): what an operator counts, from what an operating system says."""

from __future__ import annotations

import errno
import os
import ssl
from typing import Literal, NamedTuple

ErrorKind = Literal[
    "",
    "refused",
    "reset",
    "closed",
    "timeout",
    "connect_timeout",
    "dns",
    "tls",
    "tls_hostname",
    "tls_unknown_authority",
    "protocol",
    "refused_target",
    "unreachable",
    "exhausted",
    "cut",
]
"""Why there is no answer; "" means answered. `reset`: the peer broke the connection; `closed`: it
ended it in order but too early; `refused_target`: our own guard; `exhausted`: the generator has no
file descriptor or local port left; `cut`: a hard stop, neither failure nor latency."""


class Failure(NamedTuple):
    """A kind to count and a sentence to read (may be empty)."""

    kind: ErrorKind
    detail: str = ""


_KINDS: dict[int | None, ErrorKind] = {
    errno.ECONNREFUSED: "refused",
    errno.ENOENT: "refused",  # of a unix socket
    errno.ECONNRESET: "reset",
    errno.ECONNABORTED: "reset",
    errno.EPIPE: "reset",
    errno.ETIMEDOUT: "connect_timeout",
    errno.EMFILE: "exhausted",
    errno.ENFILE: "exhausted",
    errno.ENOBUFS: "exhausted",
    errno.ENOMEM: "exhausted",
    errno.EADDRNOTAVAIL: "exhausted",
}

_REFUSALS: dict[int, ErrorKind] = {
    18: "tls_unknown_authority",  # signed by itself
    19: "tls_unknown_authority",  # signed by itself, further up the chain
    20: "tls_unknown_authority",  # its issuer is not here
    21: "tls_unknown_authority",  # the first of the chain cannot be verified
    62: "tls_hostname",
    64: "tls_hostname",  # an address instead of a name
}
"""OpenSSL's codes of refused certificates that k6 tells apart; others, such as an expired one, are
`tls`."""


def classify(error: OSError) -> Failure:
    """Say what broke a connection; what has no kind of its own is `unreachable`."""
    if isinstance(error, ssl.SSLError):
        # Only a certificate that was not accepted has a code.
        return Failure(_REFUSALS.get(getattr(error, "verify_code", 0), "tls"), _tls(error))
    number = error.errno
    if number is None and isinstance(error, ConnectionError):
        # asyncio raises ConnectionResetError and its siblings without a number.
        kind: ErrorKind = "refused" if isinstance(error, ConnectionRefusedError) else "reset"
        return Failure(kind, str(error))
    detail = str(error) if number is None else os.strerror(number)
    return Failure(_KINDS.get(number, "unreachable"), detail)


def _tls(error: ssl.SSLError) -> str:
    # Both attributes are missing from errors that Python code made rather than OpenSSL.
    refusal = getattr(error, "verify_message", None)
    if refusal:
        return f"the certificate is not accepted: {refusal}"
    why = getattr(error, "reason", None) or str(error)
    return f"TLS failed: {why.replace('_', ' ').lower()}"
