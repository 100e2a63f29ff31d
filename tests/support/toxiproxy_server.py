"""Start Toxiproxy servers, the original or the embedded one, on free ports of loopback."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import IO, Literal, get_args

from loadtui.chaos import server as servers
from tests.support.real import require_real

Kind = Literal["real", "embedded"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def command(kind: Kind, *flags: str) -> list[str]:
    """Write the command line that starts a server of this kind."""
    if kind == "real":
        return [str(require_real("toxiproxy-server")), *flags]
    return [sys.executable, "-m", "loadtui.toxiproxy", *flags]


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of loopback that nobody listens on right now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def let_start(kind: Kind, put: Callable[[ModuleType, str, object], None]) -> None:
    """Let sessions find nothing that runs, so that they start a server of this kind.

    `put`: how to set a name of a module: `setattr`, or what undoes it after a test.
    """
    program = require_real("toxiproxy-server") if kind == "real" else None
    put(servers, "USUAL", f"http://127.0.0.1:{free_port()}")
    put(servers, "find_program", lambda: program)


@dataclass(frozen=True)
class RealServer:
    """A running server; `process` may be paused or killed by a test."""

    kind: Kind
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
    host: str = "127.0.0.1",
    port: int = 0,
    output: IO[bytes] | int = subprocess.DEVNULL,
    *,
    kind: Kind = "real",
) -> Iterator[RealServer]:
    """Run a server while the block runs; skips the test when the original is not there."""
    port = port or free_port(host)
    process = subprocess.Popen(
        command(kind, "--host", host, "--port", str(port)),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    server = RealServer(kind, host, port, process)
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
            assert server.process.poll() is None, f"the {server.kind} server ended at once"
            time.sleep(0.01)
        else:
            return
    raise AssertionError(f"the {server.kind} server does not answer")
