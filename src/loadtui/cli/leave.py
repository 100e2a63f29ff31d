"""Leaving when the screen cannot: a terminal that nobody reads blocks whoever writes to it."""

from __future__ import annotations

import os
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loadtui.session.session import Session

RESTORE = b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[0m\r\n"
"""Leave the alternate screen, show the cursor, end mouse reports and bracketed paste, plain
colours.
"""


@contextmanager
def guard_exit(session: Session, patience: float) -> Iterator[None]:
    """While the screen runs: once the session has ended, it has `patience` seconds to leave.

    After that the process ends without it, with the session's exit code and the terminal's modes
    restored as far as a non-blocking write can.
    """
    fd, modes = _modes()
    left = threading.Event()

    def watch() -> None:
        outcome = session.wait()
        if outcome is None or left.wait(patience):
            return
        _restore(fd, modes)
        os._exit(outcome.code)

    threading.Thread(target=watch, name="leave", daemon=True).start()
    try:
        yield
    finally:
        left.set()


def _modes() -> tuple[int, list[Any] | None]:
    try:
        fd = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
        return fd, termios.tcgetattr(fd)
    except (OSError, ValueError, termios.error):
        return -1, None


def _restore(fd: int, modes: list[Any] | None) -> None:
    if modes is None:
        return
    try:
        os.set_blocking(2, False)
        os.write(2, RESTORE)
    except OSError:  # the terminal takes nothing: it is gone or stalled
        pass
    try:
        termios.tcsetattr(fd, termios.TCSANOW, modes)
    except (OSError, termios.error):
        return
