"""The control API's routes, headers and refusals that belong to no proxy."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.toxiproxy_answers import (
    ERROR,
    JSON,
    UNROUTED,
    UNROUTED_TEXT,
    VERSION,
    Case,
    check,
    proxy,
)
from tests.support.toxiproxy_pair import HOST, Toxi

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox"}
NOT_FOUND = "404 page not found\n"
MADE = (("POST /proxies", '{"name":"p","listen":"127.0.0.1:$a","upstream":"localhost:1"}'),)
WITH_TOXIC = (*MADE, ("POST /proxies/p/toxics", '{"type":"latency"}'))
SHOWN = proxy("p", "127.0.0.1:$a")


def unknown(path: str, *, method: str = "GET") -> Case:
    return Case(f"{method} {path}", f"{method} {path}", None, 404, NOT_FOUND, UNROUTED_TEXT)


def wrong(send: str) -> Case:
    return Case(send, send, None, 405, "", UNROUTED, WITH_TOXIC)


CASES = [
    Case("version", "GET /version", None, 200, '{"version": "2.12.0"}\n', VERSION),
    Case(
        "a browser is refused",
        "GET /version",
        None,
        403,
        "User agent not allowed\n",
        ERROR,
        headers=BROWSER,
    ),
    Case(
        "a browser is refused before its body is read",
        "POST /proxies",
        "nonsense",
        403,
        "User agent not allowed\n",
        ERROR,
        headers=BROWSER,
    ),
    Case(
        "a browser is refused before the proxy is looked up",
        "GET /proxies/none",
        None,
        403,
        "User agent not allowed\n",
        ERROR,
        headers=BROWSER,
    ),
    Case(
        "a browser's prefix is case-sensitive",
        "GET /proxies",
        None,
        200,
        "{}",
        headers={"User-Agent": "mozilla/5.0"},
    ),
    Case(
        "Mozilla later in the user agent is no browser",
        "GET /proxies",
        None,
        200,
        "{}",
        headers={"User-Agent": "curl Mozilla/5.0"},
    ),
    Case("an empty user agent", "GET /proxies", None, 200, "{}", headers={"User-Agent": ""}),
    Case("no user agent", "GET /proxies", None, 200, "{}"),
    Case(
        "an unknown path knows no browsers",
        "GET /nope",
        None,
        404,
        NOT_FOUND,
        UNROUTED_TEXT,
        headers=BROWSER,
    ),
    Case(
        "a wrong method knows no browsers",
        "PUT /proxies",
        None,
        405,
        "",
        UNROUTED,
        headers=BROWSER,
    ),
    unknown("/"),
    unknown("/nope"),
    unknown("/proxies/"),
    unknown("/version/"),
    unknown("/reset/", method="POST"),
    unknown("/Proxies"),
    unknown("/proxies/p/nope"),
    unknown("/proxies/p/toxics/"),
    unknown("/proxies/p/toxics/t/more"),
    unknown("/metrics"),
    wrong("PUT /proxies"),
    wrong("DELETE /proxies"),
    wrong("PATCH /proxies"),
    wrong("OPTIONS /proxies"),
    wrong("HEAD /proxies"),
    wrong("HEAD /version"),
    wrong("POST /version"),
    wrong("GET /reset"),
    wrong("PATCH /reset"),
    wrong("GET /populate"),
    wrong("PUT /proxies/p"),
    wrong("HEAD /proxies/p"),
    wrong("PATCH /proxies/p/toxics"),
    wrong("DELETE /proxies/p/toxics"),
    wrong("PUT /proxies/p/toxics/latency_downstream"),
    Case(
        "a query is ignored",
        "GET /proxies?toxics=false",
        None,
        200,
        f'{{"p":{SHOWN}}}',
        given=MADE,
    ),
    Case(
        "the content type of a request is ignored",
        "POST /proxies",
        MADE[0][1],
        201,
        SHOWN,
        JSON,
        headers={"Content-Type": "image/png"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_answer_is_the_originals(server: Toxi, case: Case) -> None:
    await check(server, case)


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("//proxies", "/proxies"),
        ("/proxies//p", "/proxies/p"),
        ("/proxies/../version", "/version"),
        ("/./version", "/version"),
    ],
)
async def test_an_unclean_path_is_sent_to_the_clean_one(
    server: Toxi, path: str, clean: str
) -> None:
    reply = await server.call(f"GET {path}")
    assert (reply.status, reply.header("location"), reply.body) == (301, clean, b"")


async def test_a_body_may_come_in_chunks(server: Toxi) -> None:
    parts = ('{"name":"p","lis', 'ten":"127.0.0.1:0","upstream":"localhost:1"}', "")
    body = "".join(f"{len(part):x}\r\n{part}\r\n" for part in parts)
    reply = await server.call("POST /proxies", body, {"Transfer-Encoding": "chunked"})
    assert (reply.status, reply.json()["upstream"]) == (201, "localhost:1")


async def test_request_ids_differ(server: Toxi) -> None:
    replies = [await server.call("GET /version") for _ in range(3)]
    assert len({reply.header("x-toxiproxy-request-id") for reply in replies}) == 3


async def test_a_connection_is_kept_for_the_next_request(server: Toxi) -> None:
    reader, writer = await asyncio.open_connection(HOST, server.port)
    for _ in range(2):
        writer.write(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"200 OK" in head
        await reader.readexactly(22)
    writer.close()
    await writer.wait_closed()


async def test_http_1_0_is_spoken(server: Toxi) -> None:
    reader, writer = await asyncio.open_connection(HOST, server.port)
    writer.write(b"GET /version HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    assert b" 200 OK\r\n" in answer
    assert answer.endswith(b'{"version": "2.12.0"}\n')
    writer.close()
    await writer.wait_closed()


async def test_two_requests_in_one_packet_are_answered_in_order(server: Toxi) -> None:
    reader, writer = await asyncio.open_connection(HOST, server.port)
    get = "GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n"
    writer.write((get.format("/version", "") + get.format("/", "Connection: close\r\n")).encode())
    answer = (await reader.read()).decode()
    assert answer.index("200 OK") < answer.index("404 Not Found")
    writer.close()
    await writer.wait_closed()
