"""A gate before a real database: forwards writes, or answers them itself as a test says."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx


class Gate:
    """The running gate. `status`: what it answers by itself, 0 for letting everything through.
    `limit`: bytes of a body from which on it answers 413. `answers`: how often it answered what.
    """

    def __init__(self, behind: str, port: int) -> None:
        self.behind, self.url = behind, f"http://127.0.0.1:{port}"
        self.status = self.limit = 0
        self.answers: Counter[int] = Counter()
        self._changed = threading.Condition()

    def note(self, status: int) -> None:
        with self._changed:
            self.answers[status] += 1
            self._changed.notify_all()

    def wait_for(self, status: int, times: int = 1) -> None:
        """Wait until it has answered that so often."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.answers[status] >= times, 20), self.answers


@contextmanager
def gate(behind: str) -> Iterator[Gate]:
    """Stand before the database at that base URL for as long as the block lasts."""
    with httpx.Client(trust_env=False, timeout=20.0) as client:

        class Handler(_Handler):
            through = client

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            Handler.gate = found = Gate(behind, server.server_port)
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield found
            finally:
                server.shutdown()
                thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gate: ClassVar[Gate]
    through: ClassVar[httpx.Client]

    def do_POST(self) -> None:
        gate = self.gate
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        status, said = gate.status, b"the gate says so"
        if 0 < gate.limit < len(body):
            status = 413
        elif not status:
            kept = {k: v for k, v in self.headers.items() if k.startswith(("Content-", "X-"))}
            reply = self.through.post(gate.behind + self.path, content=body, headers=kept)
            status, said = reply.status_code, reply.content
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if status != 204:
            self.wfile.write(said)
        gate.note(status)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
