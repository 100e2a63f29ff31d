"""The servers to be loaded: a fast one, and one whose delay is known."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.answer import BODY
from bench.cores import first_served, serve_first
from bench.ports import free_port
from bench.tools import Missing, Tool, from_debian

SOON = 10.0
"""Seconds within which connections must have gone."""

_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
worker_rlimit_nofile 16384;
events {{ worker_connections 16000; multi_accept on; }}
http {{
  access_log off; keepalive_requests 1000000000; default_type application/json;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location /look {{ stub_status; }}
    location /api/orders {{ return 201 '{body}'; }}
    location / {{ return 200 '{body}'; }}
  }}
}}
"""


@dataclass(frozen=True)
class Look:
    """What a server knows of itself. `late`: median and 99th percentile, ms, of how much later than
    its delay it answered since the last look, where it has one.
    """

    requests: int
    connections: int
    late: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    port: int

    @property
    def counts_looks(self) -> bool:
        """Whether a look is one of the requests that it counts."""
        return self.name.startswith("nginx")

    @property
    def base(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def look(self) -> Look:
        """Ask it; the question is one connection more, and one request more where nginx counts."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/look")
            words = connection.getresponse().read().split()
        finally:
            connection.close()
        if words[0] == b"Active":
            # "Active connections: 1", "server accepts handled requests", " 1 1 1", …
            return Look(int(words[9]), int(words[2]) - 1)
        requests, connections, middle, high = map(int, words)
        return Look(requests, connections - 1, (middle / 1000, high / 1000))

    def count(self) -> int:
        """All requests so far."""
        return self.look().requests

    def wait_until(self, holds: Callable[[Look], bool], seconds: float) -> bool:
        """Look until it holds, at most for so long; whether it does."""
        deadline = time.monotonic() + seconds
        while not holds(self.look()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


@contextmanager
def fast_server(miss: Callable[[str], None]) -> Iterator[Server]:
    """Run nginx on the first core while the block lasts, or one of ours: `miss` is told why."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        try:
            nginx = from_debian("nginx", "nginx")
            config = Path(folder, "nginx.conf")
            config.write_text(_NGINX.format(folder=folder, port=port, body=BODY))
            options = ["-c", str(config), "-e", str(Path(folder, "errors"))]
            server = Server(nginx.says("-v").rpartition("/")[2].strip(), port)
            server = Server(f"nginx {server.name}", port)
        except Missing as why:
            miss(f"the server is a slow one of ours, which caps the fastest rates: {why}")
            nginx, options = Tool(sys.executable), ["-m", "bench.plain_server", str(port)]
            server = Server("a server of ours", port)
        with _running(server, nginx, options):
            yield server


@contextmanager
def exact_server(milliseconds: float) -> Iterator[Server]:
    """Answers after exactly so long, as far as a program can."""
    port = free_port()
    options = ["-m", "bench.plain_server", str(port), f"{milliseconds:g}"]
    server = Server("a server of ours", port)
    with _running(server, Tool(sys.executable), options, at_once=True):
        yield server


@contextmanager
def _running(
    server: Server, tool: Tool, options: list[str], *, at_once: bool = False
) -> Iterator[None]:
    with first_served(0, at_once=at_once):
        process = subprocess.Popen(
            [tool.path, *options],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **tool.environment},
            start_new_session=True,
        )
    serve_first(process.pid)
    try:
        _wait_for(server)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(server: Server) -> None:
    for _ in range(100):
        try:
            server.look()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{server.name} does not answer on port {server.port}")
