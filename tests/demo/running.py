"""The real demo system on a thread of its own, as a session runs it, behind a real Toxiproxy."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from loadtui.demo.system import DemoSystem
from tests.support.toxiproxy_server import RealServer

ORDER = {
    "customerId": "cust-123",
    "items": [{"productId": "prod-1", "quantity": 2, "unitPrice": 1500}],
}
T = TypeVar("T")


class Running:
    """A system that is up, and a caller who knows its key."""

    def __init__(self, system: DemoSystem, server: RealServer) -> None:
        self.system, self.server = system, server
        self.told: list[tuple[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.api = httpx.Client(
            base_url=system.target, headers={"x-api-key": "test-key"}, timeout=20, trust_env=False
        )

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it on the system's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(40)

    def start(self) -> None:
        create_proxies(self.system, self.server)

        async def ready() -> None:
            pass

        self.run(self.system.start(lambda *words: self.told.append(words), ready()))

    def close(self) -> None:
        self.api.close()
        self.run(self.system.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def folder(self) -> Path:
        """Where its data and logs are."""
        assert self.system._folder is not None
        return self.system._folder.path

    def order(self) -> httpx.Response:
        return self.api.post("/api/orders", json=ORDER)

    def health(self) -> dict[str, Any]:
        report: dict[str, Any] = self.api.get("/health").json()
        return report

    def set_enabled(self, proxy: str, *, enabled: bool) -> None:
        self._call("POST", f"/proxies/{proxy}", {"enabled": enabled}, 200)

    @contextmanager
    def toxic(self, proxy: str, type_: str, **attributes: int) -> Iterator[None]:
        """A toxic for as long as the block runs."""
        toxic = {"name": "t", "type": type_, "attributes": attributes}
        self._call("POST", f"/proxies/{proxy}/toxics", toxic, 200)
        try:
            yield
        finally:
            self._call("DELETE", f"/proxies/{proxy}/toxics/t", None, 204)

    def _call(self, method: str, path: str, body: object, expected: int) -> None:
        status, text = self.server.raw(method, path, json.dumps(body) if body else None)
        assert status == expected, text


def create_proxies(system: DemoSystem, server: RealServer) -> None:
    for proxy in system.proxies:
        made = {"name": proxy.name, "listen": proxy.listen, "upstream": proxy.upstream}
        status, text = server.raw("POST", "/proxies", json.dumps(made))
        assert status == 201, text


@contextmanager
def running(server: RealServer, folder: Path, **options: Any) -> Iterator[Running]:
    """Run a system while the block runs; its proxies stay on the server."""
    it = Running(DemoSystem(work_dir=folder, **options), server)
    try:
        it.start()
        yield it
    finally:
        it.close()


def seconds_until(holds: Callable[[], bool], within: float = 15.0) -> float:
    """How long it takes until `holds` says so."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, f"not within {within} s"
        time.sleep(0.01)
    return time.monotonic() - began
