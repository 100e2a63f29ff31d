"""What a Python journey imports: the types of what it is given.

async def checkout(vu: Vu) -> None:
    r = await vu.http.post("/api/orders", json={"customerId": "cust-123"}, name="create_order")
    vu.check(r, {"status is 201": r.status_code == 201, "has id": lambda r: r.json()["id"]})
    await vu.sleep(1, 3)
"""

from __future__ import annotations

from loadtui.load.deck import Row
from loadtui.load.journey import Vu
from loadtui.load.journey_data import Data
from loadtui.load.journey_http import Http, Options
from loadtui.load.journey_metrics import Metric, Metrics
from loadtui.load.journey_sse import Event, Events
from loadtui.load.journey_ws import WebSocket, WebSockets
from loadtui.load.response import Headers, Response, Timings

__all__ = [
    "Data",
    "Event",
    "Events",
    "Headers",
    "Http",
    "Metric",
    "Metrics",
    "Options",
    "Response",
    "Row",
    "Timings",
    "Vu",
    "WebSocket",
    "WebSockets",
]
