"""A loopback HTTP server in a process of its own: answers after a fixed time, counts what it saw.

Run it as `python -m tests.support.slow_server PORT MILLISECONDS SPREAD`. `GET /count` answers how
many other requests were served so far, `GET /times` how many ms each of them took here; neither is
counted itself.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, cast

import httptools
import uvloop

from tests.support.real import ROOT
from tests.support.toxiproxy_server import free_port

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
BODY = b'{"id":"o-1"}\n'


class Answering(asyncio.Protocol):
    """One connection; a request is answered `delay` seconds after its last byte, times a lognormal
    factor where there is a `spread`.
    """

    served = 0
    times: ClassVar[list[float]] = []

    def __init__(self, delay: float, spread: float) -> None:
        self._delay, self._spread = delay, spread
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._path = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_message_complete(self) -> None:
        if self._path in {b"/count", b"/times"}:
            asked = Answering.served if self._path == b"/count" else Answering.times
            text = json.dumps(asked).encode()
            self._write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
            return
        Answering.served += 1
        if self._delay:
            factor = random.lognormvariate(0.0, self._spread) if self._spread else 1.0
            self._loop.call_later(self._delay * factor, self._answer, time.perf_counter())
        else:
            self._write(ANSWER + BODY)

    def _answer(self, since: float) -> None:
        self._write(ANSWER + BODY)
        Answering.times.append((time.perf_counter() - since) * 1e3)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def serve(port: int, delay: float, spread: float) -> None:
    """Listen until killed; says `ready` on stdout."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Answering(delay, spread), "127.0.0.1", port, backlog=2048
    )
    print("ready", flush=True)  # noqa: T201 - the parent waits for it
    await server.serve_forever()


@dataclass(frozen=True)
class SlowServer:
    """A running one."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def served(self) -> int:
        """How many requests it has seen."""
        return int(self._asked("count"))

    def times(self) -> list[float]:
        """How many ms it took over each, as far as it answered late."""
        return cast("list[float]", json.loads(self._asked("times")))

    def _asked(self, what: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}/{what}", timeout=5) as answer:  # noqa: S310 - loopback
            return cast("bytes", answer.read())


@contextmanager
def slow_server(milliseconds: float = 0.0, spread: float = 0.0) -> Iterator[SlowServer]:
    """Run one while the block runs."""
    port = free_port()
    words = [
        sys.executable,
        "-m",
        "tests.support.slow_server",
        *map(str, (port, milliseconds, spread)),
    ]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield SlowServer(port, process)
        finally:
            process.kill()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3])))
