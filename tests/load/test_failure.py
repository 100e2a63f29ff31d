from __future__ import annotations

import errno
import ssl

import pytest

from loadtui.load.failure import classify


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "refused"),
        (ConnectionRefusedError("x"), "refused"),
        (ConnectionResetError(errno.ECONNRESET, "x"), "reset"),
        (ConnectionResetError("x"), "reset"),
        (BrokenPipeError(errno.EPIPE, "x"), "reset"),
        (ConnectionAbortedError("x"), "reset"),
        (TimeoutError(errno.ETIMEDOUT, "x"), "connect_timeout"),
        (OSError(errno.EHOSTUNREACH, "x"), "unreachable"),
        (OSError(errno.ENETUNREACH, "x"), "unreachable"),
        (OSError(errno.EMFILE, "x"), "exhausted"),
        (OSError(errno.EADDRNOTAVAIL, "x"), "exhausted"),
        (OSError("something else"), "unreachable"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "tls"),
    ],
)
def test_an_error_has_one_kind_and_words(error: OSError, kind: str) -> None:
    failure = classify(error)
    assert failure.kind == kind
    assert failure.detail
