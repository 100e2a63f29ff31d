"""What the screen's process takes of a core, by thread, and what it writes to the terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.figure import Figure, below
from bench.reading import cpu_seconds
from bench.screen import Screen, has_requests, is_target, loadtui
from tests.support.slow_server import SlowServer, slow_server
from tests.support.toxiproxy_server import free_port

SETTLE, SECONDS = 5.0, 20.0
FILL, FILL_VUS = 120.0, 20
"""Seconds after which the charts are full and cost most, and how few VUs draw them until then."""

PROXIES = """
requests: [{{name: get, url: "{url}/"}}]
chaos:
  proxies:
    payments: {{listen: "127.0.0.1:{a}", upstream: "127.0.0.1:{server}"}}
    orders-db: {{listen: "127.0.0.1:{b}", upstream: "127.0.0.1:{server}"}}
    inventory: {{listen: "127.0.0.1:{c}", upstream: "127.0.0.1:{server}"}}
  faults:
    payments-latency: {{proxy: payments, toxic: latency, attributes: {{latency: 2000}}}}
    payments-timeout: {{proxy: payments, toxic: timeout, attributes: {{timeout: 3000}}}}
    payments-down: {{proxy: payments, down: true}}
    orders-db-latency: {{proxy: orders-db, toxic: latency, attributes: {{latency: 300}}}}
    orders-db-bandwidth: {{proxy: orders-db, toxic: bandwidth, attributes: {{rate: 50}}}}
    orders-db-down: {{proxy: orders-db, down: true}}
    inventory-slow-close: {{proxy: inventory, toxic: slow_close, attributes: {{delay: 500}}}}
    inventory-reset: {{proxy: inventory, toxic: reset_peer, attributes: {{timeout: 800}}}}
    inventory-down: {{proxy: inventory, down: true}}
"""
"""The demo's proxies and faults, idle, beside one request."""


@dataclass(frozen=True)
class Share:
    """% of a core: all threads, the main one (Textual), the session's; bytes/s to the terminal."""

    all: float
    main: float
    session: float
    written: float

    def figures(self, what: str) -> list[Figure]:
        """As lines of the table."""
        rest = max(0.0, self.all - self.main - self.session)
        return [
            below(f"CPU of the screen's process, {what}", self.all, 25, "%"),
            Figure(
                "  main · session · other threads",
                f"{self.main:.1f} · {self.session:.1f} · {rest:.1f} %",
            ),
            Figure("  written to the terminal", f"{self.written / 1000:,.1f} kB/s"),
        ]


def measure_share(vus: int, delay: float) -> list[Figure]:
    """Under load, and under the same load with three proxies and nine faults in the panel."""
    with slow_server(delay) as server:
        with loadtui(server.url, "--vus", str(FILL_VUS)) as screen:
            plain = _under_load(screen, vus)
        with loadtui("--vus", str(FILL_VUS), file=_proxies(server)) as screen:
            proxies = _under_load(screen, vus)
    return [
        *plain.figures(f"{vus} VUs"),
        *proxies.figures(f"{vus} VUs, 3 idle proxies"),
    ]


def measure_demo() -> list[Figure]:
    """The demo before the first key."""
    with loadtui("demo") as screen:
        screen.wait(lambda text: "Nothing is running" in text, seconds=90, what="the demo")
        screen.record(SETTLE)
        return _share(screen).figures("idle demo")


def _proxies(server: SlowServer) -> str:
    ports = {name: free_port() for name in "abc"}
    return PROXIES.format(url=server.url, server=server.port, **ports)


def _under_load(screen: Screen, vus: int) -> Share:
    screen.wait(has_requests, seconds=30, what="requests")
    screen.replay(screen.record(FILL), bool)
    for keys in (":", f"{vus}\r"):
        screen.press(keys)
        screen.pump(0.5)
    screen.wait(partial(is_target, vus), seconds=5, what="the target")
    screen.record(SETTLE)
    return _share(screen)


def _share(screen: Screen) -> Share:
    pid, before = screen.process.pid, _spent(screen.process.pid)
    began = time.monotonic()
    written = sum(len(each.data) for each in screen.record(SECONDS))
    took, after = time.monotonic() - began, _spent(pid)
    all_, main, session = (100 * (b - a) / took for a, b in zip(before, after, strict=True))
    return Share(all_, main, session, written / took)


def _spent(pid: int) -> tuple[float, float, float]:
    """CPU seconds of all threads, of the main one and of the session's, the first that it makes."""
    main, session = sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())[:2]
    return cpu_seconds(pid), cpu_seconds(pid, main), cpu_seconds(pid, session)
