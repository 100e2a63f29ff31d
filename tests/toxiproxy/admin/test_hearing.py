"""Who does not finish asking is not listened to for ever."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from loadtui.toxiproxy.admin.hearing import Hearing

PATIENCE = 0.2


class Short(Hearing):
    PATIENCE = PATIENCE


async def app(scope: object, receive: object, send: object) -> None:
    """Answer 200 once the body is here, twice our patience later."""
    del scope
    assert callable(receive)
    assert callable(send)
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(PATIENCE * 2)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=Short, lifespan="off", log_config=None, timeout_keep_alive=30)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    yield int(listening.getsockname()[1])
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\nConte",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
    ],
    ids=["nothing", "half a head", "half a body"],
)
async def test_a_request_that_does_not_end_is_ended(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()


async def test_a_whole_request_may_take_its_time_and_its_connection_stays(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        while await reader.readline() != b"\r\n":
            pass
        await asyncio.sleep(PATIENCE * 2)
        assert b"ok" in await reader.read(100)
    writer.close()
