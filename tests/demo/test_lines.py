from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import httpx
import pytest

from loadtui.demo.lines import Lines
from tests.demo.servers import played, reply


async def test_a_post_is_sent_as_json_and_answered() -> None:
    async def answer() -> bytes:
        return reply(201, b'{"ok":1}')

    async with played(answer) as server, aclosing(Lines(f"{server.url}/charges")) as lines:
        assert await lines.post(b'{"a":1}') == (201, b'{"ok":1}')
    (sent,) = server.requests
    assert sent.startswith(b"POST /charges HTTP/1.1\r\n")
    assert b"application/json" in sent
    assert sent.endswith(b'{"a":1}')


async def test_one_call_after_the_other_needs_one_connection() -> None:
    async def answer() -> bytes:
        return reply(200)

    async with played(answer) as server, aclosing(Lines(server.url)) as lines:
        for _ in range(5):
            await lines.post(b"{}")
    assert server.connections == 1


async def test_no_more_than_thirty_two_connections_at_once() -> None:
    crowded, go = asyncio.Event(), asyncio.Event()
    waiting = 0

    async def answer() -> bytes:
        nonlocal waiting
        waiting += 1
        if waiting == 32:
            crowded.set()
        await go.wait()
        return reply(200)

    async with played(answer) as server, aclosing(Lines(server.url)) as lines:
        calls = [asyncio.create_task(lines.post(b"{}")) for _ in range(40)]
        await asyncio.wait_for(crowded.wait(), 10)
        go.set()
        assert await asyncio.gather(*calls) == [(200, b"{}")] * 40
    assert server.connections == 32


async def test_first_calls_are_cheap_too() -> None:
    async def answer() -> bytes:
        return reply(200)

    async with played(answer) as server, aclosing(Lines(server.url)) as lines:
        began = time.process_time()
        await asyncio.gather(*(lines.post(b"{}") for _ in range(32)))
        # While a connection is being set up nobody else is served: with a second of it, every
        # order of the first second would be too late.
        assert time.process_time() - began < 0.4


async def test_a_connection_that_broke_is_replaced_by_the_next_call() -> None:
    answers: list[bytes | None] = [None, reply(200)]

    async def answer() -> bytes | None:
        return answers.pop(0)

    async with played(answer) as server, aclosing(Lines(server.url)) as lines:
        with pytest.raises(httpx.TransportError):
            await lines.post(b"{}")
        assert await lines.post(b"{}") == (200, b"{}")
    assert server.connections == 2


async def test_a_caller_who_gave_up_leaves_no_connection_with_a_late_answer() -> None:
    asked = asyncio.Event()
    never = asyncio.Event()

    async def answer() -> bytes:
        if not asked.is_set():
            asked.set()
            await never.wait()
        return reply(200, b"the right one")

    async with played(answer) as server, aclosing(Lines(server.url)) as lines:
        call = asyncio.create_task(lines.post(b"first"))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await lines.post(b"second") == (200, b"the right one")
        never.set()
    assert server.connections == 2
