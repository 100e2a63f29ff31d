"""The orders script's request as a Python journey; `bench.engine` has workers import it."""

from __future__ import annotations

from loadtui.journey import Vu

ORDER = {
    "customerId": "cust-123",
    "items": [
        {"productId": "prod-1", "quantity": 2, "unitPrice": 1500},
        {"productId": "prod-2", "quantity": 1, "unitPrice": 3000},
    ],
}


async def post(vu: Vu) -> None:
    """An order, with two headers, one of them fresh, and two checks, one on parsed JSON."""
    r = await vu.http.post(
        "/api/orders",
        json=ORDER,
        headers={"x-api-key": "test-key", "x-request-id": f"{vu.id}-{vu.iteration}"},
        name="create_order",
        tags={"endpoint": "create_order"},
    )
    vu.check(
        r, {"status is 201": r.status_code == 201, "has order id": lambda r: bool(r.json()["id"])}
    )
