"""The bandwidth toxic on the wire, and noop."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import PATIENCE, about, soon, wire

STREAMS = ("upstream", "downstream")
BANDWIDTH = "bandwidth_downstream"


@pytest.mark.parametrize("stream", STREAMS)
async def test_data_of_its_stream_comes_at_its_rate_and_the_other_at_once(
    server: Toxi, stream: str
) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", stream, rate=100)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = receiver.send(bytes(100_000))
        soon(await sender.got(100_000) - sent)
        sent = sender.send(bytes(40_000))
        about(await receiver.got(40_000) - sent, 0.4)


async def test_a_kilobyte_is_a_thousand_bytes(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=1000)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(500_000))
        took = await pair.client.got(500_000) - sent
        about(took, 0.5)


async def test_a_large_chunk_leaves_in_tenths_of_a_second(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(30_000))
        await pair.client.got(30_000)
        about(pair.client.arrivals[0][0] - sent, 0.1)
        assert pair.client.sizes() == [10_000, 10_000, 10_000]
        gaps = [b - a for (a, _), (b, _) in itertools.pairwise(pair.client.arrivals)]
        for gap in gaps:
            about(gap, 0.1)


async def test_a_small_chunk_leaves_whole_after_its_time(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=50)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(4_000))
        about(await pair.client.got(4_000) - sent, 0.08)
        assert pair.client.sizes() == [4_000]


async def test_small_chunks_owe_their_time_together(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=20)
        pair = await proxy.connect()
        first = pair.peer.send(bytes(1_000))
        for _ in range(5):
            await asyncio.sleep(0.005)
            pair.peer.send(bytes(1_000))
        about(await pair.client.got(6_000) - first, 0.3)


async def test_each_connection_has_a_rate_of_its_own(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=100)
        pairs = [await proxy.connect() for _ in range(4)]
        sent = [pair.peer.send(bytes(30_000)) for pair in pairs]
        got = await asyncio.gather(*(pair.client.got(30_000) for pair in pairs))
        for at, began in zip(got, sent, strict=True):
            about(at - began, 0.3)


async def test_an_end_waits_for_the_data(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(30_000))
        pair.peer.close()
        about(await pair.client.over() - sent, 0.3)
        assert len(pair.client.data) == 30_000


async def test_removal_lets_the_rest_out_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=10)
        pair = await proxy.connect()
        pair.peer.send(bytes(30_000))
        await asyncio.sleep(0.15)
        removed = await proxy.remove(BANDWIDTH)
        soon(await pair.client.got(30_000) - removed)


async def test_a_change_lets_the_chunk_in_hand_out_and_holds_the_next_to_the_new_rate(
    server: Toxi,
) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=10)
        pair = await proxy.connect()
        pair.peer.send(bytes(20_000))
        await asyncio.sleep(0.15)
        changed = await proxy.change(BANDWIDTH, rate=100)
        soon(await pair.client.got(20_000) - changed)
        sent = pair.peer.send(bytes(30_000))
        about(await pair.client.got(50_000) - sent, 0.3)


async def test_it_applies_to_live_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.add("bandwidth", rate=100)
        sent = pair.peer.send(bytes(20_000))
        about(await pair.client.got(20_000) - sent, 0.2)


async def test_it_holds_the_sender_back(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=1)
        pair = await proxy.connect()
        await pair.peer.fill(bytes(1_000_000), 64_000_000)


async def test_noop_does_nothing(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("noop")
        await proxy.add("noop", "upstream")
        pair = await proxy.connect()
        sent = pair.client.send(bytes(100_000))
        soon(await pair.peer.got(100_000) - sent)
        pair.peer.send(bytes(range(256)))
        pair.peer.close()
        await pair.client.over()
        assert pair.client.data == bytes(range(256))


async def test_a_rate_of_nothing_waits_for_its_removal(server: Toxi) -> None:
    """Ours refuses a rate of 0: who forgets the rate gets silence from the original."""
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=1_000_000)
        if server.embedded:
            asked = f"PATCH /proxies/p/toxics/{BANDWIDTH}"
            reply = await server.call(asked, '{"attributes":{"rate":0}}')
            assert (reply.status, "rate" in reply.text) == (400, True)
            found = (await server.must(f"GET /proxies/p/toxics/{BANDWIDTH}")).json()
            assert found["attributes"] == {"rate": 1_000_000}
            return
        await proxy.change(BANDWIDTH, rate=0)
        pair = await proxy.connect()
        pair.peer.send(b"held")
        await asyncio.sleep(0.2)
        assert pair.client.data == b""
        await proxy.remove(BANDWIDTH)
        await asyncio.wait_for(pair.client.got(4), PATIENCE)
