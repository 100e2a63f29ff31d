"""A process that ends with its parent: when the parent's pipe closes, whatever it is doing."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
GRACE = 3.0
"""Seconds in which this process may end by itself once its lifeline is cut."""


def watch(lifeline: int) -> None:
    """End this process by SIGTERM at the end of `lifeline`, and for good after the grace.

    A thread of its own, so that a loop that is busy or stuck ends as well.
    """
    threading.Thread(target=_wait, args=(lifeline,), name="lifeline", daemon=True).start()


def _wait(lifeline: int) -> None:
    try:
        while os.read(lifeline, 4096):
            pass
    except OSError:
        pass  # a lifeline that cannot be read is cut
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def die_with(parent: int) -> None:
    """Where Linux offers it, get SIGTERM when the thread that started us ends; a second belt.

    `parent`: the process that thread belongs to; gone already, this one ends at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(0)


def name_process(name: str) -> None:
    """Call this process `name` (at most 15 bytes) in `ps -e` and `top`, where Linux offers it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15])
