"""Open files: as many as the system lets us have, and some always left for the control API."""

from __future__ import annotations

import contextlib
import os
import resource
import socket

RESERVE = 16
"""Descriptors that connections may not take: with none, the control API could not be reached."""

_MANY = 1 << 20


def raise_limit() -> None:
    """Ask for as many as we may have, as every program in Go does."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MANY if hard == resource.RLIM_INFINITY else hard
    with contextlib.suppress(ValueError, OSError):  # macOS promises more than it gives
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def ceiling() -> int:
    """The first descriptor that is reserved; the system gives the lowest that is free."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft - RESERVE


def lowest_free(beside: socket.socket) -> int:
    """The descriptor that the next file would get. Raises OSError where there is none."""
    probe = os.dup(beside.fileno())
    os.close(probe)
    return probe
