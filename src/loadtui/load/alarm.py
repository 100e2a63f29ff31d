"""Wakes the worker at a moment: exactly with Linux's timerfd, else with the loop's own timers.

uvloop rounds its timers to whole milliseconds, which is too coarse for thousands of starts a
second; a timerfd has nanoseconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Callable
from typing import Protocol

_MONOTONIC, _ABSOLUTE, _NONBLOCK, _CLOEXEC = 1, 1, 0o4000, 0o2000000


class Alarm(Protocol):
    """Rings once for each time it was set; setting it again replaces what was set before."""

    def set(self, moment: float) -> None:
        """Ring at that moment of the worker's clock; at once where it has passed."""

    def off(self) -> None:
        """Do not ring."""

    def close(self) -> None:
        """Never ring again."""


def new_alarm(clock: Callable[[], float], ring: Callable[[], None]) -> Alarm:
    """The best alarm of this system; must be made inside the loop."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            return TimerFd(clock, ring)
    return LoopAlarm(clock, ring)


class LoopAlarm:
    """The loop's timers. They may ring up to a millisecond early: look at the clock."""

    def __init__(self, clock: Callable[[], float], ring: Callable[[], None]) -> None:
        """Off."""
        self._loop, self._clock, self._ring = asyncio.get_running_loop(), clock, ring
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    def set(self, moment: float) -> None:
        """Ring then."""
        self.off()
        if self._is_closed:
            return
        self._timer = self._loop.call_later(max(0.0, moment - self._clock()), self._ring)

    def off(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()

    def close(self) -> None:
        """Never ring again."""
        self._is_closed = True
        self.off()


class _Setting(ctypes.Structure):
    _fields_ = [(name, ctypes.c_long) for name in ("every_s", "every_ns", "at_s", "at_ns")]


class TimerFd:
    """A timer of the kernel as a descriptor that the loop watches. Raises OSError for none."""

    def __init__(self, clock: Callable[[], float], ring: Callable[[], None]) -> None:
        """Off."""
        library = ctypes.CDLL(None, use_errno=True)
        self._settime = library.timerfd_settime
        self._descriptor = library.timerfd_create(_MONOTONIC, _NONBLOCK | _CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "no timerfd")
        self._offset = time.clock_gettime_ns(time.CLOCK_MONOTONIC) - int(clock() * 1e9)
        self._setting = _Setting()
        self._reference = ctypes.byref(self._setting)
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._descriptor, self._rang)

    def set(self, moment: float) -> None:
        """Ring then."""
        # All zero would mean off.
        self._arm(max(1, int(moment * 1e9) + self._offset))

    def off(self) -> None:
        """Do not ring."""
        self._arm(0)

    def close(self) -> None:
        """Never ring again."""
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _arm(self, nanoseconds: int) -> None:
        if self._descriptor < 0:
            return
        self._setting.at_s, self._setting.at_ns = divmod(nanoseconds, 1_000_000_000)
        self._settime(self._descriptor, _ABSOLUTE, self._reference, None)

    def _rang(self) -> None:
        try:
            os.read(self._descriptor, 8)
        except BlockingIOError:  # it was set anew, or off, before the loop came to look
            return
        self._ring()
