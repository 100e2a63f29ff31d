"""Which core does what: the sender alone on the last, everything else on the first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

SENDER = max(os.sched_getaffinity(0))


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run on one core; whatever is started inside stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
