"""A server in a process of its own that answers at once, or late, and knows how many requests came.

`/slow/N` answers after N ms. `/count/N` answers with how many other requests have come, as soon as
they are N.
"""

from __future__ import annotations

import asyncio
import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

ORDER = b'{"id": "A-7", "state": "open"}'


class CountingServer:
    """The running server as a test sees it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def count(self, at_least: int = 0) -> int:
        """How many requests have come; waits until there are so many."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", f"/count/{at_least}")
            return int(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def counting_server() -> Iterator[CountingServer]:
    """Serve for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        yield CountingServer(int(process.stdout.readline()))
        process.stdin.close()


class _Peer(asyncio.Protocol):
    """One connection; requests have no bodies."""

    requests = 0
    waiting: ClassVar[list[tuple[int, _Peer]]] = []

    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            self._answer(request.split(b" ")[1].decode())

    def _answer(self, path: str) -> None:
        if path.startswith("/count/"):
            _Peer.waiting.append((int(path.removeprefix("/count/")), self))
        else:
            _Peer.requests += 1
            delay = int(path.removeprefix("/slow/")) if path.startswith("/slow/") else 0
            if delay:
                asyncio.get_running_loop().call_later(delay / 1000, self._write, ORDER)
            else:
                self._write(ORDER)
        for number, peer in [each for each in _Peer.waiting if each[0] <= _Peer.requests]:
            _Peer.waiting.remove((number, peer))
            peer._write(str(_Peer.requests).encode())

    def _write(self, body: bytes) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Peer, "127.0.0.1", 0, backlog=1000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
