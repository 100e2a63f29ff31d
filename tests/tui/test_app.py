"""The screen in a real terminal: a pty whose other end this test holds."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).resolve().parents[2]
WAIT = 20.0


class Terminal:
    """A process in a terminal of 120 × 36, and what that terminal shows."""

    def __init__(self, *arguments: str, module: str = "tests.tui.play", **environment: str) -> None:
        self.screen = pyte.Screen(120, 36)
        self._stream, self.raw = pyte.ByteStream(self.screen), b""
        self.fd, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        variables = {
            **os.environ,
            "TERM": "xterm-256color",
            "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        } | environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, env=variables, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)

    def read(self, seconds: float = 0.1) -> bool:
        """Take what was painted; False when the other end is closed."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def until(self, words: str) -> None:
        """Wait until the terminal shows the words."""
        end = time.monotonic() + WAIT
        while words not in "\n".join(self.screen.display):
            assert time.monotonic() < end, "\n".join(self.screen.display)
            assert self.read(), "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def ended(self) -> int:
        """Wait for the end, reading on; → exit code."""
        end = time.monotonic() + WAIT
        while self.process.poll() is None:
            assert time.monotonic() < end
            self.read()
        while self.read(0) and select.select([self.fd], [], [], 0)[0]:
            pass
        return self.process.returncode

    def close(self) -> None:
        os.close(self.fd)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def test_it_paints_takes_keys_and_leaves_the_terminal_as_it_was(terminals: list[Terminal]) -> None:
    terminal = Terminal("fault")
    terminals.append(terminal)
    terminal.until("▲ FAULT ON")
    terminal.press("q")
    terminal.until("Quit?")
    terminal.press("y")
    assert terminal.ended() == 0
    tail = terminal.raw[-400:]
    for restored in (b"\x1b[?1049l", b"\x1b[?25h"):
        assert restored in tail
    terminal.close()


def test_it_leaves_when_the_terminal_goes_away(terminals: list[Terminal]) -> None:
    terminal = Terminal("fault")
    terminals.append(terminal)
    terminal.until("▲ FAULT ON")
    terminal.close()
    assert terminal.process.wait(WAIT) in {105, -signal.SIGHUP}


def test_stopped_by_the_shell_it_lifts_and_pauses_first_and_comes_back(
    terminals: list[Terminal],
) -> None:
    terminal = Terminal("fault")
    terminals.append(terminal)
    terminal.until("▲ FAULT ON")
    terminal.press("\x1a")
    end, status = time.monotonic() + WAIT, 0
    while not os.WIFSTOPPED(status):
        assert time.monotonic() < end
        terminal.read()
        _, status = os.waitpid(terminal.process.pid, os.WNOHANG | os.WUNTRACED)
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.until("‖ PAUSED")
    # The header is the first line of a frame, the panel comes with the rest of it.
    terminal.until("Back. The load is paused")
    assert "━●" not in "\n".join(terminal.screen.display)
    terminal.press("qy")
    assert terminal.ended() == 0
    terminal.close()


def test_a_screen_that_fails_says_so_in_a_sentence(terminals: list[Terminal]) -> None:
    terminal = Terminal("broken")
    terminals.append(terminal)
    assert terminal.ended() == 1
    said = terminal.raw.decode(errors="replace")
    assert "loadtui: the screen failed: AttributeError" in said
    assert "Traceback" not in said
    terminal.close()


def test_importing_the_start_does_not_import_textual() -> None:
    code = "import sys, loadtui.tui.app; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
