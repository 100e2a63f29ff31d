"""A process that ends with whoever holds the other end of its lifeline."""

from __future__ import annotations

import os
import signal
import threading
import time

GRACE = 3.0
"""Seconds in which this process may end by itself once its lifeline is cut."""


def watch(lifeline: int) -> None:
    """End this process by SIGTERM at the end of `lifeline`, and for good after the grace.

    A thread of its own, so that a loop that is busy ends as well.
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
