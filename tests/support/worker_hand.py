"""A worker process driven frame by frame."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from loadtui.load import wire
from loadtui.model.frame import FromWorker, ToWorker
from loadtui.model.row import Batch

M = TypeVar("M", bound=FromWorker)


class Hand:
    """A worker process driven frame by frame."""

    def __init__(self, folder: Path, *, stop: int | None = None, pipe_size: int = 0) -> None:
        self.log = folder / "worker.log"
        self._reading, writing = os.pipe()
        if pipe_size and sys.platform == "linux":
            import fcntl

            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, pipe_size)
        options = [] if stop is None else ["--stop", str(stop)]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "loadtui.load.worker", "0"),
                *("--parent", str(os.getpid()), "--log", str(self.log), *options),
            ],
            stdin=subprocess.PIPE,
            stdout=writing,
            pass_fds=() if stop is None else (stop,),
            start_new_session=True,
        )
        os.close(writing)
        self._decoder = wire.from_worker()
        self.heard: list[FromWorker] = []
        self._unread: list[FromWorker] = []

    def tell(self, *messages: ToWorker) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(wire.encode, messages)))
        self.process.stdin.flush()

    def until(self, kind: type[M]) -> M:
        """The next message of that kind; everything before it is heard as well."""
        while True:
            while self._unread:
                message = self._unread.pop(0)
                self.heard.append(message)
                if isinstance(message, kind):
                    return message
            data = os.read(self._reading, 65536)
            assert data, f"the worker ended: {self.log.read_text()}"
            self._unread += self._decoder.feed(data)

    def rest(self) -> list[FromWorker]:
        """Everything heard, to the very end."""
        while data := os.read(self._reading, 65536):
            self._unread += self._decoder.feed(data)
        self.heard += self._unread
        self._unread = []
        return self.heard

    def close_stdin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._reading)
        with contextlib.suppress(BrokenPipeError):
            self.close_stdin()


@contextlib.contextmanager
def worker(folder: Path, *, stop: int | None = None, pipe_size: int = 0) -> Iterator[Hand]:
    hand = Hand(folder, stop=stop, pipe_size=pipe_size)
    try:
        yield hand
    finally:
        hand.end()


def batches(heard: list[FromWorker]) -> list[Batch]:
    return [message for message in heard if isinstance(message, Batch)]
