from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from loadtui.toxiproxy.admin.app import application
from loadtui.toxiproxy.admin.handlers import AT_ONCE, LARGEST
from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.log import set_up
from loadtui.toxiproxy.settings import Settings
from tests.toxiproxy.conftest import Said

P = {"name": "p", "listen": "127.0.0.1:0", "upstream": "127.0.0.1:1"}
GONE = '{"error":"proxy not found","status":404}\n'


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a control API that has one proxy, `p`."""
    collection = Collection(settings)
    transport = httpx.ASGITransport(application(collection))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            assert (await client.post("/proxies", json=P)).status_code == 201
            yield client
    finally:
        collection.close()


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with served(Settings()) as client:
        yield client


async def test_a_proxy_from_its_making_to_its_end(api: httpx.AsyncClient) -> None:
    shown = (await api.get("/proxies/p")).json()
    assert shown["listen"].startswith("127.0.0.1:")
    assert (await api.get("/proxies")).json() == {"p": shown}
    off = await api.patch("/proxies/p", json={"enabled": False})
    assert (off.status_code, off.json()) == (200, {**shown, "enabled": False})
    assert (await api.post("/reset")).status_code == 204
    assert (await api.get("/proxies/p")).json() == shown
    assert (await api.delete("/proxies/p")).status_code == 204
    for send in (
        "GET /proxies/p",
        "PATCH /proxies/p",
        "DELETE /proxies/p",
        "GET /proxies/p/toxics",
    ):
        reply = await api.request(*send.split(), content=b"nonsense")
        assert (reply.status_code, reply.text) == (404, GONE)


async def test_a_toxic_from_its_making_to_its_end(api: httpx.AsyncClient) -> None:
    asked = {"type": "latency", "toxicity": 0.25, "attributes": {"latency": 5}}
    added = await api.post("/proxies/p/toxics", json=asked)
    assert (added.status_code, added.text) == (
        200,
        '{"attributes":{"latency":5,"jitter":0},"name":"latency_downstream","type":"latency",'
        '"stream":"downstream","toxicity":0.25}',
    )
    again = await api.post("/proxies/p/toxics", json=asked)
    assert (again.status_code, again.json()["error"]) == (409, "toxic already exists")
    one = "/proxies/p/toxics/latency_downstream"
    changed = await api.patch(one, json={"attributes": {"jitter": 2}})
    assert changed.json() == {**added.json(), "attributes": {"latency": 5, "jitter": 2}}
    refused = await api.patch(one, json={"toxicity": 2, "attributes": {"jitter": 9}})
    assert refused.status_code == 400
    assert (await api.get(one)).json() == changed.json()
    assert (await api.get("/proxies/p/toxics")).json() == [changed.json()]
    assert (await api.delete(one)).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        reply = await api.request(method, one, content=b"nonsense")
        assert (reply.status_code, reply.json()["error"]) == (404, "toxic not found")


async def test_a_population_tells_how_far_it_came(api: httpx.AsyncClient) -> None:
    taken = (await api.get("/proxies/p")).json()["listen"]
    wanted = [
        {"name": "q", "listen": "127.0.0.1:0", "upstream": "u:1"},
        {"name": "r", "listen": taken, "upstream": "u:1"},
    ]
    failed = await api.post("/populate", json=wanted)
    assert (failed.status_code, failed.json()["error"]) == (
        500,
        f"listen tcp {taken}: bind: address already in use",
    )
    assert [each["name"] for each in failed.json()["proxies"]] == ["q"]
    none = await api.post("/populate", content=b"[]")
    assert (none.status_code, none.text) == (201, '{"proxies":null}')
    bad = await api.post("/populate", content=b"[{}]")
    assert bad.text == (
        '{"error":"missing required field: name at proxy 1","status":400,"proxies":null}'
    )


async def test_an_address_that_cannot_be_is_an_answer_and_no_crash(api: httpx.AsyncClient) -> None:
    for listen in ("127.0.0.1:-+5", "127.0.0.1:²", "a\0b:1", "127.0.0.1:x\0", "[::1%no]:0"):
        reply = await api.post("/proxies", json={**P, "name": "q", "listen": listen})
        assert (reply.status_code, reply.json()["status"]) == (500, 500)
    assert list((await api.get("/proxies")).json()) == ["p"]


async def test_a_number_of_any_length_is_an_answer_and_no_crash(api: httpx.AsyncClient) -> None:
    body = b'{"type":"latency","attributes":{"latency":%s}}' % (b"1" * 5000)
    reply = await api.post("/proxies/p/toxics", content=body)
    assert reply.status_code == 400
    assert reply.json()["error"].endswith("LatencyToxic.attributes.latency of type int64")


@pytest.mark.parametrize("padding", [0, AT_ONCE, 1_000_000])
async def test_a_body_of_any_usual_length_is_read(api: httpx.AsyncClient, padding: int) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"type":"noop","x":"'
        yield b"x" * padding
        yield b'"}'

    assert (await api.post("/proxies/p/toxics", content=parts())).status_code == 200


async def test_a_body_that_is_far_too_long_is_refused_before_it_is_whole(
    api: httpx.AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024 * 1024
            yield bytes(1024 * 1024)

    reply = await api.post("/populate", content=endless())
    assert reply.status_code == 413
    assert f"larger than {LARGEST} bytes" in reply.json()["error"]
    assert sent <= LARGEST + 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("send", "body"),
    [("PATCH /proxies/p", b'{"enabled":true}'), ("POST /proxies/p/toxics", b'{"type":"noop"}')],
)
async def test_a_proxy_that_is_deleted_while_its_change_arrives_is_not_found(
    api: httpx.AsyncClient, send: str, body: bytes
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield body[:5]
        assert (await api.delete("/proxies/p")).status_code == 204
        yield body[5:]

    reply = await api.request(*send.split(), content=slow())
    assert (reply.status_code, reply.text) == (404, GONE)


async def test_a_change_that_arrives_slowly_undoes_no_other(api: httpx.AsyncClient) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b'{"upstream":'
        assert (await api.patch("/proxies/p", json={"enabled": False})).status_code == 200
        yield b'"127.0.0.1:2"}'

    shown = (await api.patch("/proxies/p", content=slow())).json()
    assert (shown["upstream"], shown["enabled"]) == ("127.0.0.1:2", False)


async def test_of_two_toxics_of_one_name_that_arrive_at_once_one_is_taken(
    api: httpx.AsyncClient,
) -> None:
    replies = await asyncio.gather(
        *(api.post("/proxies/p/toxics", json={"type": "noop"}) for _ in range(2))
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    assert len((await api.get("/proxies/p/toxics")).json()) == 1


async def test_metrics_are_there_when_asked_for_and_forget_no_proxy(
    api: httpx.AsyncClient,
) -> None:
    assert (await api.get("/metrics")).status_code == 404
    async with served(Settings(metrics=True)) as measured:
        listen = (await measured.get("/proxies/p")).json()["listen"]
        await measured.delete("/proxies/p")
        page = await measured.get("/metrics")
    assert page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert (
        f'toxiproxy_proxy_sent_bytes_total{{direction="upstream",listener="{listen}",proxy="p",'
        'upstream="127.0.0.1:1"} 0\n'
    ) in page.text


@pytest.mark.parametrize(
    ("send", "agent", "status"),
    [
        ("GET /version", "curl/8", 200),
        ("GET /version", "Mozilla/5.0", 403),
        ("GET /nowhere", "Mozilla/5.0", 404),
        ("PUT /version", "Mozilla/5.0", 405),
        ("GET //version", "curl/8", 301),
    ],
)
async def test_who_may_ask_for_what(
    api: httpx.AsyncClient, send: str, agent: str, status: int
) -> None:
    method, path = send.split()
    reply = await api.request(method, f"http://api{path}", headers={"User-Agent": agent})
    assert reply.status_code == status
    assert reply.headers["x-toxiproxy-server"] == "loadtui"


async def test_every_request_is_written_down_when_debugging(
    api: httpx.AsyncClient, said: Said
) -> None:
    set_up("debug")
    await api.get("/proxies/ä%20b", headers={"User-Agent": "curl/8"})
    set_up("info")
    await api.get("/version")
    (line,) = said()
    assert (line["method"], line["url"], line["status"]) == ("GET", "/proxies/ä b", 404)
    assert (line["user_agent"], line["size"]) == ("curl/8", len(GONE))
