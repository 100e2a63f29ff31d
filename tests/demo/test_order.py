from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loadtui.demo.order import read_order
from loadtui.errors import BadInput

ITEM = {"productId": "prod-1", "quantity": 2, "unitPrice": 1500}


def body(**changes: object) -> bytes:
    order: dict[str, Any] = {"customerId": "cust-1", "items": [ITEM], **changes}
    return msgspec.json.encode(order)


def test_the_total_is_the_sum_of_the_lines() -> None:
    assert read_order(body(items=[ITEM, {**ITEM, "quantity": 1, "unitPrice": 5}])).total == 3005


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "Input data was truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `customerId`"),
        (body(customerId=7), "`$.customerId`"),
        (body(customerId=""), "length >= 1 - at `$.customerId`"),
        (body(items=[]), "length >= 1 - at `$.items`"),
        (body(items=[ITEM] * 101), "length <= 100 - at `$.items`"),
        (body(items=[{**ITEM, "quantity": 0}]), ">= 1 - at `$.items[0].quantity`"),
        (body(items=[{**ITEM, "unitPrice": -1}]), ">= 0 - at `$.items[0].unitPrice`"),
        (body(customerId="a\0b"), "`$.customerId`"),
        (b'{"customerId": "\xff"}', "invalid start byte"),
    ],
)
def test_what_is_no_order_is_refused_by_the_field(sent: bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_order(sent)
    assert refused.value.what.startswith("this is no order: ")
    assert said in refused.value.what
