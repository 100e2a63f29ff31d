"""The driver: Textual's own, made to survive a terminal that goes away and to stop safely.

Textual's writer dies with the terminal, after which its queue fills and the app hangs. Here writing
goes on into nothing until the app has heard of it and left.
"""

from __future__ import annotations

import os
import sys
import termios
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from loadtui.tui.asciicast import Asciicast, create
from loadtui.tui.setup import Setup

if TYPE_CHECKING:
    from textual.app import App


class TerminalLost(Message):
    """The terminal is gone: nothing can be shown or typed any more."""


class Cautious(Protocol):
    """An app that can make the world safe before the process is stopped."""

    @property
    def setup(self) -> Setup:
        """What the screen was started with."""

    def make_safe(self) -> None:
        """Pause the load and lift every fault; returns when that is done, or after a while."""


class _Guarded:
    """A text file that swallows what cannot be written any more, and tells once."""

    def __init__(self, file: TextIO, lost: Callable[[], object]) -> None:
        self._file, self._lost = file, lost
        self._gone = False
        self.record: Callable[[str], object] = len

    def write(self, text: str) -> int:
        self.record(text)
        self._try(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        self._try(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def _try(self, act: Callable[[], object]) -> None:
        if self._gone:
            return
        try:
            act()
        except (OSError, ValueError):
            self._gone = True
            self._lost()


class Terminal(LinuxDriver):
    """The terminal that loadtui was started in."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        if self._file is not None:
            guarded = _Guarded(self._file, self._tell)
            self._file = cast(Any, guarded)
            if (path := cast(Cautious, app).setup.record) is not None:
                tape = Asciicast(create(path), time.monotonic, self._get_terminal_size)
                tape.header(time.time(), os.environ)
                guarded.record = tape.painted

    def _tell(self) -> None:
        self._app.post_message(TerminalLost())

    def run_input_thread(self) -> None:
        try:
            super().run_input_thread()
        except OSError:
            self._tell()

    def _sigtstp_application(self, *signal: object) -> None:
        # The hook for Ctrl-Z and for `kill -TSTP` alike: the process is about to stop.
        cast(Cautious, self._app).make_safe()
        super()._sigtstp_application(*signal)


def is_gone() -> bool:
    """Whether the terminal on stdin has been hung up."""
    stdin = sys.__stdin__
    try:
        return stdin is not None and stdin.isatty() and not termios.tcgetattr(stdin.fileno())
    except (OSError, ValueError, termios.error):
        return True
