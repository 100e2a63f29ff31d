from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.address import Address
from loadtui.toxiproxy.log import set_up
from loadtui.toxiproxy.proxy import Proxy, Surroundings
from loadtui.toxiproxy.settings import Settings
from loadtui.toxiproxy.traffic import Traffic
from tests.support.toxiproxy_server import free_port
from tests.support.toxiproxy_watch import until
from tests.toxiproxy.conftest import Said

HOST = "127.0.0.1"


@dataclass
class Wire:
    """One client of a proxy, with the upstream's end of its connection."""

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    peer: tuple[asyncio.StreamReader, asyncio.StreamWriter]

    async def carry(self, data: bytes, *, down: bool = False) -> bytes:
        """Send bytes one way and read as many."""
        (_, writer), (reader, _) = (self.peer, self.client) if down else (self.client, self.peer)
        writer.write(data)
        async with asyncio.timeout(5):
            return await reader.readexactly(len(data))

    async def over(self) -> bool:
        """Wait until both ends have seen the end."""
        async with asyncio.timeout(5):
            for reader, writer in (self.client, self.peer):
                with suppress(ConnectionResetError):
                    assert await reader.read() == b""
                writer.close()
        return True


class Bench:
    """A proxy in front of an upstream of ours."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.peers: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )
        self._wires: list[Wire] = []

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect a client."""
        host, _, port = self.proxy.listen.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def connect(self) -> Wire:
        """Connect a client, and wait for its upstream."""
        client = await self.dial()
        async with asyncio.timeout(5):
            wire = Wire(client, await self.peers.get())
        self._wires.append(wire)
        return wire

    async def close(self) -> None:
        """Let go of everything."""
        self.proxy.stop()
        for wire in self._wires:
            for _, writer in (wire.client, wire.peer):
                writer.transport.abort()
        await asyncio.sleep(0)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with behind(Settings(seed=1)) as made:
        yield made


@asynccontextmanager
async def behind(settings: Settings) -> AsyncIterator[Bench]:
    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.peers.put_nowait((reader, writer))

    async with await asyncio.start_server(accepted, HOST, 0) as server:
        upstream = f"{HOST}:{server.sockets[0].getsockname()[1]}"
        made = Bench(Proxy("p", f"{HOST}:0", upstream, Surroundings(settings, 1, Traffic)))
        made.proxy.start(Address(HOST, 0))
        try:
            yield made
        finally:
            await made.close()


async def test_bytes_pass_both_ways_and_are_counted(bench: Bench) -> None:
    wire = await bench.connect()
    sent = bytes(range(256)) * 1000
    assert await wire.carry(sent) == sent
    assert await wire.carry(b"answer", down=True) == b"answer"
    figures = {name: each.figures() for name, each in bench.proxy.traffic.tallies.items()}
    assert figures == {
        "upstream": {"received": len(sent), "sent": len(sent)},
        "downstream": {"received": 6, "sent": 6},
    }
    assert (bench.proxy.accepted, bench.proxy.open) == (1, 1)


async def test_who_leaves_is_no_longer_open_but_stays_accepted(bench: Bench) -> None:
    wires = [await bench.connect() for _ in range(3)]
    wires[0].client[1].close()
    async with asyncio.timeout(5):
        assert await wires[0].peer[0].read() == b""
    wires[0].peer[1].close()
    await until(lambda: bench.proxy.open == 2, "one has left")
    assert bench.proxy.accepted == 3
    assert await wires[1].carry(b"still here") == b"still here"


async def test_stopping_drops_who_is_there_and_refuses_who_comes(bench: Bench) -> None:
    wires = [await bench.connect() for _ in range(3)]
    bench.proxy.stop()
    assert all([await wire.over() for wire in wires])
    assert (bench.proxy.enabled, bench.proxy.open) == (False, 0)
    with pytest.raises(ConnectionRefusedError):
        await bench.dial()
    bench.proxy.start(Address(HOST, int(bench.proxy.listen.rpartition(":")[2])))
    assert await (await bench.connect()).carry(b"back") == b"back"


async def test_an_upstream_that_is_not_there_ends_its_clients_and_is_said(
    bench: Bench, said: Said
) -> None:
    set_up("error")
    bench.proxy.upstream = f"{HOST}:{free_port()}"
    for _ in range(2):
        reader, writer = await bench.dial()
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
    assert [(line["message"], line["error"], line["name"]) for line in said()] == [
        ("Unable to open connection to upstream", "connection refused", "p")
    ] * 2
    assert bench.proxy.open == 0


async def test_an_upstream_in_a_zone_that_is_not_there_ends_its_clients_too(bench: Bench) -> None:
    bench.proxy.upstream = "[fe80::1%no]:1"
    reader, writer = await bench.dial()
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("", True), ("0.0.0.0", True)]
)
async def test_off_loopback_it_says_that_others_can_reach_it(
    bench: Bench, said: Said, host: str, warned: bool
) -> None:
    set_up("warn")
    bench.proxy.stop()
    bench.proxy.start(Address(host, 0))
    told = [line["message"] for line in said()]
    assert told == ["Other machines can reach this proxy"] * warned


async def test_toxics_are_listed_upstream_first_and_each_stream_in_order(bench: Bench) -> None:
    for name, stream in (("a", "downstream"), ("b", "Upstream"), ("c", "downstream")):
        bench.proxy.add(Toxic(name, "noop", stream))
    assert [toxic.name for toxic in bench.proxy.toxics] == ["b", "a", "c"]
    bench.proxy.update(Toxic("a", "noop", "downstream", 0.5))
    bench.proxy.remove(Toxic("c", "noop", "downstream"))
    assert bench.proxy.value().toxics == (
        Toxic("b", "noop", "Upstream"),
        Toxic("a", "noop", "downstream", 0.5),
    )
    assert bench.proxy.toxic("c") is None


async def test_a_toxic_reaches_connections_there_are_and_its_removal_too(bench: Bench) -> None:
    wire = await bench.connect()
    hold = Toxic("hold", "latency", "downstream", attributes={"latency": 60_000})
    bench.proxy.add(hold)
    carried = asyncio.create_task(wire.carry(b"late", down=True))
    tally = bench.proxy.traffic.tallies["downstream"]
    await until(lambda: tally.received == 4, "it was read")
    assert tally.sent == 0
    bench.proxy.remove(hold)
    assert await carried == b"late"


async def test_a_limit_cuts_every_connection_at_its_byte(bench: Bench) -> None:
    bench.proxy.add(Toxic("cut", "limit_data", "upstream", attributes={"bytes": 5}))
    for _ in range(2):
        wire = await bench.connect()
        wire.client[1].write(b"0123456789")
        async with asyncio.timeout(5):
            assert await wire.peer[0].read() == b"01234"


@pytest.mark.parametrize("half_close", [True, False])
async def test_whoever_finishes_sending_may_still_receive_unless_told_otherwise(
    half_close: bool,
) -> None:
    async with behind(Settings(original=() if half_close else ("half-close",))) as bench:
        wire = await bench.connect()
        wire.client[1].write_eof()
        async with asyncio.timeout(5):
            assert await wire.peer[0].read() == b""
            wire.peer[1].write(b"answer")
            wire.peer[1].close()
            assert await wire.client[0].read() == (b"answer" if half_close else b"")
