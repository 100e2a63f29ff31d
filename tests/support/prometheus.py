"""A real Prometheus on loopback that takes remote writes, and answers what it was told."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.influx import free_port
from tests.support.real import require_real

READY = 20.0


class Prometheus:
    """The running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=20.0)

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + READY
        while True:
            assert self.process.poll() is None, "prometheus ended"
            try:
                if self._client.get("/-/ready").status_code == 200:
                    return
            except httpx.TransportError:
                assert time.monotonic() < deadline, "prometheus does not come up"
            time.sleep(0.05)

    def series(self, query: str) -> list[tuple[dict[str, str], float]]:
        """What a query gives now: labels and value of each series."""
        reply = self._client.get("/api/v1/query", params={"query": query}).json()
        assert reply["status"] == "success", reply
        found = reply["data"]["result"]
        return [(each["metric"], float(each["value"][1])) for each in found]

    def value(self, query: str) -> float:
        """The value of the one series that a query gives."""
        ((_, value),) = self.series(query)
        return value

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._client.close()


@contextmanager
def prometheus(folder: Path, *options: str) -> Iterator[Prometheus]:
    """Run one with its data in `folder`, for as long as the block lasts."""
    program = require_real("prometheus")
    folder.mkdir()
    config = folder / "prometheus.yml"
    config.write_text("global: {scrape_interval: 1h}\n", encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(
        [
            *(program, f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"),
            *(f"--web.listen-address=127.0.0.1:{port}", *options),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Prometheus(process, port)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.close()
        process.kill()
        process.wait()
