"""A shopper in Python: looks around, orders, and looks at the order.

checkout.yaml runs it beside a list of requests; alone it runs as
loadtui run scenarios/checkout.py --target http://127.0.0.1:3000 --vus 5 --duration 30s
"""

from __future__ import annotations

import random

from loadtui.journey import Vu

PRICES = {"prod-1": 1500, "prod-2": 3000}


async def buy(vu: Vu) -> None:
    """One visit; `vu.state` keeps what this shopper ordered before."""
    key = {"x-api-key": vu.env.get("API_KEY", "test-key")}
    await vu.http.get("/api/products", name="list_products", headers=key)
    await vu.sleep(0.2, 0.6)
    basket = {product: random.randint(1, 3) for product in PRICES}
    items = [
        {"productId": product, "quantity": quantity, "unitPrice": PRICES[product]}
        for product, quantity in basket.items()
    ]
    with vu.group("checkout"):
        order = await vu.http.post(
            "/api/orders",
            json={"customerId": f"cust-{vu.id}", "items": items},
            name="create_order",
            headers=key,
            tags={"endpoint": "create_order"},
        )
        placed = vu.check(
            order,
            {
                "status is 201": order.status_code == 201,
                "has order id": lambda order: order.json()["id"],
            },
        )
        if not placed:  # a failed request does not raise: go on to the next visit
            return
        found = await vu.http.get(f"/api/orders/{order.json()['id']}", headers=key)
        vu.check(found, {"order is found": found.status_code == 200})
    vu.state["orders"] = vu.state.get("orders", 0) + 1
    if "orders" in vu.metrics:
        vu.metrics["orders"].add(1)
        vu.metrics["basket"].add(sum(basket.values()), tags={"shop": "web"})
