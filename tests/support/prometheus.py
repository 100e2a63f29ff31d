"""Real databases on loopback that answer PromQL: a Prometheus that takes remote writes, and a
VictoriaMetrics that takes OTLP.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.influx import free_port
from tests.support.real import require_real

READY = 20.0
RECEIVES = "--web.enable-remote-write-receiver"
NATIVE = "--enable-feature=native-histograms"


class Prometheus:
    """The running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=20.0)

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + READY
        while True:
            assert self.process.poll() is None, "the database ended"
            try:
                if self._client.get("/-/ready").status_code == 200:
                    return
            except httpx.TransportError:
                assert time.monotonic() < deadline, "the database does not come up"
            time.sleep(0.05)

    def series(self, query: str) -> list[tuple[dict[str, str], float]]:
        """What a query gives now: labels and value of each series."""
        self.settle()
        # VictoriaMetrics asks about whole seconds, and would miss what came in this one.
        asked: dict[str, str | int] = {"query": query, "time": int(time.time()) + 1}
        reply = self._client.get("/api/v1/query", params=asked).json()
        assert reply["status"] == "success", reply
        found = reply["data"]["result"]
        return [(each["metric"], float(each["value"][1])) for each in found]

    def value(self, query: str) -> float:
        """The value of the one series that a query gives."""
        ((_, value),) = self.series(query)
        return value

    def settle(self) -> None:
        """Have what was written be found."""

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._client.close()


class Victoria(Prometheus):
    """A VictoriaMetrics, which keeps what it takes for a second before it can be found."""

    @property
    def otlp(self) -> str:
        return f"{self.url}/opentelemetry"

    def settle(self) -> None:
        self._client.get("/internal/force_flush").raise_for_status()


@contextmanager
def prometheus(folder: Path, *options: str) -> Iterator[Prometheus]:
    """Run one with its data in `folder`, for as long as the block lasts."""
    folder.mkdir()
    config = folder / "prometheus.yml"
    config.write_text("global: {scrape_interval: 1h}\n", encoding="utf-8")
    port = free_port()
    words = [
        *(f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"),
        *(f"--web.listen-address=127.0.0.1:{port}", *options),
    ]
    with _running("prometheus", words) as process:
        server = Prometheus(process, port)
        server.wait_until_up()
        yield server
        server.close()


@contextmanager
def victoria(folder: Path) -> Iterator[Victoria]:
    """Run one with its data in `folder`, for as long as the block lasts."""
    port = free_port()
    words = [
        *(f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}"),
        # It leaves out what is younger than 30 s, else.
        *("-search.latencyOffset=0s", "-search.disableCache", "-memory.allowedBytes=256MB"),
    ]
    with _running("victoria-metrics", words) as process:
        server = Victoria(process, port)
        server.wait_until_up()
        yield server
        server.close()


@contextmanager
def _running(name: str, words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [require_real(name), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
