"""The least that is an HTTP server: `python -m bench.plain_server PORT [MILLISECONDS]`.

Answers any POST with 201, anything else with 200, both with the same JSON; so long after it has
read the request, or at once. `GET /look` answers with the requests so far, the connections open
now, and median and 99th percentile, in µs, of how late its answers since the last look were.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import select
import socket
import sys
import time
from collections import deque
from itertools import accumulate

from bench.answer import BODY

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PR_SET_TIMERSLACK = 29
_LATEST = 100_000
"""µs; what is later counts as this."""


def _answer(status: str, body: str) -> bytes:
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"HTTP/1.1 {status}\r\n{kind}{body}".encode()


_OK, _CREATED = _answer("200 OK", BODY), _answer("201 Created", BODY)


class _Server:
    def __init__(self, port: int, delay: float) -> None:
        self._delay = delay
        self._listener = socket.create_server(("127.0.0.1", port), backlog=4096)
        self._listener.setblocking(False)
        self._epoll = select.epoll()
        self._epoll.register(self._listener, select.EPOLLIN)
        self._clients: dict[int, socket.socket] = {}
        self._rests: dict[int, bytes] = {}
        self._due: deque[tuple[float, socket.socket, bytes]] = deque()
        self._requests = 0
        self._late = [0] * (_LATEST + 1)

    def serve(self) -> None:
        """Until killed."""
        listener, epoll = self._listener.fileno(), [self._epoll]
        while True:
            # epoll waits in whole milliseconds, select in microseconds, and for epoll as well.
            select.select(epoll, [], [], self._patience())
            for descriptor, _ in self._epoll.poll(0):
                if descriptor == listener:
                    self._accept()
                else:
                    self._read(descriptor)
                self._send_due()
            self._send_due()

    def _patience(self) -> float | None:
        """Seconds until the next answer is due; None: there is none."""
        return max(0.0, self._due[0][0] - time.perf_counter()) if self._due else None

    def _send_due(self) -> None:
        due = self._due
        while due and (late := time.perf_counter() - due[0][0]) >= 0.0:
            _, client, answer = due.popleft()
            with contextlib.suppress(OSError):
                client.send(answer)
            self._late[min(int(late * 1e6), _LATEST)] += 1

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                client, _ = self._listener.accept()
                client.setblocking(False)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._clients[client.fileno()], self._rests[client.fileno()] = client, b""
                self._epoll.register(client, select.EPOLLIN)

    def _read(self, descriptor: int) -> None:
        client = self._clients[descriptor]
        try:
            data = client.recv(65536)
        except OSError:
            data = b""
        if not data:
            del self._clients[descriptor], self._rests[descriptor]
            self._epoll.unregister(descriptor)
            client.close()
            return
        at = time.perf_counter()
        data = self._rests[descriptor] + data
        while (size := _size(data)) and size <= len(data):
            self._take(client, data, at)
            data = data[size:]
        self._rests[descriptor] = data

    def _take(self, client: socket.socket, request: bytes, at: float) -> None:
        if request.startswith(b"GET /look "):
            client.send(_answer("200 OK", self._look()))
            return
        self._requests += 1
        answer = _CREATED if request.startswith(b"POST") else _OK
        if self._delay:
            self._due.append((at + self._delay, client, answer))
        else:
            client.send(answer)

    def _look(self) -> str:
        sums = list(accumulate(self._late))
        places = (sum(each < sums[-1] * q for each in sums) for q in (0.5, 0.99))
        text = f"{self._requests} {len(self._clients)} {' '.join(map(str, places))}"
        self._late = [0] * (_LATEST + 1)
        return text


def _size(data: bytes) -> int:
    """Bytes of the first request in the data; 0 while its head is not complete."""
    end = data.find(b"\r\n\r\n") + 4
    if end < 4:
        return 0
    found = None if data.startswith(b"GET") else _LENGTH.search(data, 0, end)
    return end + (int(found[1]) if found else 0)


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, 1)  # the kernel may wake us 50 µs late else
    _Server(int(sys.argv[1]), float((*sys.argv, "0")[2]) / 1000).serve()
