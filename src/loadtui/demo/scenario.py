"""What the demo's virtual users do, what must hold, and which faults its panel offers.

The same scenario as `scenarios/demo.yaml`, for a system whose address is known only once its ports
are chosen.
"""

from __future__ import annotations

import msgspec

from loadtui.model.request import Check, RequestTemplate, Think
from loadtui.model.scenario import FaultPreset, Scenario
from loadtui.model.text import Text, Variable, constant
from loadtui.model.threshold import Threshold
from loadtui.model.toxic import Toxic

TARGET = "http://127.0.0.1:3000"
API_KEY = "test-key"
DESCRIPTION = "Browse the products, order two of them, look at the order."

_ORDER = {
    "customerId": "cust-123",
    "items": [
        {"productId": "prod-1", "quantity": 2, "unitPrice": 1500},
        {"productId": "prod-2", "quantity": 1, "unitPrice": 3000},
    ],
}
_OK, _CREATED = ((200, 200),), ((201, 201),)


def _toxic(type_: str, stream: str = "downstream", share: float = 1.0, **attributes: int) -> Toxic:
    return Toxic(type_, type_, stream, share, dict(attributes))


PAYMENTS_SLOW = _toxic("latency", latency=2000, jitter=100)

FAULTS: tuple[FaultPreset, ...] = (
    FaultPreset("payments-latency", "payments", PAYMENTS_SLOW),
    FaultPreset("payments-timeout", "payments", _toxic("timeout", timeout=3000)),
    FaultPreset("payments-down", "payments"),
    FaultPreset(
        "orders-db-latency", "orders-db", _toxic("latency", "upstream", latency=300, jitter=50)
    ),
    FaultPreset("orders-db-bandwidth", "orders-db", _toxic("bandwidth", rate=50)),
    FaultPreset("orders-db-down", "orders-db"),
    FaultPreset("inventory-slow-close", "inventory", _toxic("slow_close", delay=500)),
    FaultPreset("inventory-reset", "inventory", _toxic("reset_peer", share=0.1, timeout=800)),
    FaultPreset("inventory-down", "inventory"),
)

THRESHOLDS: tuple[Threshold, ...] = (
    Threshold(
        source="p(95)<500",
        metric="http_req_duration",
        aggregate="p",
        quantile=0.95,
        operator="<",
        limit=500.0,
    ),
    Threshold(
        source="rate<0.01", metric="http_req_failed", aggregate="rate", operator="<", limit=0.01
    ),
    Threshold(source="rate>0.99", metric="checks", aggregate="rate", operator=">", limit=0.99),
)


def demo_scenario(*, target: str = TARGET, api_key: str = API_KEY) -> Scenario:
    """The scenario for a demo at `target`, a base URL without a slash at its end.

    Its proxies are not part of it: they belong to the running system (`DemoSystem.proxies`).
    """
    return Scenario(
        name="orders",
        description=DESCRIPTION,
        target=target,
        requests=_requests(target, api_key),
        thresholds=THRESHOLDS,
        metrics={"order_created": "counter"},
        faults=FAULTS,
        secrets=(api_key,),
    )


def _requests(target: str, api_key: str) -> tuple[RequestTemplate, ...]:
    """One iteration. Thinking comes first: an order that fails ends its iteration, and a virtual
    user that never thinks would hammer a system that is down.
    """
    headers = (
        ("x-api-key", constant(api_key)),
        ("x-request-id", Text((Variable("uuid", escape="header"),))),
    )
    return (
        RequestTemplate(
            name="list_products",
            url=constant(f"{target}/api/products"),
            headers=headers,
            tags={"endpoint": "list_products"},
            checks=(Check("products are listed", _OK, json_path="[0].id"),),
            think=Think(0.5, 0.5),
        ),
        RequestTemplate(
            name="create_order",
            method="POST",
            url=constant(f"{target}/api/orders"),
            headers=(("content-type", constant("application/json")), *headers),
            body=constant(msgspec.json.encode(_ORDER).decode()),
            tags={"endpoint": "create_order"},
            checks=(Check("status is 201", _CREATED), Check("has order id", json_path="id")),
            save={"order_id": "id"},
            count={"order_created": "status is 201"},
        ),
        RequestTemplate(
            name="get_order",
            url=Text((f"{target}/api/orders/", Variable("saved", "order_id", escape="url"))),
            headers=headers,
            tags={"endpoint": "get_order"},
            checks=(Check("order is found", _OK),),
        ),
    )
