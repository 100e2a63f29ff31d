from __future__ import annotations

import asyncio
import socket

import pytest

from loadtui.toxiproxy.address import Address
from loadtui.toxiproxy.listener import CannotListen, Listener, find


async def taken_by(listener: Listener, got: asyncio.Queue[socket.socket], host: str) -> bool:
    """Whether the listener gets who dials that host, as a socket that does not block."""
    port = int(listener.address.rpartition(":")[2])
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client:
        client.setblocking(False)
        await asyncio.get_running_loop().sock_connect(client, (host, port))
        async with asyncio.timeout(5):
            with await got.get() as accepted:
                return not accepted.getblocking()


@pytest.mark.parametrize(
    ("host", "shown", "dialled"),
    [
        ("127.0.0.1", "127.0.0.1", ["127.0.0.1"]),
        ("127.8.0.1", "127.8.0.1", ["127.8.0.1"]),
        ("::1", "[::1]", ["::1"]),
        ("", "[::]", ["127.0.0.1", "::1"]),
        ("0.0.0.0", "[::]", ["127.0.0.1", "::1"]),
        ("::", "[::]", ["127.0.0.1", "::1"]),
    ],
)
async def test_it_listens_where_it_shows_that_it_does(
    host: str, shown: str, dialled: list[str]
) -> None:
    got: asyncio.Queue[socket.socket] = asyncio.Queue()
    listener = Listener(Address(host, 0), got.put_nowait)
    try:
        assert listener.address.rpartition(":")[0] == shown
        for each in dialled:
            assert await taken_by(listener, got, each)
    finally:
        listener.close()


async def test_everybody_of_a_crowd_is_taken_and_nobody_after_it_is_closed() -> None:
    crowd = 200
    got: list[socket.socket] = []
    everybody = asyncio.Event()

    def take(client: socket.socket) -> None:
        got.append(client)
        if len(got) == crowd:
            everybody.set()

    listener = Listener(Address("127.0.0.1", 0), take)
    at = ("127.0.0.1", int(listener.address.rpartition(":")[2]))
    clients = [socket.create_connection(at) for _ in range(crowd)]
    async with asyncio.timeout(5):
        await everybody.wait()
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(at)
    for each in (*clients, *got):
        each.close()


async def test_its_port_is_free_again_at_once() -> None:
    first = Listener(Address("127.0.0.1", 0), socket.socket.close)
    address = Address("127.0.0.1", int(first.address.rpartition(":")[2]))
    with pytest.raises(CannotListen) as error:
        Listener(address, socket.socket.close)
    assert str(error.value) == f"listen tcp {address}: bind: address already in use"
    first.close()
    Listener(address, socket.socket.close).close()


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("", Address("127.0.0.1", 0)),
        (":0", Address("", 0)),
        ("localhost:80", Address("127.0.0.1", 80)),
        ("[::1]:80", Address("::1", 80)),
    ],
)
async def test_an_address_left_out_is_loopback_and_an_empty_host_is_every_one(
    listen: str, address: Address
) -> None:
    assert await find(listen) == address


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("x", "address x: missing port in address"),
        ("127.0.0.1:65536", "address 65536: invalid port"),
        ("no-such.invalid:1", "lookup no-such.invalid: no such host"),
    ],
)
async def test_what_cannot_be_found_is_told(listen: str, said: str) -> None:
    with pytest.raises(CannotListen) as error:
        await find(listen)
    assert str(error.value) == said
