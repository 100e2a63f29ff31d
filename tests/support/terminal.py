"""A pseudo-terminal that we may also refuse to read: for stalls, hang-ups and paint times."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import pyte

SIZE = ("COLUMNS", "LINES")
"""Test tools set these; the terminal's own size is what counts."""


class Terminal:
    """One program on a pseudo-terminal; `pump` reads what it painted, nothing else does."""

    def __init__(
        self, command: list[str], *, env: Mapping[str, str], size: tuple[int, int] = (120, 40)
    ) -> None:
        self.master, slave = pty.openpty()
        width, height = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={k: v for k, v in {**os.environ, **env}.items() if k not in SIZE},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Close our end, as a terminal window does."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def press(self, keys: str) -> None:
        """Write keys as a terminal would."""
        os.write(self.master, keys.encode())

    def pump(self, seconds: float = 0.0) -> bytes:
        """Read and paint what has come within `seconds`; returns the bytes."""
        out = b""
        end = time.monotonic() + seconds
        while True:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return out
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return out
            if not data:
                return out
            self._stream.feed(data)
            out += data

    def text(self) -> str:
        """The screen as lines."""
        return "\n".join(self._screen.display)

    def wait(self, until: Callable[[str], object], *, seconds: float, what: str) -> str:
        """Read until `until` is true of the screen; fails with the last screen."""
        end = time.monotonic() + seconds
        while not until(self.text()):
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}\n{self.text()}")
            self.pump(0.05)
        return self.text()
