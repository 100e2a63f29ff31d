from __future__ import annotations

import time

import httpx
import pytest

from loadtui.demo.inventory import inventory_app
from loadtui.demo.payments import payments_app


def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(payments_app())
    return httpx.AsyncClient(transport=transport, base_url="http://payments")


async def test_a_second_try_for_an_order_is_the_same_charge() -> None:
    async with client() as payments:
        charges = [await payments.post("/charges", json={"id": "o-1", "amount": 6}) for _ in "ab"]
    assert [charge.status_code for charge in charges] == [201, 201]
    assert (
        charges[0].json()
        == charges[1].json()
        == {
            "id": "pay-o-1",
            "amount": 6,
            "status": "charged",
        }
    )


async def test_a_charge_takes_its_time() -> None:
    async with client() as payments:
        began = time.perf_counter()
        await payments.post("/charges", json={"id": "o-1", "amount": 6})
    assert time.perf_counter() - began >= 0.010


@pytest.mark.parametrize("body", [b"", b"{}", b'{"id": 1, "amount": 6}', b"\xff"])
async def test_what_is_no_charge_is_refused(body: bytes) -> None:
    async with client() as payments:
        assert (await payments.post("/charges", content=body)).status_code == 400


async def test_inventory_reserves() -> None:
    transport = httpx.ASGITransport(inventory_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://inventory") as inventory:
        answer = await inventory.post("/reservations", json=[["prod-1", 2]])
    assert (answer.status_code, answer.json()) == (201, {"status": "reserved"})
