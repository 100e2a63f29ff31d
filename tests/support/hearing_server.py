"""A server in this process that remembers what it was asked, in order."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Heard:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    at: float


@dataclass
class HearingServer:
    """The running server; each answer comes after `delay` seconds, with `status`."""

    port: int
    delay: float = 0.0
    status: int = 200
    heard: list[Heard] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.heard]

    def forget(self) -> None:
        self.heard.clear()
        self.delay, self.status = 0.0, 200


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 200


@contextmanager
def hearing_server() -> Iterator[HearingServer]:
    """Serve for as long as the block lasts."""
    seen = HearingServer(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.heard.append(Heard(self.command, self.path, headers, body, time.monotonic()))
            time.sleep(seen.delay)
            self.send_response(seen.status)
            self.send_header("content-length", "13")
            self.end_headers()
            self.wfile.write(b'{"id": "A-7"}')

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - as the library calls them

        def log_message(self, format: str, *args: object) -> None:
            return

    with _Server(("127.0.0.1", 0), Handler) as server:
        seen.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield seen
        server.shutdown()
        thread.join()
