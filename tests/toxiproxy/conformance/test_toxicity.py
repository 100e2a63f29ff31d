"""Toxicity: a share of the connections, drawn when a toxic starts on each."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.toxiproxy_pair import Toxi
from tests.support.toxiproxy_wire import Pair, Wire, wire

LATENCY = "latency_downstream"
DELAY = 300
LATE = 0.15
CONNECTIONS = 40
"""Two draws of so many connections at one half are the same once in 10^12 runs."""


async def affected(pairs: list[Pair], stream: str = "downstream") -> list[bool]:
    """Send a byte through every connection; which came late?"""

    async def is_late(pair: Pair) -> bool:
        sender, receiver = pair.ends(stream)
        have = len(receiver.data)
        sent = sender.send(b"x")
        return await receiver.got(have + 1) - sent > LATE

    return list(await asyncio.gather(*(is_late(pair) for pair in pairs)))


async def half_slow(proxy: Wire) -> tuple[list[Pair], list[bool]]:
    """Connect under a latency of toxicity one half."""
    await proxy.add("latency", toxicity=0.5, latency=DELAY)
    pairs = [await proxy.connect() for _ in range(CONNECTIONS)]
    return pairs, await affected(pairs)


async def test_a_share_of_the_connections_is_affected(server: Toxi) -> None:
    async with wire(server) as proxy:
        _, late = await half_slow(proxy)
        assert 6 <= sum(late) <= 34


async def test_a_connection_stays_what_it_was_drawn(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs, late = await half_slow(proxy)
        assert await affected(pairs) == late


@pytest.mark.parametrize(("toxicity", "expected"), [(0.0, False), (1.0, True)])
async def test_none_and_all(server: Toxi, toxicity: float, expected: bool) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", toxicity=toxicity, latency=DELAY)
        pairs = [await proxy.connect() for _ in range(20)]
        assert set(await affected(pairs)) == {expected}


async def test_a_small_share_is_small_and_a_large_one_large(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", toxicity=0.1, latency=DELAY)
        await proxy.add("latency", "upstream", toxicity=0.9, latency=DELAY)
        pairs = [await proxy.connect() for _ in range(CONNECTIONS)]
        down, up = await asyncio.gather(affected(pairs), affected(pairs, "upstream"))
        assert sum(down) <= 16
        assert sum(up) >= 24


async def test_streams_are_drawn_apart(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", "upstream", toxicity=0.5, latency=DELAY)
        pairs, down = await half_slow(proxy)
        assert await affected(pairs, "upstream") != down


async def test_a_change_draws_anew_even_when_it_changes_nothing(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs, late = await half_slow(proxy)
        await proxy.change(LATENCY)
        assert await affected(pairs) != late


async def test_a_toxic_of_the_other_stream_draws_nothing_anew(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs, late = await half_slow(proxy)
        await proxy.add("noop", "upstream")
        assert await affected(pairs) == late
        await proxy.remove("noop_upstream")
        assert await affected(pairs) == late


async def test_a_toxic_added_or_removed_behind_draws_anew(server: Toxi) -> None:
    async with wire(server) as proxy:
        pairs, before = await half_slow(proxy)
        await proxy.add("noop")
        between = await affected(pairs)
        await proxy.remove("noop_downstream")
        after = await affected(pairs)
        assert before != between
        assert between != after


async def test_a_toxic_removed_in_front_draws_nothing_anew(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("noop")
        pairs, before = await half_slow(proxy)
        await proxy.remove("noop_downstream")
        assert await affected(pairs) == before


async def test_a_changed_toxicity_reaches_live_connections(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("latency", latency=DELAY)
        pairs = [await proxy.connect() for _ in range(10)]
        await proxy.change(LATENCY, toxicity=0.0)
        assert set(await affected(pairs)) == {False}
        await proxy.change(LATENCY, toxicity=1.0)
        assert set(await affected(pairs)) == {True}


async def test_limit_data_spares_whom_it_does_not_affect(server: Toxi) -> None:
    async with wire(server) as proxy:
        await proxy.add("limit_data", toxicity=0.5, bytes=1)
        pairs = [await proxy.connect() for _ in range(CONNECTIONS)]
        for pair in pairs:
            pair.peer.send(b"abc")
        await asyncio.gather(*(pair.client.got(1) for pair in pairs))
        await asyncio.sleep(0.15)
        assert {pair.client.data for pair in pairs} == {b"a", b"abc"}
        assert {pair.client.ended for pair in pairs if pair.client.data == b"abc"} == {None}
