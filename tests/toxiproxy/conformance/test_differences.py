"""Where the embedded server differs on purpose: each case says what either does, and why."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.toxiproxy_pair import HOST, Kind, Toxi, start
from tests.support.toxiproxy_wire import about, full_backlog, soon, wire

RATHER_LONG = 0.7
"""Seconds after which a call of the original counts as stuck: it answers 503 after 25."""


async def is_stuck(server: Toxi, send: str, body: str | None = None) -> bool:
    """Does a call get no answer?"""
    try:
        await asyncio.to_thread(server.ask, send, body, None, RATHER_LONG)
    except TimeoutError:
        return True
    return False


async def test_ours_says_who_it_is(server: Toxi) -> None:
    """A client that wants the counters must be able to tell the two apart."""
    for send in ("GET /version", "GET /proxies", "GET /nope", "PUT /proxies", "GET //proxies"):
        reply = await server.call(send)
        assert reply.header("x-toxiproxy-server") == ("loadtui" if server.embedded else None)


async def test_ours_counts_connections_and_bytes_while_they_flow(server: Toxi) -> None:
    """Is my traffic really flowing through it? The original cannot say before a connection ends."""
    async with wire(server) as proxy:
        both = {"name", "listen", "upstream", "enabled", "Logger", "toxics"}
        if not server.embedded:
            assert set(await proxy.show()) == both
            return
        idle = await proxy.show()
        assert set(idle) == both | {"connections", "accepted", "bytes"}
        assert (idle["connections"], idle["accepted"]) == (0, 0)
        pair, other = await proxy.connect(), await proxy.connect()
        pair.client.send(b"four")
        other.peer.send(b"eleven more")
        await asyncio.gather(pair.peer.got(4), other.client.got(11))
        busy = await proxy.show()
        assert (busy["connections"], busy["accepted"]) == (2, 2)
        assert busy["bytes"] == {"upstream": 4, "downstream": 11}
        listed = (await server.must("GET /proxies")).json()["p"]
        assert listed == busy
        other.client.close()
        await other.peer.over()
        other.peer.close()
        pair.client.send(b"!")
        await pair.peer.got(5)
        left = await proxy.show()
        assert (left["connections"], left["accepted"]) == (1, 2)
        assert left["bytes"] == {"upstream": 5, "downstream": 11}


async def test_ours_passes_a_half_close_on(server: Toxi) -> None:
    """Who says it has finished still wants the answer; the original throws it away."""
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.client.send(b"question")
        pair.client.finish()
        await pair.peer.over()
        assert pair.peer.data == b"question"
        pair.peer.send(b"answer")
        pair.peer.close()
        await pair.client.over()
        assert pair.client.data == (b"answer" if server.embedded else b"")


async def test_ours_passes_a_half_close_of_the_upstream_on(server: Toxi) -> None:
    """The same the other way round."""
    async with wire(server) as proxy:
        pair = await proxy.connect()
        pair.peer.send(b"answer")
        pair.peer.finish()
        await pair.client.over()
        assert (pair.client.data, pair.client.ended) == (b"answer", "eof")
        pair.client.send(b"thanks")
        if server.embedded:
            await pair.peer.got(6)
            pair.client.close()
        await pair.peer.over()
        assert pair.peer.data == (b"thanks" if server.embedded else b"")


async def test_ours_resets_connections_older_than_the_toxic(server: Toxi) -> None:
    """reset_peer resets; the original closes what was there before it in peace."""
    async with wire(server) as proxy:
        pair = await proxy.connect()
        await proxy.add("reset_peer", timeout=0)
        pair.peer.send(b"lost")
        await pair.client.over()
        assert pair.client.ended == ("reset" if server.embedded else "eof")
        assert pair.client.data == b""


async def test_a_reset_peer_that_affects_nobody_harms_nobody_of_ours(server: Toxi) -> None:
    """At toxicity 0 the original still makes every end of every connection a reset."""
    async with wire(server) as proxy:
        await proxy.add("reset_peer", toxicity=0.0, timeout=0)
        pair = await proxy.connect()
        pair.peer.send(b"heard")
        await pair.client.got(5)
        pair.peer.close()
        await pair.client.over()
        assert pair.client.ended == ("eof" if server.embedded else "reset")


async def test_a_refused_change_of_ours_changes_nothing(server: Toxi) -> None:
    """The original keeps the valid half of a body that it refused, and does not apply it."""
    async with wire(server) as proxy:
        await proxy.add("latency", latency=1)
        body = '{"attributes":{"latency":"x","jitter":77}}'
        reply = await server.call("PATCH /proxies/p/toxics/latency_downstream", body)
        assert reply.status == 400
        kept = (await proxy.show())["toxics"][0]["attributes"]
        assert kept == {"latency": 1, "jitter": 0 if server.embedded else 77}


async def test_removing_a_reset_that_waits_takes_its_time_in_the_original(server: Toxi) -> None:
    """A call of ours waits for no connection."""
    async with wire(server) as proxy:
        await proxy.add("reset_peer", timeout=500)
        pair = await proxy.connect()
        pair.peer.send(b"lost")
        await asyncio.sleep(0.05)
        began = await proxy.remove("reset_peer_downstream")
        took = time.monotonic() - began
        if server.embedded:
            soon(took)
        else:
            about(took, 0.45)


async def test_an_address_left_out_is_loopback_in_ours(server: Toxi) -> None:
    """The original listens on every address of the machine when a client forgets to say where."""
    made = await server.must("POST /proxies", {"name": "p", "upstream": "localhost:1"})
    host = made.json()["listen"].rpartition(":")[0]
    assert host == (HOST if server.embedded else "[::]")


async def test_a_change_is_not_held_up_by_who_does_not_read(kind: Kind) -> None:
    """The original locks up for good: a toxic waits for a write, the API waits for the toxic."""
    with start(kind) as server:
        async with wire(server) as proxy:
            pair = await proxy.connect()
            pair.client.transport.pause_reading()
            await pair.peer.fill(bytes(1_000_000), 64_000_000)
            body = '{"type":"latency","attributes":{"latency":10}}'
            stuck = await is_stuck(server, "POST /proxies/p/toxics", body)
            assert stuck is not server.embedded
            assert await is_stuck(server, "GET /proxies") is not server.embedded


async def test_switching_under_load_with_clients_that_leave(server: Toxi) -> None:
    """Ours answers every one of many changes; the original's few are spared the stuck case."""
    changes = 60 if server.embedded else 5
    async with wire(server) as proxy:

        async def ask_and_leave(number: int) -> None:
            pair = await proxy.connect()
            pair.peer.send(bytes(1_000_000 if server.embedded else 10_000))
            if number % 3:
                await pair.client.got(5_000)
            pair.client.reset()

        async def switch() -> None:
            for _ in range(changes // 2):
                await proxy.add("latency", latency=5)
                await proxy.remove("latency_downstream")

        await asyncio.gather(switch(), *(ask_and_leave(number) for number in range(12)))
        assert (await proxy.show())["toxics"] == []


async def test_a_dial_that_hangs_holds_nothing_up_in_ours(kind: Kind) -> None:
    """The original cannot disable a proxy whose upstream does not answer."""
    with start(kind) as server:
        async with wire(server) as proxy, full_backlog() as nowhere:
            await proxy.patch(upstream=nowhere)
            await proxy.dial()
            await asyncio.sleep(0.05)
            stuck = await is_stuck(server, "PATCH /proxies/p", '{"enabled":false}')
            assert stuck is not server.embedded


async def draws(server: Toxi) -> list[bool]:
    """Which of many connections does a toxic of toxicity one half affect?"""
    async with wire(server) as proxy:
        await proxy.add("latency", toxicity=0.5, latency=300)
        pairs = [await proxy.connect() for _ in range(40)]
        sent = [pair.peer.send(b"x") for pair in pairs]
        got = await asyncio.gather(*(pair.client.got(1) for pair in pairs))
        return [at - began > 0.15 for at, began in zip(got, sent, strict=True)]


async def test_a_seed_gives_the_same_draws_twice(kind: Kind) -> None:
    """The original has taken a seed and not used it since 2.9.0."""
    runs = []
    for seed in ("7", "7", "8"):
        with start(kind, "--seed", seed) as server:
            runs.append(await draws(server))
    assert (runs[0] == runs[1]) is (kind == "embedded")
    assert runs[1] != runs[2]


@pytest.mark.parametrize(
    ("body", "traffic"),
    [
        ('{"type":"bandwidth","attributes":{"rate":-1}}', b"x"),
        ('{"type":"slicer","attributes":{"average_size":1,"size_variation":5}}', b"x" * 1000),
    ],
    ids=["a negative rate", "pieces that vary by more than their size"],
)
async def test_what_ends_the_original_is_refused_by_ours(
    kind: Kind, body: str, traffic: bytes
) -> None:
    """A value that makes no sense must not take every proxy down with it."""
    with start(kind) as server:
        async with wire(server) as proxy:
            reply = await server.call("POST /proxies/p/toxics", body)
            pair = await proxy.connect()
            pair.client.send(b"still here")
            await pair.peer.got(10)
            pair.peer.send(traffic)
            if kind == "embedded":
                assert reply.status == 400
                await pair.client.got(len(traffic))
                return
            assert reply.status == 200
            assert await asyncio.to_thread(server.process.wait, 5) == 2


async def test_ours_can_be_told_to_take_what_the_original_takes() -> None:
    """Whose tests depend on it may have the loose ranges back, without the crashes."""
    with start("embedded", "--original", "ranges") as server:
        async with wire(server) as proxy:
            await proxy.add("latency", latency=-5)
            pair = await proxy.connect()
            sent = pair.peer.send(b"quick")
            soon(await pair.client.got(5) - sent)
            always = {"type": "noop", "toxicity": 7}
            assert (await server.must("POST /proxies/p/toxics", always)).json()["toxicity"] == 7
            reply = await server.call("POST /proxies/p/toxics", '{"type":"slicer"}')
            assert reply.status == 400


async def test_ours_can_be_told_to_close_as_the_original_does() -> None:
    """Whose tests depend on a lost answer may have it back."""
    with start("embedded", "--original", "half-close") as server:
        async with wire(server) as proxy:
            pair = await proxy.connect()
            pair.client.finish()
            await pair.peer.over()
            await pair.client.over()
            assert pair.client.data == b""
