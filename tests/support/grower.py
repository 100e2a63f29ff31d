"""A process that takes memory and opens files when told to, to be watched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PROGRAM = """
import sys
held = []
for line in sys.stdin:
    what, count = line.split()
    held.append(bytearray(b"x") * int(count) if what == "take" else [
        open("/dev/null") for _ in range(int(count))])
    print("done", flush=True)
"""


class Grower:
    """The process from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self.pid = process, process.pid

    def take(self, count: int) -> None:
        """So many bytes more."""
        self._tell(f"take {count}")

    def open(self, count: int) -> None:
        """So many files more."""
        self._tell(f"open {count}")

    def kill(self) -> None:
        """End it, and wait until it is gone."""
        self._process.kill()
        self._process.wait(10)

    def die(self) -> None:
        """End it, and leave it unburied: a zombie."""
        self._process.kill()

    def _tell(self, what: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


@contextmanager
def grower() -> Iterator[Grower]:
    """One that is killed at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        made = Grower(process)
        try:
            made.take(1)
            yield made
        finally:
            process.kill()
