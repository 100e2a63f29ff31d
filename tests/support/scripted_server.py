"""A TCP server that answers each connection as a test says: the servers that must not exist."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

Script = Callable[[socket.socket], None]


@dataclass
class ScriptedServer:
    """A listening server; `connections` counts those that were accepted."""

    port: int
    connections: int = 0

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def scripted_server(script: Script) -> Iterator[ScriptedServer]:
    """Run `script` for every connection, each in a thread, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedServer(listener.getsockname()[1])
        open_ones: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def serve(connection: socket.socket) -> None:
            with suppress(OSError), closing(connection):
                script(connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    server.connections += 1
                    open_ones.append(connection)
                    threads.append(threading.Thread(target=serve, args=(connection,)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            accepting.join()
            for connection in open_ones:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its body; empty when the client is gone."""
    got = b""
    while b"\r\n\r\n" not in got or len(got) < _length(got):
        more = connection.recv(4096)
        if not more:
            return b""
        got += more
    return got


def _length(got: bytes) -> int:
    head, _, _ = got.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: *(\d+)", head)
    return len(head) + 4 + int(found[1] if found else 0)


def answering(*answers: bytes) -> Script:
    """Answer requests one after the other, the last one again and again."""

    def script(connection: socket.socket) -> None:
        left = list(answers)
        while read_request(connection):
            connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def silent(connection: socket.socket) -> None:
    """Accept, read, never answer: a control API that is stuck."""
    while connection.recv(4096):
        pass


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Write an HTTP answer."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return f"{head}\r\n\r\n".encode() + body
