"""The fake system's fixed parts: its proxies, endpoints and limits."""

from __future__ import annotations

from loadtui.model.snapshot import ProxyStatus, Slot, Stats
from loadtui.model.toxic import Toxic
from loadtui.model.verdict import ThresholdStatus

SLO = 500.0
FAILED_LIMIT = 0.01
SERVER = "toxiproxy 2.12.0 :8474 (ours)"


def _slot(kind: str, up: bool = False, share: float = 1.0, **attributes: int) -> Slot:
    stream = "upstream" if up else "downstream"
    return Slot(kind, Toxic(kind, kind, stream, share, dict(attributes)), on=False)


def _proxy(name: str, ports: str, flow: tuple[int, float], *slots: Slot) -> ProxyStatus:
    listen, upstream = (f"127.0.0.1:{port}" for port in ports.split())
    return ProxyStatus(
        name,
        listen,
        upstream,
        connections=flow[0],
        bytes_per_second=flow[1],
        slots=(*slots, Slot("down", None, on=False)),
    )


PROXIES = (
    _proxy(
        "payments",
        "21001 22001",
        (12, 84e3),
        _slot("latency", latency=2000, jitter=100),
        _slot("timeout", timeout=3000),
    ),
    _proxy(
        "orders-db",
        "21002 5432",
        (10, 1.24e6),
        _slot("latency", up=True, latency=300, jitter=50),
        _slot("bandwidth", rate=50),
    ),
    _proxy(
        "inventory",
        "21003 22002",
        (4, 31e3),
        _slot("slow_close", delay=500),
        _slot("reset_peer", share=0.1, timeout=800),
    ),
)
ENDPOINTS = (
    ("POST", "create_order", 0.5, 1.0),
    ("GET", "get_order", 0.3, 0.62),
    ("GET", "list_products", 0.2, 0.41),
)
"""Method, name, share of the requests, latency in parts of the slowest."""


def thresholds(now: Stats) -> tuple[ThresholdStatus, ...]:
    """What the three thresholds say now."""

    def status(source: str, value: float | None, unit: str, *, ok: bool) -> ThresholdStatus:
        holds = None if value is None else ok
        return ThresholdStatus(source, value, holds, value, holds, unit)

    failed = now.failed or 0.0
    return (
        status("p(95)<500", now.p95, "ms", ok=(now.p95 or 0) < SLO),
        status("http_req_failed rate<0.01", now.failed, "%", ok=failed < FAILED_LIMIT),
        status("checks rate>0.99", now.checks, "%", ok=True),
    )
