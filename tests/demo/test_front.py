from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse

from loadtui.demo.front import Front
from loadtui.demo.route import Counts

KEY = "k-1"


def client(counts: Counts) -> httpx.AsyncClient:
    app = Front(PlainTextResponse("behind"), KEY, counts)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://orders")


@pytest.mark.parametrize("key", [None, "", "k", "k-1 ", "K-1", "ключ"])
async def test_without_the_key_nothing_below_api_answers(key: str | None) -> None:
    headers = httpx.Headers({} if key is None else {"x-api-key": key}, encoding="utf-8")
    async with client(Counts()) as front:
        answer = await front.get("/api/products", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"error": "x-api-key is missing or wrong"}


async def test_with_the_key_it_does() -> None:
    async with client(Counts()) as front:
        answer = await front.get("/api/products", headers={"x-api-key": KEY})
    assert (answer.status_code, answer.text) == (200, "behind")


async def test_health_needs_no_key() -> None:
    async with client(Counts()) as front:
        assert (await front.get("/health")).status_code == 200


@pytest.mark.parametrize("key", [KEY, "wrong"])
async def test_the_request_id_comes_back(key: str) -> None:
    headers = {"x-api-key": key, "x-request-id": "r-7"}
    async with client(Counts()) as front:
        answer = await front.get("/api/products", headers=headers)
        assert "x-request-id" not in (await front.get("/health")).headers
    assert answer.headers["x-request-id"] == "r-7"


async def test_every_answer_is_counted_refusals_too() -> None:
    counts = Counts()
    async with client(counts) as front:
        await front.get("/api/products", headers={"x-api-key": KEY})
        await front.get("/api/products")
        await front.get("/nothing")
    assert counts.by_route() == {"GET /api/products": {"200": 1, "401": 1}, "other": {"200": 1}}
