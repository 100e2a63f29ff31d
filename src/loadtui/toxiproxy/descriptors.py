"""Descriptors of open files: some are always left for the control API."""

from __future__ import annotations

import os
import resource
import socket

RESERVE = 16
"""Descriptors that connections may not take: with none, the control API could not be reached."""


def ceiling() -> int:
    """The first descriptor that is reserved; the system gives the lowest that is free."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft - RESERVE


def lowest_free(beside: socket.socket) -> int:
    """The descriptor that the next file would get. Raises OSError where there is none."""
    probe = os.dup(beside.fileno())
    os.close(probe)
    return probe
