"""Several toxics on one stream: their order, and what a change in the middle does."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import Wire, about, soon, wire

MIXED = bytes(range(256)) * 400


async def test_latency_then_bandwidth_add_up(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(30_000))
        about(await pair.client.got(30_000) - sent, 0.5)


async def test_bandwidth_then_latency_overlap(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("bandwidth", rate=100)
        await proxy.add("latency", latency=200)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(30_000))
        about(await pair.client.got(30_000) - sent, 0.3)


async def test_a_cut_before_a_rate_passes_less_to_the_rate(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=10_000)
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(30_000))
        about(await pair.client.over() - sent, 0.1)
        assert len(pair.client.data) == 10_000


async def test_a_cut_after_a_delay_is_delayed(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        await proxy.add("limit_data", bytes=3)
        pair = await proxy.connect()
        sent = pair.peer.send(b"abcdef")
        about(await pair.client.over() - sent, 0.2)
        assert pair.client.data == b"abc"


async def test_a_cut_before_a_delay_loses_nothing_of_what_it_passed(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=3)
        await proxy.add("latency", latency=200)
        pair = await proxy.connect()
        sent = pair.peer.send(b"abcdef")
        about(await pair.client.over() - sent, 0.2)
        assert pair.client.data == b"abc"


async def test_slow_close_after_latency_waits_for_both(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=150)
        await proxy.add("slow_close", delay=200)
        pair = await proxy.connect()
        sent = pair.peer.send(b"bye")
        pair.peer.close()
        about(await pair.client.got(3) - sent, 0.15)
        about(await pair.client.over() - sent, 0.35)


async def test_slices_keep_the_rate(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=500, size_variation=100, delay=0)
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        sent = pair.peer.send(MIXED[:20_000])
        about(await pair.client.got(20_000) - sent, 0.2)
        assert pair.client.data == MIXED[:20_000]


async def test_reset_peer_behind_a_delay_waits_for_it(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        await proxy.add("reset_peer", timeout=100)
        pair = await proxy.connect()
        sent = pair.peer.send(b"lost")
        about(await pair.client.over() - sent, 0.3)
        assert (pair.client.ended, pair.client.data) == ("reset", b"")


async def test_removing_the_first_hands_what_it_held_to_the_next(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=3000)
        await proxy.add("bandwidth", rate=100)
        pair = await proxy.connect()
        pair.peer.send(bytes(20_000))
        await asyncio.sleep(0.05)
        removed = await proxy.remove("latency_downstream")
        about(await pair.client.got(20_000) - removed, 0.2)


async def test_removing_the_last_keeps_what_the_first_holds(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=300)
        await proxy.add("noop")
        pair = await proxy.connect()
        pair.peer.send(b"a")
        await asyncio.sleep(0.05)
        second = pair.peer.send(b"b")
        await proxy.remove("noop_downstream")
        about(await pair.client.got(2) - second, 0.3)
        assert pair.client.data == b"ab"


async def test_a_toxic_of_one_stream_never_touches_the_other(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", "upstream", latency=2000)
        await proxy.add("bandwidth", "upstream", rate=1)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(100_000))
        soon(await pair.client.got(100_000) - sent)


async def test_latency_holds_back_a_sender_whom_nobody_hears(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=60_000)
        pair = await proxy.connect()
        await pair.peer.fill(bytes(4_000_000), 160_000_000)


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
async def test_no_byte_is_lost_while_a_chain_changes(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        changes = asyncio.create_task(change_everything(proxy, stream))
        for start in range(0, len(MIXED), 2048):
            sender.send(MIXED[start : start + 2048])
            await asyncio.sleep(0.005)
        await changes
        await receiver.got(len(MIXED))
        assert receiver.data == MIXED


async def change_everything(proxy: Wire, stream: str) -> None:
    """Add, change and remove toxics that lose nothing."""
    await proxy.add("latency", stream, latency=20)
    await proxy.add("slicer", stream, average_size=300, size_variation=200, delay=10)
    await proxy.change(f"latency_{stream}", latency=5, jitter=5)
    await proxy.add("bandwidth", stream, rate=2000)
    await proxy.remove(f"latency_{stream}")
    await proxy.add("latency", stream, latency=10)
    await proxy.change(f"slicer_{stream}", average_size=1000, size_variation=0)
    await proxy.add("slow_close", stream, delay=10)
    await proxy.remove(f"slicer_{stream}")
    await proxy.change(f"bandwidth_{stream}", rate=100_000)
    await proxy.remove(f"slow_close_{stream}")
    await proxy.remove(f"bandwidth_{stream}")
