"""The server to be loaded: nginx where it is to be had, else one of ours on uvloop."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.answer import BODY
from bench.cores import on_core
from bench.ports import free_port

TOOLS = Path(".tools/bench")

_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; default_type application/json;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port};
    location /count {{ stub_status; }}
    location / {{ return 200 '{body}'; }}
  }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server."""

    name: str
    port: int

    @property
    def url(self) -> str:
        """What to ask for."""
        return f"http://127.0.0.1:{self.port}/order"

    def count(self) -> int:
        """All requests so far; its own question is among them, and the same each time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/count")
            # nginx: "accepts handled requests" on the third line, the last of them is ours.
            return int(connection.getresponse().read().split()[-7 if self.name != "ours" else 0])
        finally:
            connection.close()


@contextmanager
def fast_server() -> Iterator[Server]:
    """Serve from the first core for as long as the block lasts."""
    nginx, port = _find_nginx(), free_port()
    with tempfile.TemporaryDirectory() as folder, on_core(0):
        if nginx is None:
            name, command = "ours", [sys.executable, "-m", "bench.plain_server", str(port)]
        else:
            config = Path(folder, "nginx.conf")
            config.write_text(_NGINX.format(folder=folder, port=port, body=BODY))
            name, command = "nginx", [nginx, "-c", str(config), "-e", str(Path(folder, "errors"))]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        try:
            server = Server(name, port)
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(server: Server) -> None:
    for _ in range(100):
        try:
            server.count()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{server.name} does not answer on port {server.port}")


def _find_nginx() -> str | None:
    """On PATH, or unpacked from the distribution's package without installing it."""
    if (found := shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")) is not None:
        return found
    unpacked = TOOLS / "nginx" / "usr" / "sbin" / "nginx"
    if not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg"):
        _unpack(TOOLS)
    return str(unpacked.absolute()) if unpacked.exists() else None


def _unpack(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    download = ["apt-get", "download", "-q", "nginx"]
    subprocess.run(download, cwd=folder, capture_output=True, check=False)
    for package in folder.glob("nginx_*.deb"):
        subprocess.run(["dpkg", "-x", package.name, "nginx"], cwd=folder, check=True)
        package.unlink()
