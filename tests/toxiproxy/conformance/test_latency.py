"""The latency toxic on the wire."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import about, soon, wire

STREAMS = ("upstream", "downstream")
LATENCY = "latency_downstream"


@pytest.mark.parametrize("stream", STREAMS)
async def test_data_of_its_stream_comes_late_and_the_other_at_once(
    server: Toxi, stream: str
) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", stream, latency=200)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = receiver.send(b"quick")
        soon(await sender.got(5) - sent)
        sent = sender.send(b"slow")
        about(await receiver.got(4) - sent, 0.2)


async def test_a_capital_stream_is_the_same_stream(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", "UpStream", latency=200)
        pair = await proxy.connect()
        sent = pair.client.send(b"slow")
        about(await pair.peer.got(4) - sent, 0.2)


async def test_two_latencies_add_up(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=100)
        again = {"type": "latency", "name": "again", "attributes": {"latency": 150}}
        await server.must("POST /proxies/p/toxics", again)
        pair = await proxy.connect()
        sent = pair.peer.send(b"slow")
        about(await pair.client.got(4) - sent, 0.25)


async def test_jitter_spreads_around_the_latency(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200, jitter=150)
        pairs = [await proxy.connect() for _ in range(30)]
        sent = [pair.peer.send(b"x") for pair in pairs]
        got = await asyncio.gather(*(pair.client.got(1) for pair in pairs))
        took = sorted(at - began for at, began in zip(got, sent, strict=True))
        assert took[0] >= 0.04
        assert took[-1] <= 0.6
        assert took[0] < 0.17
        assert took[-1] > 0.23


async def test_jitter_never_changes_the_order(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=60, jitter=60)
        pair = await proxy.connect()
        for number in range(20):
            pair.peer.send(bytes([number]))
            await asyncio.sleep(0.005)
        await pair.client.got(20)
        assert pair.client.data == bytes(range(20))


async def test_bandwidth_is_not_limited(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(2_000_000))
        about(await pair.client.got(2_000_000) - sent, 0.2)


async def test_chunks_keep_their_distances(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        pair = await proxy.connect()
        first = pair.peer.send(b"a")
        await asyncio.sleep(0.15)
        second = pair.peer.send(b"b")
        about(await pair.client.got(1) - first, 0.2)
        about(await pair.client.got(2) - second, 0.2)


@pytest.mark.parametrize("stream", STREAMS)
async def test_an_end_without_data_is_not_delayed(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", stream, latency=1000)
        sender, receiver = (await proxy.connect()).ends(stream)
        closed = sender.close()
        soon(await receiver.over() - closed)


@pytest.mark.parametrize("stream", STREAMS)
async def test_an_end_never_overtakes_data(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", stream, latency=200)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = sender.send(b"last words")
        sender.close()
        about(await receiver.over() - sent, 0.2)
        assert receiver.data == b"last words"


async def test_connecting_is_never_delayed(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=1000)
        await proxy.add("latency", "upstream", latency=1000)
        began = time.monotonic()
        await proxy.connect()
        soon(time.monotonic() - began)


async def test_it_applies_to_live_connections_and_stops_when_removed(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.add("latency", latency=200)
        sent = pair.peer.send(b"slow")
        about(await pair.client.got(4) - sent, 0.2)
        await proxy.remove(LATENCY)
        sent = pair.peer.send(b"quick")
        soon(await pair.client.got(9) - sent)


async def test_a_change_applies_to_live_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=400)
        pair = await proxy.connect()
        await proxy.change(LATENCY, latency=100)
        sent = pair.peer.send(b"a")
        about(await pair.client.got(1) - sent, 0.1)
        await proxy.change(LATENCY, latency=0)
        sent = pair.peer.send(b"b")
        soon(await pair.client.got(2) - sent)


async def test_removal_lets_out_all_it_held(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=3000)
        pair = await proxy.connect()
        for number in range(3):
            pair.peer.send(bytes([number]))
            await asyncio.sleep(0.03)
        removed = await proxy.remove(LATENCY)
        soon(await pair.client.got(3) - removed)
        assert pair.client.data == bytes(range(3))


async def test_a_change_lets_out_the_chunk_in_hand_and_judges_the_rest_by_their_age(
    server: Toxi,
) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=3000)
        pair = await proxy.connect()
        pair.peer.send(b"a")
        await asyncio.sleep(0.1)
        second = pair.peer.send(b"b")
        await asyncio.sleep(0.1)
        changed = await proxy.change(LATENCY, latency=400)
        soon(await pair.client.got(1) - changed)
        about(await pair.client.got(2) - second, 0.4)


async def test_disturbing_it_does_not_lose_an_end(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=3000)
        pair = await proxy.connect()
        pair.peer.send(b"last words")
        pair.peer.close()
        await asyncio.sleep(0.05)
        removed = await proxy.remove(LATENCY)
        soon(await pair.client.over() - removed)
        assert pair.client.data == b"last words"
