"""Start real Toxiproxy servers on free ports of loopback, and end them again."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from tests.support.real import require_real


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of loopback that nobody listens on right now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class RealServer:
    """A running toxiproxy-server; `process` may be paused or killed by a test."""

    host: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The base URL of its control API."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def pause(self) -> None:
        """Stop it as Ctrl-Z would, and return once it has stopped: the signal alone is no proof."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def raw(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """Speak to it without the adapter: status and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def real_server(
    host: str = "127.0.0.1", port: int = 0, output: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[RealServer]:
    """Run a toxiproxy-server while the block runs; skips the test when there is none."""
    binary = require_real("toxiproxy-server")
    port = port or free_port(host)
    process = subprocess.Popen(
        [binary, "-host", host, "-port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    server = RealServer(host, port, process)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(server: RealServer) -> None:
    for _ in range(500):
        try:
            server.raw("GET", "/version")
        except OSError:
            assert server.process.poll() is None, "toxiproxy-server ended at once"
            time.sleep(0.01)
        else:
            return
    raise AssertionError("toxiproxy-server does not answer")
