"""slicer and limit_data: the toxics that cut."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import about, soon, wire

STREAMS = ("upstream", "downstream")
SLICER = "slicer_downstream"
LIMIT = "limit_data_downstream"
EVERY_BYTE = bytes(range(256))


@pytest.mark.parametrize("stream", STREAMS)
async def test_slicer_halves_until_a_piece_is_small_enough(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", stream, average_size=300, size_variation=0, delay=40_000)
        sender, receiver = (await proxy.connect()).ends(stream)
        data = (EVERY_BYTE * 4)[:1000]
        sent = sender.send(data)
        about(await receiver.got(1000) - sent, 0.12)
        assert receiver.sizes() == [250, 250, 250, 250]
        assert receiver.data == data


async def test_sixteen_pieces_of_a_thousand_bytes_in_hundreds(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=100, size_variation=0, delay=20_000)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(1000))
        about(await pair.client.got(1000) - sent, 15 * 0.02)
        assert set(pair.client.sizes()) <= {62, 63, 125}  # two in one read on a busy machine
        assert len(pair.client.sizes()) >= 12


async def test_slicer_leaves_small_chunks_whole(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=100, size_variation=0, delay=50_000)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(100))
        soon(await pair.client.got(100) - sent)
        assert pair.client.sizes() == [100]


async def test_slicer_varies_its_pieces(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=100, size_variation=50, delay=10_000)
        pair = await proxy.connect()
        data = EVERY_BYTE * 8
        pair.peer.send(data)
        await pair.client.got(len(data))
        assert pair.client.data == data
        assert len(set(pair.client.sizes())) > 3


async def test_slicer_waits_after_the_last_piece_too(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=100, size_variation=0, delay=150_000)
        pair = await proxy.connect()
        sent = pair.peer.send(bytes(100))
        pair.peer.close()
        soon(await pair.client.got(100) - sent)
        about(await pair.client.over() - sent, 0.15)


async def test_slicer_removed_lets_the_rest_out_at_once(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=10, size_variation=0, delay=200_000)
        pair = await proxy.connect()
        pair.peer.send(EVERY_BYTE * 4)
        await asyncio.sleep(0.1)
        removed = await proxy.remove(SLICER)
        soon(await pair.client.got(1024) - removed)
        assert pair.client.data == EVERY_BYTE * 4


async def test_slicer_keeps_a_megabyte_in_order(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("slicer", average_size=1000, size_variation=500, delay=0)
        pair = await proxy.connect()
        data = EVERY_BYTE * 4096
        pair.peer.send(data)
        pair.peer.close()
        await pair.client.over()
        assert pair.client.data == data


@pytest.mark.parametrize("stream", STREAMS)
async def test_limit_data_passes_so_many_bytes_and_closes(server: Toxi, stream: str) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", stream, bytes=100)
        sender, receiver = (await proxy.connect()).ends(stream)
        sent = sender.send(EVERY_BYTE)
        soon(await receiver.over() - sent)
        assert (receiver.data, receiver.ended) == (EVERY_BYTE[:100], "eof")
        await sender.over()


async def test_limit_data_closes_on_its_last_byte(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=4)
        pair = await proxy.connect()
        sent = pair.peer.send(b"four")
        soon(await pair.client.over() - sent)
        assert pair.client.data == b"four"


async def test_limit_data_counts_over_chunks(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=5)
        pair = await proxy.connect()
        pair.peer.send(b"abc")
        await pair.client.got(3)
        await asyncio.sleep(0.05)
        assert pair.client.ended is None
        pair.peer.send(b"def")
        await pair.client.over()
        assert pair.client.data == b"abcde"


async def test_limit_data_counts_each_connection(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=5)
        for _ in range(3):
            pair = await proxy.connect()
            pair.peer.send(b"abcdefgh")
            await pair.client.over()
            assert pair.client.data == b"abcde"


async def test_limit_data_counts_its_stream_alone(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=5)
        pair = await proxy.connect()
        pair.client.send(EVERY_BYTE)
        await pair.peer.got(256)
        assert (pair.client.ended, pair.peer.ended) == (None, None)


async def test_limit_data_counts_from_when_it_was_added(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.peer.send(b"before")
        await pair.client.got(6)
        await proxy.add("limit_data", bytes=3)
        pair.peer.send(b"after")
        await pair.client.over()
        assert pair.client.data == b"beforeaft"


async def test_limit_data_goes_on_counting_after_a_change(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=10)
        pair = await proxy.connect()
        pair.peer.send(b"abcd")
        await pair.client.got(4)
        await proxy.change(LIMIT, bytes=6)
        pair.peer.send(b"efgh")
        await pair.client.over()
        assert pair.client.data == b"abcdef"


async def test_limit_data_below_what_passed_closes_on_the_next_chunk(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=10)
        pair = await proxy.connect()
        pair.peer.send(b"abcd")
        await pair.client.got(4)
        await proxy.change(LIMIT, bytes=2)
        await asyncio.sleep(0.05)
        assert pair.client.ended is None
        pair.peer.send(b"efgh")
        await pair.client.over()
        assert pair.client.data == b"abcd"


async def test_limit_data_0_closes_on_the_first_chunk_alone(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=0)
        pair = await proxy.connect()
        await asyncio.sleep(0.1)
        assert pair.client.ended is None
        pair.peer.send(b"lost")
        await pair.client.over()
        assert pair.client.data == b""


async def test_limit_data_removed_lifts_the_limit(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", bytes=5)
        pair = await proxy.connect()
        pair.peer.send(b"abc")
        await pair.client.got(3)
        await proxy.remove(LIMIT)
        pair.peer.send(EVERY_BYTE)
        await pair.client.got(259)
        assert pair.client.ended is None
