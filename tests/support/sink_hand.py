"""A real sink process, driven by hand."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtui.model.point import Named, PointFrame, RequestPoint, encode
from loadtui.outputs.sink_frame import (
    Done,
    Finish,
    FromSink,
    Open,
    Ready,
    ToSink,
    Trouble,
    Written,
    from_sink,
    line,
)

ORIGIN = 1_700_000_000_000_000_000
HOME = Named(0, "home", (("method", "GET"), ("scenario", "default")))


class SinkHand:
    """The session's and the workers' ends of it."""

    def __init__(
        self, process: subprocess.Popen[bytes], control: socket.socket, path: Path
    ) -> None:
        self.process, self._control, self._path = process, control, path
        self._lines = control.makefile("rb")
        self.troubles: list[str] = []

    def say(self, message: ToSink) -> None:
        self._control.sendall(line(message))

    def hear(self) -> FromSink | None:
        """The next message; None at the sink's end."""
        data = self._lines.readline()
        return from_sink(data) if data else None

    def open(self, opened: Open) -> str:
        self.say(opened)
        while isinstance(message := self.hear(), Trouble):
            self.troubles.append(message.text)
        assert isinstance(message, Ready)
        return message.problem

    def report(self, data: bytes) -> None:
        """Be a worker that says this and ends."""
        with socket.socket(socket.AF_UNIX) as worker:
            worker.connect(str(self._path))
            worker.sendall(data)

    def finish(self, timeout: float = 20.0) -> tuple[Written, ...]:
        self.say(Finish(timeout))
        while isinstance(message := self.hear(), Trouble):
            self.troubles.append(message.text)
        assert isinstance(message, Done)
        return message.outputs

    def leave(self) -> None:
        """Go without a word, as one that is killed does."""
        self._control.shutdown(socket.SHUT_RDWR)


@contextmanager
def sink_hand(folder: Path) -> Iterator[SinkHand]:
    """Run a sink for as long as the block lasts; it must end by itself."""
    control, theirs = socket.socketpair()
    control.settimeout(30)
    listening = socket.socket(socket.AF_UNIX)
    path = folder / "s"
    listening.bind(str(path))
    listening.listen(8)
    ends = (theirs.fileno(), listening.fileno())
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "loadtui.outputs.sink"),
            *("--control", str(ends[0]), "--listen", str(ends[1])),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        pass_fds=ends,
        start_new_session=True,
    )
    theirs.close()
    listening.close()
    hand = SinkHand(process, control, path)
    try:
        with process:
            yield hand
            hand._lines.close()
            control.close()
            process.wait(30)
    finally:
        process.kill()


def requests(*ends: float, status: int = 200) -> bytes:
    """A worker's frame with a request for each of these ends."""
    points = [
        RequestPoint(0, end, status, "", status >= 400, "HTTP/1.1", 900, 0, 0, 0, 10, 800, 90)
        for end in ends
    ]
    return encode(PointFrame(ORIGIN, (HOME,), requests=points))
