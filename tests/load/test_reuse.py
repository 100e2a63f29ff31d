from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from loadtui.load.dialer import Dialer
from loadtui.load.head import build_call
from loadtui.load.http_client import Client
from loadtui.load.reuse import Reuse
from loadtui.model.scenario import Reused
from tests.support.http_servers import OK, Peer, serve


@dataclass
class Seen:
    """What a server saw: the connection of each request, and its bytes."""

    port: int = 0
    connections: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@asynccontextmanager
async def server(answer: bytes = OK) -> AsyncIterator[Seen]:
    seen = Seen()

    async def talk(peer: Peer) -> None:
        while True:
            seen.requests.append((await peer.request()).decode())
            seen.connections.append(peer.number)
            await peer.answer(answer)

    async with serve(talk) as seen.port:
        yield seen


def client(connections: Reused = "per-vu", max_age: float = math.inf) -> Client:
    return Client(Dialer(asyncio.get_running_loop()), Reuse(connections, max_age))


@pytest.mark.parametrize(
    ("connections", "numbers"),
    [("per-vu", [1, 1, 1, 1]), ("per-iteration", [1, 1, 2, 2]), ("none", [1, 2, 3, 4])],
)
async def test_connections_serve_as_long_as_told(connections: Reused, numbers: list[int]) -> None:
    async with server() as seen:
        vu = client(connections)
        for _ in range(2):
            vu.begin()
            for _ in range(2):
                call = build_call("GET", f"http://127.0.0.1:{seen.port}/")
                assert (await vu.send(call)).status == 200
        assert seen.connections == numbers
        assert vu.open_connections == (0 if connections == "none" else 1)
        closing = [("Connection: close" in each) for each in seen.requests]
        assert all(closing) if connections == "none" else not any(closing)
        vu.close()


async def test_a_connection_past_its_age_is_replaced() -> None:
    async with server() as seen:
        dialer, later = Dialer(asyncio.get_running_loop()), 0.0
        dialer.clock = lambda: time.perf_counter() + later
        vu = Client(dialer, Reuse(max_age=60.0))
        call = build_call("GET", f"http://127.0.0.1:{seen.port}/")
        for later in (0.0, 59.0, 61.0, 62.0):  # noqa: B007 - the clock looks at it
            assert (await vu.send(call)).status == 200
        assert seen.connections == [1, 1, 2, 2]
        assert vu.open_connections == 1
        vu.close()


async def test_cookies_come_back_until_the_iteration_ends() -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=7; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with server(answer) as seen:
        vu = client()
        url = f"http://127.0.0.1:{seen.port}/"
        calls = [build_call("GET", url), build_call("GET", url, [("Cookie", "own=1; id=mine")])]
        vu.begin()
        for call in (*calls, calls[0]):
            await vu.send(call)
        vu.begin()
        await vu.send(calls[0])
        found = [line for each in seen.requests for line in each.split("\r\n") if "ookie" in line]
        assert found == ["Cookie: own=1; id=mine", "Cookie: id=7"]
        assert "ookie" not in seen.requests[0] + seen.requests[3]
        vu.close()


async def test_a_unix_socket_is_loaded_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "app.sock"
    seen: list[bytes] = []
    left = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    running = await asyncio.start_unix_server(talk, path)
    url = f"http+unix://{quote(str(path), safe='')}/a?b=c"
    vu = client()
    exchange = await vu.send(build_call("GET", url))
    assert (exchange.status, exchange.body) == (200, b"ok")
    assert seen[0].startswith(b"GET /a?b=c HTTP/1.1\r\nHost: localhost\r\n")
    vu.close()
    await left.wait()
    running.close()
    path.unlink()
    gone = await client().send(build_call("GET", url))
    assert (gone.status, gone.error, gone.duration_us) == (0, "refused", 0)
