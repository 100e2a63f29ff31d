"""A real StatsD receiver on loopback that shows what it has counted."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from tests.support.influx import free_port
from tests.support.real import require_real

READY = 20.0
_LINE = re.compile(r"^(\w+)(\{.*\})? (\S+)$", re.MULTILINE)


class Statsd:
    """The running receiver."""

    def __init__(self, process: subprocess.Popen[bytes], web: int, udp: int) -> None:
        self.process, self.place = process, f"udp://127.0.0.1:{udp}"
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{web}", trust_env=False, timeout=20.0
        )

    def counted(self) -> dict[str, float]:
        """Everything of ours: name, with labels where it has some, and value."""
        text = self._client.get("/metrics").text
        found = {f"{name}{labels}": float(value) for name, labels, value in _LINE.findall(text)}
        return {name: value for name, value in found.items() if name.startswith("k6_")}

    def wait_for(self, enough: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """What it has counted, once that is enough: UDP and its queue take a moment."""
        deadline = time.monotonic() + READY
        while not enough(found := self.counted()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + READY
        while True:
            assert self.process.poll() is None, "statsd_exporter ended"
            try:
                self._client.get("/metrics")
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline, "statsd_exporter does not come up"
                time.sleep(0.05)

    def close(self) -> None:
        self._client.close()


@contextmanager
def statsd() -> Iterator[Statsd]:
    """Run one for as long as the block lasts."""
    program = require_real("statsd_exporter")
    web, udp = free_port(), free_port()
    process = subprocess.Popen(
        [
            *(program, f"--web.listen-address=127.0.0.1:{web}"),
            *(f"--statsd.listen-udp=127.0.0.1:{udp}", "--statsd.listen-tcp="),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Statsd(process, web, udp)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.close()
        process.kill()
        process.wait()
