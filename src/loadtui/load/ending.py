"""Why a worker process ended, as its exit code."""

from __future__ import annotations

from enum import IntEnum


class Ending(IntEnum):
    """Any other exit code is a defect of ours, or a signal."""

    DONE = 0
    """Told to, or nobody is there any more."""
    UNUSABLE = 2
    """The scenario cannot be run; a `Said` tells why."""
    STOPPED = 4
    """The watchdog stopped the load."""
