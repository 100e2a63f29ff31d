"""What a proxy without toxics does to bytes, to ends and to connections."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.support.toxiproxy_pair import HOST, Toxi
from tests.support.toxiproxy_server import free_port
from tests.support.toxiproxy_wire import PATIENCE, soon, wire

STREAMS = ("upstream", "downstream")
EVERY_BYTE = bytes(range(256))
MEGABYTE = EVERY_BYTE * 4096


@pytest.mark.parametrize("stream", STREAMS)
async def test_every_byte_passes_unaltered(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        sender.send(EVERY_BYTE)
        await receiver.got(256)
        assert receiver.data == EVERY_BYTE


async def test_a_megabyte_passes_both_ways_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.client.send(MEGABYTE)
        pair.peer.send(MEGABYTE[::-1])
        await asyncio.gather(pair.peer.got(len(MEGABYTE)), pair.client.got(len(MEGABYTE)))
        assert pair.peer.data == MEGABYTE
        assert pair.client.data == MEGABYTE[::-1]


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_close_is_passed_on_at_once(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        closed = sender.close()
        soon(await receiver.over() - closed)
        assert receiver.ended == "eof"


@pytest.mark.parametrize("stream", STREAMS)
async def test_data_before_a_close_arrives_in_full(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        sender.send(MEGABYTE)
        sender.close()
        await receiver.over()
        assert receiver.data == MEGABYTE


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_reset_ends_the_other_side_too(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        sender.reset()
        await receiver.over()


async def test_an_upstream_that_refuses_ends_the_client(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.patch(upstream=f"{HOST}:{free_port()}")
        client = await proxy.dial()
        await client.over()
        assert client.data == b""


async def test_an_upstream_that_is_no_address_ends_the_client(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.patch(upstream="not a host")
        await (await proxy.dial()).over()
        await (await proxy.dial()).over()


async def test_an_upstream_that_comes_later_is_reached(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.patch(upstream=f"{HOST}:{free_port()}")
        await (await proxy.dial()).over()
        await proxy.patch(upstream=proxy.upstream)
        pair = await proxy.connect()
        pair.client.send(b"hello")
        await pair.peer.got(5)


async def test_a_name_is_resolved_for_each_connection(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.patch(upstream=proxy.upstream.replace(HOST, "localhost"))
        pair = await proxy.connect()
        pair.client.send(b"hello")
        await pair.peer.got(5)


async def test_a_listen_on_ipv6_is_reached(server: Toxi) -> None:
    async with wire(server, listen="[::1]:0") as proxy:
        assert proxy.listen.startswith("[::1]:")
        pair = await proxy.connect()
        pair.peer.send(b"hello")
        await pair.client.got(5)


async def test_what_a_client_sends_before_the_upstream_is_there_arrives(server: Toxi) -> None:
    async with wire(server) as proxy:
        client = await proxy.dial()
        client.send(b"early")
        peer = await asyncio.wait_for(proxy.accepted.get(), PATIENCE)
        await peer.got(5)
        assert peer.data == b"early"


async def test_a_client_that_sends_and_leaves_is_heard(server: Toxi) -> None:
    async with wire(server) as proxy:
        client = await proxy.dial()
        client.send(b"farewell")
        client.close()
        peer = await asyncio.wait_for(proxy.accepted.get(), PATIENCE)
        await peer.over()
        assert peer.data == b"farewell"


async def test_connections_do_not_mix(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs = [await proxy.connect() for _ in range(30)]
        for number, pair in enumerate(pairs):
            pair.client.send(f"up {number:02}".encode())
            pair.peer.send(f"down {number:02}".encode())
        for number, pair in enumerate(pairs):
            await asyncio.gather(pair.peer.got(5), pair.client.got(7))
            assert pair.peer.data == f"up {number:02}".encode()
            assert pair.client.data == f"down {number:02}".encode()


async def test_one_end_does_not_end_another_connection(server: Toxi) -> None:
    async with wire(server) as proxy:
        first, second = await proxy.connect(), await proxy.connect()
        first.client.close()
        await first.peer.over()
        second.peer.send(b"still here")
        await second.client.got(10)


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_receiver_that_does_not_read_holds_the_sender_back(
    server: Toxi, stream: str
) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        receiver.transport.pause_reading()
        sent = await sender.fill(MEGABYTE, 64 * len(MEGABYTE))
        receiver.transport.resume_reading()
        await receiver.got(sent)
        assert receiver.data == MEGABYTE * (sent // len(MEGABYTE))


async def test_a_slow_reader_does_not_slow_its_neighbour(server: Toxi) -> None:
    async with wire(server) as proxy:
        slow, quick = await proxy.connect(), await proxy.connect()
        slow.client.transport.pause_reading()
        slow.peer.send(MEGABYTE * 16)
        sent = quick.peer.send(b"quick")
        soon(await quick.client.got(5) - sent)


async def test_small_writes_are_not_held_back(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        for number in range(1, 21):
            sent = pair.client.send(b"a")
            soon(await pair.peer.got(number) - sent)
            sent = pair.peer.send(b"b")
            soon(await pair.client.got(number) - sent)


async def test_a_port_of_a_deleted_proxy_is_free_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.connect()
        await server.must("DELETE /proxies/p")
        port = int(proxy.listen.rpartition(":")[2])
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))


async def test_a_reader_that_wakes_late_gets_all_that_was_sent_before_the_close(
    server: Toxi,
) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.client.transport.pause_reading()
        pair.peer.send(MEGABYTE * 12)
        pair.peer.close()
        await asyncio.sleep(0.2)
        pair.client.transport.resume_reading()
        await pair.client.over()
        assert pair.client.ended == "eof"
        assert pair.client.data == MEGABYTE * 12


async def test_a_client_that_leaves_in_the_middle_ends_its_upstream(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.peer.send(MEGABYTE * 16)
        await pair.client.got(100_000)
        pair.client.reset()
        await pair.peer.over()


async def test_a_proxy_may_be_deleted_while_nobody_reads(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.client.transport.pause_reading()
        await pair.peer.fill(MEGABYTE, 64 * len(MEGABYTE))
        await server.must("DELETE /proxies/p")
        await pair.peer.over()


async def test_two_hundred_connections_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        clients = await asyncio.gather(*(proxy.dial() for _ in range(200)))
        for client in clients:
            client.send(b"hello")
        for _ in range(200):
            peer = await asyncio.wait_for(proxy.accepted.get(), PATIENCE)
            await peer.got(5)
            peer.send(peer.data)
        await asyncio.gather(*(client.got(5) for client in clients))


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_reset_behind_data_that_waits_is_not_missed(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        sender, receiver = (await proxy.connect()).ends(stream)
        receiver.transport.pause_reading()
        await sender.fill(MEGABYTE, 64 * len(MEGABYTE))
        sender.reset()
        await asyncio.sleep(0.05)
        receiver.transport.resume_reading()
        await receiver.over()


async def test_no_reset_in_the_middle_of_traffic_is_missed(server: Toxi) -> None:
    async with wire(server) as proxy:
        left = []
        for size in range(10_000, 400_000, 5_000):
            pair = await proxy.connect()
            pair.client.send(MEGABYTE[:size])
            pair.peer.send(MEGABYTE[:size])
            pair.client.reset()
            left.append(pair.peer)
        await asyncio.gather(*(peer.over() for peer in left))
