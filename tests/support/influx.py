"""A real InfluxDB on loopback that a test can ask, freeze and take away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.real import require_real

READY = 20.0


class Influx:
    """The running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=20.0)

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + READY
        while True:
            assert self.process.poll() is None, "influxd ended"
            try:
                if self._client.get("/ping").status_code == 204:
                    return
            except httpx.TransportError:
                assert time.monotonic() < deadline, "influxd does not come up"
                time.sleep(0.05)

    def rows(self, query: str, database: str = "k6") -> list[dict[str, Any]]:
        """What a query gives: a dict a row, with the tags it is grouped by."""
        reply = self._client.get("/query", params={"db": database, "q": query}).json()
        (result,) = reply["results"]
        assert "error" not in result, result
        return [
            {**series.get("tags", {}), **dict(zip(series["columns"], values, strict=True))}
            for series in result.get("series", [])
            for values in series["values"]
        ]

    def value(self, query: str, database: str = "k6") -> float:
        """The one value that a query gives, 0 for none."""
        rows = self.rows(query, database)
        return (
            float(next(value for name, value in rows[0].items() if name != "time")) if rows else 0
        )

    def order(self, query: str, user: str = "", password: str = "") -> None:
        """Have it make something."""
        signed = {"u": user, "p": password} if user else {}
        reply = self._client.post("/query", params=signed, data={"q": query})
        assert "error" not in reply.text, reply.text

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._client.close()


@contextmanager
def influx(folder: Path, port: int = 0, *, signed: bool = False) -> Iterator[Influx]:
    """Run one with its data in `folder`, for as long as the block lasts. `signed`: whether only
    users may enter; the first one made is its administrator.
    """
    program = require_real("influxd")
    port = port or free_port()
    settings = {
        "INFLUXDB_REPORTING_DISABLED": "true",
        "INFLUXDB_HTTP_AUTH_ENABLED": str(signed).lower(),
        "INFLUXDB_META_DIR": str(folder / "meta"),
        "INFLUXDB_DATA_DIR": str(folder / "data"),
        "INFLUXDB_DATA_WAL_DIR": str(folder / "wal"),
        "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{port}",
        "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    process = subprocess.Popen(
        [program, "run", "-config", "/dev/null"],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Influx(process, port)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.close()
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
