"""slow_close, timeout and reset_peer: the toxics that end connections, or hold their end back."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import about, soon, wire

STREAMS = ("upstream", "downstream")
SLOW_CLOSE = "slow_close_downstream"
TIMEOUT = "timeout_downstream"
RESET_PEER = "reset_peer_downstream"


@pytest.mark.parametrize("stream", STREAMS)
async def test_slow_close_passes_data_at_once_and_the_end_late(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("slow_close", stream, delay=250)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = sender.send(b"quick")
        closed = sender.close()
        soon(await receiver.got(5) - sent)
        about(await receiver.over() - closed, 0.25)
        assert receiver.data == b"quick"


async def test_slow_close_removed_while_it_waits_closes_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slow_close", delay=3000)
        pair = await proxy.connect()
        pair.peer.close()
        await asyncio.sleep(0.1)
        assert pair.client.ended is None
        removed = await proxy.remove(SLOW_CLOSE)
        soon(await pair.client.over() - removed)


async def test_slow_close_of_the_other_stream_delays_nothing(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slow_close", "upstream", delay=2000)
        pair = await proxy.connect()
        closed = pair.peer.close()
        soon(await pair.client.over() - closed)


@pytest.mark.parametrize("stream", STREAMS)
async def test_timeout_drops_data_and_closes(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", stream, timeout=250)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = sender.send(b"lost")
        about(await receiver.over() - sent, 0.25)
        assert receiver.data == b""
        await sender.over()


async def test_timeout_lets_the_other_stream_pass(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=500)
        pair = await proxy.connect()
        sent = pair.client.send(b"heard")
        soon(await pair.peer.got(5) - sent)


async def test_timeout_closes_idle_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=250)
        began = time.monotonic()
        pair = await proxy.connect()
        about(await pair.client.over() - began, 0.25)


async def test_timeout_closes_connections_older_than_itself(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        began = time.monotonic()
        await proxy.add("timeout", timeout=250)
        about(await pair.client.over() - began, 0.25)


async def test_every_chunk_starts_the_timeout_anew(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=300)
        pair = await proxy.connect()
        last = 0.0
        for _ in range(6):
            last = pair.peer.send(b"x")
            await asyncio.sleep(0.1)
            assert pair.client.ended is None
        about(await pair.client.over() - last, 0.3)
        assert pair.client.data == b""


async def test_timeout_0_swallows_everything_and_closes_nothing(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=0)
        pair = await proxy.connect()
        pair.peer.send(b"lost")
        pair.client.send(b"heard")
        await pair.peer.got(5)
        await asyncio.sleep(0.2)
        assert (pair.client.data, pair.client.ended, pair.peer.ended) == (b"", None, None)


@pytest.mark.parametrize("how", ["DELETE /proxies/p/toxics/timeout_downstream", "POST /reset"])
async def test_removing_timeout_closes_what_it_silenced(server: Toxi, how: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=0)
        pairs = [await proxy.connect() for _ in range(3)]
        pairs[0].peer.send(b"lost")
        await asyncio.sleep(0.05)
        removed = time.monotonic()
        await server.must(how)
        for pair in pairs:
            soon(await pair.client.over() - removed)
            assert pair.client.data == b""
        pair = await proxy.connect()
        pair.peer.send(b"heard")
        await pair.client.got(5)


async def test_removing_timeout_leaves_other_proxies_alone(server: Toxi) -> None:
    async with wire(server) as proxy, wire(server, "q") as other:
        pair = await other.connect()
        await proxy.add("timeout", timeout=0)
        await proxy.remove(TIMEOUT)
        pair.peer.send(b"heard")
        await pair.client.got(5)


async def test_a_change_starts_the_timeout_anew(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=400)
        pair = await proxy.connect()
        await asyncio.sleep(0.25)
        changed = await proxy.change(TIMEOUT)
        about(await pair.client.over() - changed, 0.4)


async def test_a_change_of_timeout_applies_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=0)
        pair = await proxy.connect()
        changed = await proxy.change(TIMEOUT, timeout=200)
        about(await pair.client.over() - changed, 0.2)


async def test_timeout_passes_on_the_end_of_its_sender(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("timeout", timeout=3000)
        pair = await proxy.connect()
        closed = pair.peer.close()
        soon(await pair.client.over() - closed)


@pytest.mark.parametrize("stream", STREAMS)
async def test_reset_peer_resets_when_its_stream_speaks(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("reset_peer", stream)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = sender.send(b"lost")
        soon(await receiver.over() - sent)
        await sender.over()
        assert (sender.ended, receiver.ended, receiver.data) == ("reset", "reset", b"")


async def test_reset_peer_waits_its_timeout(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("reset_peer", timeout=250)
        pair = await proxy.connect()
        sent = pair.peer.send(b"lost")
        about(await pair.client.over() - sent, 0.25)
        assert (pair.client.ended, pair.client.data) == ("reset", b"")


async def test_reset_peer_leaves_idle_connections_alone(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("reset_peer", timeout=0)
        pair = await proxy.connect()
        pair.client.send(b"heard")
        await pair.peer.got(5)
        await asyncio.sleep(0.15)
        assert (pair.client.ended, pair.peer.ended) == (None, None)


async def test_reset_peer_resets_at_the_end_of_its_stream(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("reset_peer", timeout=100)
        pair = await proxy.connect()
        closed = pair.peer.close()
        about(await pair.client.over() - closed, 0.1)
        assert pair.client.ended == "reset"


async def test_reset_peer_removed_before_anything_was_said_does_nothing(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("reset_peer", timeout=0)
        pair = await proxy.connect()
        await proxy.remove(RESET_PEER)
        pair.peer.send(b"heard")
        await pair.client.got(5)
