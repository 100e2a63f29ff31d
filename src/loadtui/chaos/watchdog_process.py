"""A running watchdog and the descriptors that a session shares with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from loadtui.chaos.ledger_file import socket_path

_LOG_SIZE = 1 << 20


class WatchdogProcess:
    """Started on creation; raises OSError.

    `lifeline`: write to it; its end tells the watchdog that we are gone. `news`: what it says.
    `worker_stop`: a byte at which every worker peeks. `server_lifeline`: reaches its end when both
    the watchdog and we are gone, so that a server of ours outlives neither, and outlives one.
    """

    def __init__(self, state_dir: Path, ledger: Path) -> None:
        """Watch over this process with this ledger file; both paths are absolute."""
        self.log = state_dir / "watchdog.log"
        lifeline, self.lifeline = os.pipe()
        self.news, news = os.pipe()
        self.server_lifeline, self._server_writer = os.pipe()
        self.worker_stop, stop = socket.socketpair()
        os.set_blocking(self.lifeline, False)
        os.set_blocking(self.news, False)
        self.worker_stop.setblocking(False)
        words: dict[str, int | Path] = {
            "--session": os.getpid(),
            "--lifeline": lifeline,
            "--out": news,
            "--stop": stop.fileno(),
            "--server-lifeline": self._server_writer,
            "--ledger": ledger,
            "--socket": socket_path(ledger),
        }
        passed = (lifeline, news, stop.fileno(), self._server_writer)
        try:
            self._process = self._spawn(words, passed)
        except OSError:
            self._close()
            raise
        finally:
            os.close(lifeline)
            os.close(news)
            stop.close()

    def _spawn(
        self, words: dict[str, int | Path], passed: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_SIZE:
                self.log.unlink()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                (
                    *(sys.executable, "-P", "-m", "loadtui.chaos.watchdog"),
                    *(str(word) for pair in words.items() for word in pair),
                ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=passed,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def reap(self, seconds: float) -> bool:
        """Wait for its end; False when it still runs. Blocks."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.alive

    def kill(self) -> None:
        """End one that does not start or does not listen; what is open stays in the ledger file."""
        self._process.kill()
        self._process.wait()

    def release(self) -> None:
        """Close every descriptor, which tells the watchdog; one that works on is reaped."""
        self._close()
        if self.alive:
            threading.Thread(target=self._process.wait, daemon=True).start()

    def _close(self) -> None:
        for end in (self.lifeline, self.news, self.server_lifeline, self._server_writer):
            os.close(end)
        self.worker_stop.close()
