"""What disabling, changing, deleting, /populate and /reset do to live connections."""

from __future__ import annotations

import pytest

from tests.support.toxiproxy_pair import HOST, Toxi
from tests.support.toxiproxy_server import free_port
from tests.support.toxiproxy_wire import Pair, Wire, about, soon, wire


async def says_hello(pair: Pair) -> None:
    have = len(pair.client.data), len(pair.peer.data)
    pair.client.send(b"hello")
    pair.peer.send(b"world")
    await pair.peer.got(have[1] + 5)
    await pair.client.got(have[0] + 5)


async def is_refused(proxy: Wire, listen: str = "") -> None:
    with pytest.raises(ConnectionRefusedError):
        await proxy.dial(listen)


async def test_disabling_refuses_new_connections_and_ends_live_ones(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs = [await proxy.connect() for _ in range(3)]
        await says_hello(pairs[0])
        await proxy.patch(enabled=False)
        await is_refused(proxy)
        for pair in pairs:
            await pair.client.over()
            await pair.peer.over()


async def test_enabling_listens_on_the_same_port_again(server: Toxi) -> None:
    async with wire(server) as proxy:
        before = proxy.listen
        for _ in range(3):
            await proxy.patch(enabled=False)
            await proxy.patch(enabled=True)
            await says_hello(await proxy.connect())
        assert proxy.listen == before


async def test_a_proxy_created_disabled_refuses_until_enabled(server: Toxi) -> None:
    async with wire(server) as proxy:
        listen = f"{HOST}:{free_port()}"
        asked = {"name": "q", "listen": listen, "upstream": proxy.upstream, "enabled": False}
        await server.must("POST /proxies", asked)
        await is_refused(proxy, listen)
        await server.must("PATCH /proxies/q", {"enabled": True})
        await proxy.dial(listen)
        await proxy.accepted.get()


async def test_toxics_survive_being_disabled(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=200)
        await proxy.patch(enabled=False)
        assert [each["name"] for each in (await proxy.show())["toxics"]] == ["latency_downstream"]
        await proxy.patch(enabled=True)
        pair = await proxy.connect()
        sent = pair.peer.send(b"slow")
        about(await pair.client.got(4) - sent, 0.2)


async def test_disabling_drops_what_a_toxic_held(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=3000)
        pair = await proxy.connect()
        pair.peer.send(b"never")
        await proxy.patch(enabled=False)
        await pair.client.over()
        assert pair.client.data == b""


async def test_a_change_of_nothing_keeps_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.patch()
        await proxy.patch(enabled=True)
        await proxy.patch(listen=proxy.listen, upstream=proxy.upstream)
        await proxy.patch(listen=proxy.listen.replace(HOST, "localhost"))
        await says_hello(pair)


async def test_another_upstream_ends_connections_and_serves_new_ones(server: Toxi) -> None:
    async with wire(server) as old, wire(server, "q") as new:
        pair = await old.connect()
        await old.patch(upstream=new.upstream)
        await pair.client.over()
        client = await old.dial()
        client.send(b"hello")
        peer = await new.accepted.get()
        await peer.got(5)


async def test_another_listen_ends_connections_and_frees_the_old_port(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair, old = await proxy.connect(), proxy.listen
        await proxy.patch(listen=f"{HOST}:0")
        await pair.client.over()
        await is_refused(proxy, old)
        await says_hello(await proxy.connect())


async def test_deleting_a_proxy_ends_its_connections_alone(server: Toxi) -> None:
    async with wire(server) as doomed, wire(server, "q") as other:
        gone, kept = await doomed.connect(), await other.connect()
        await server.must("DELETE /proxies/p")
        await gone.client.over()
        await gone.peer.over()
        await is_refused(doomed)
        await says_hello(kept)


async def test_populating_the_same_keeps_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        same = {"name": "p", "listen": proxy.listen, "upstream": proxy.upstream}
        await server.must("POST /populate", [same])
        await says_hello(pair)


async def test_populating_another_upstream_ends_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        other = {"name": "p", "listen": proxy.listen, "upstream": f"{HOST}:{free_port()}"}
        await server.must("POST /populate", [other])
        await pair.client.over()


async def test_reset_lifts_toxics_from_live_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.add("latency", latency=2000)
        await server.must("POST /reset")
        sent = pair.peer.send(b"quick")
        soon(await pair.client.got(5) - sent)


async def test_reset_lets_clients_in_again(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.patch(enabled=False)
        await server.must("POST /reset")
        await says_hello(await proxy.connect())


async def test_toxics_come_and_go_under_traffic_without_losing_a_byte(server: Toxi) -> None:
    async with wire(server) as proxy:
        pair = await proxy.connect()
        sent = 0
        for number in range(12):
            pair.peer.send(bytes([number]) * 5000)
            sent += 5000
            if number % 2:
                await proxy.remove("latency_downstream")
            else:
                await proxy.add("latency", latency=20)
        await pair.client.got(sent)
        assert pair.client.data == b"".join(bytes([number]) * 5000 for number in range(12))
