"""Start sessions that tests kill, freeze and listen to."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.real import ROOT


class Session:
    """A `tests.support.faulty_session` and its watchdog; whatever is left of them is ended."""

    def __init__(self, state_dir: Path, *words: str) -> None:
        self.state_dir, self._said = state_dir, b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.faulty_session", str(state_dir), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.watchdog = 0
        try:
            _, watchdog, self.url = self.expect("ready").split()
        except BaseException:
            self.end()
            raise
        self.watchdog = int(watchdog)

    def expect(self, start: str, seconds: float = 10.0) -> str:
        """Return the next line that begins so."""
        end = time.monotonic() + seconds
        while True:
            line = self._line(end)
            assert line is not None, f"it never said {start!r}"
            if line.startswith(start):
                return line

    def _line(self, end: float) -> str | None:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._said:
                if not selector.select(max(0.0, end - time.monotonic())):
                    return None
                more = os.read(self._process.stdout.fileno(), 4096)
                assert more, f"it ended, having said {self._said!r}"
                self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; wait until a killed one is gone."""
        self._process.send_signal(number)
        if number == signal.SIGKILL:
            self._process.wait()

    def log(self) -> str:
        """What its watchdog logged."""
        return (self.state_dir / "watchdog.log").read_text()

    def end(self) -> None:
        """End it and its watchdog, whatever is left of them."""
        self._process.kill()
        self._process.communicate()
        if self.watchdog and is_running(self.watchdog):
            os.kill(self.watchdog, signal.SIGKILL)


def is_running(pid: int) -> bool:
    """Whether a process that is not our child runs; a zombie does not.

    Its first thread may be one already while another, as it ends, still holds files and locks.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        threads = len([*Path(f"/proc/{pid}/task").iterdir()])
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return sys.platform != "linux"
    return state != "Z" or threads > 1


def freeze(pid: int) -> None:
    """Stop a process that is not our child, and return once all its threads have stopped."""
    os.kill(pid, signal.SIGSTOP)
    if sys.platform != "linux":
        time.sleep(0.1)  # nothing tells
        return
    within(5, lambda: set(_states(pid)) == {"T"})


def _states(pid: int) -> list[str]:
    stats = Path(f"/proc/{pid}/task").glob("*/stat")
    return [stat.read_text().rpartition(")")[2].split()[0] for stat in stats]


def within(seconds: float, is_so: Callable[[], bool]) -> float:
    """Wait until something is so; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if is_so():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


Start = Callable[..., Session]


@contextmanager
def sessions(state_dir: Path) -> Iterator[Start]:
    """Give what starts sessions in one state directory; all are ended."""
    started: list[Session] = []

    def start(*words: str) -> Session:
        started.append(Session(state_dir, *words))
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            each.end()
