"""Which core does what: the sender alone on the last, everything else on the first."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SENDER = max(os.sched_getaffinity(0))

_NICENESS = -15


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run on one core; whatever is started inside stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def first_served(core: int, *, at_once: bool = False) -> Iterator[None]:
    """As `on_core`, and what is started inside goes before what else runs there, if we may.

    `at_once`: it never waits for anybody. For what must be prompt and is not busy all the time.
    """
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    with on_core(core):
        with contextlib.suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
            if at_once:
                os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        try:
            yield
        finally:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, 0, niceness)


def serve_first(leader: int) -> None:
    """The same for the session of a process where the kernel shares cores out by session."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{leader}/autogroup").write_text(str(_NICENESS))
