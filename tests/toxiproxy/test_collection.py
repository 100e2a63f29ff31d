from __future__ import annotations

import asyncio
import socket

import pytest

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.collection import Collection, Gone, Taken
from loadtui.toxiproxy.listener import CannotListen
from loadtui.toxiproxy.wanted import Wanted

ANY = "127.0.0.1:0"
BY_NAME = "localhost:0"
"""Looking up a name takes time, in which other calls get their turn."""
UP = "127.0.0.1:1"


def answers(listen: str) -> bool:
    """Whether somebody listens there."""
    host, _, port = listen.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


async def test_a_proxy_listens_at_the_port_it_shows_until_it_is_deleted(
    collection: Collection,
) -> None:
    proxy = await collection.create(Wanted("p", BY_NAME, UP))
    assert collection.get("p") is proxy
    assert proxy.listen.startswith("127.0.0.1:")
    assert answers(proxy.listen)
    collection.delete(proxy)
    assert collection.get("p") is None
    assert not answers(proxy.listen)


async def test_a_proxy_that_is_not_enabled_is_kept_as_it_was_asked_for(
    collection: Collection,
) -> None:
    proxy = await collection.create(Wanted("p", "no such host", UP, enabled=False))
    assert (proxy.listen, proxy.enabled) == ("no such host", False)


async def test_a_proxy_that_cannot_listen_is_not_there(collection: Collection) -> None:
    first = await collection.create(Wanted("p", ANY, UP))
    with pytest.raises(CannotListen) as error:
        await collection.create(Wanted("q", first.listen, UP))
    assert str(error.value) == f"listen tcp {first.listen}: bind: address already in use"
    assert list(collection.proxies) == [first]


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("nowhere", "listen tcp: address nowhere: missing port in address"),
        ("a\0b:1", "listen tcp: lookup a\0b: no such host"),
        ("203.0.113.7:0", "listen tcp 203.0.113.7:0: bind: cannot assign requested address"),
        ("[fe80::1%no]:0", "listen tcp [fe80::1%no]:0: bind: invalid argument"),
    ],
)
async def test_why_it_cannot_listen_is_told_in_the_originals_words(
    collection: Collection, listen: str, said: str
) -> None:
    with pytest.raises(CannotListen) as error:
        await collection.create(Wanted("p", listen, UP))
    assert str(error.value) == said


async def test_of_many_who_want_the_same_name_at_once_one_gets_it(collection: Collection) -> None:
    made = await asyncio.gather(
        *(collection.create(Wanted("p", BY_NAME, UP)) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(each, Taken) for each in made) == 4
    assert [proxy for proxy in made if not isinstance(proxy, Taken)] == list(collection.proxies)


async def test_of_many_who_populate_at_once_none_leaves_a_port_behind(
    collection: Collection,
) -> None:
    made = await asyncio.gather(*(collection.populate(Wanted("p", BY_NAME, UP)) for _ in range(5)))
    collection.close()
    assert not [proxy.listen for proxy in made if answers(proxy.listen)]


async def test_a_proxy_deleted_during_a_change_stays_deleted(collection: Collection) -> None:
    proxy = await collection.create(Wanted("p", ANY, UP, enabled=False))
    change = asyncio.create_task(collection.update(proxy, Wanted("p", BY_NAME, UP)))
    await asyncio.sleep(0)
    collection.delete(proxy)
    with pytest.raises(Gone):
        await change
    assert not proxy.enabled


async def test_a_proxy_deleted_during_a_reset_stays_deleted(collection: Collection) -> None:
    proxy = await collection.create(Wanted("p", BY_NAME, UP, enabled=False))
    reset = asyncio.create_task(collection.reset())
    await asyncio.sleep(0)
    collection.delete(proxy)
    await reset
    assert not proxy.enabled


async def test_a_proxy_changed_during_a_reset_does_not_return_to_its_old_address(
    collection: Collection,
) -> None:
    proxy = await collection.create(Wanted("p", BY_NAME, UP, enabled=False))
    reset = asyncio.create_task(collection.reset())
    await asyncio.sleep(0)
    await collection.update(proxy, Wanted("p", ANY, UP, enabled=False))
    assert proxy.listen == ANY
    await reset
    assert (proxy.listen, proxy.enabled) == (ANY, False)


async def test_populate_keeps_what_does_not_differ_and_replaces_what_does(
    collection: Collection,
) -> None:
    first = await collection.populate(Wanted("p", ANY, UP))
    first.add(Toxic("t", "noop"))
    assert await collection.populate(Wanted("p", first.listen, UP)) is first
    assert await collection.populate(Wanted("p", first.listen, UP, enabled=False)) is first
    assert answers(first.listen)
    second = await collection.populate(Wanted("p", first.listen, "127.0.0.1:2"))
    assert (second.listen, second.enabled, second.toxics) == (first.listen, True, ())
    assert not first.enabled
    assert list(collection.proxies) == [second]


async def test_a_change_moves_it_and_what_is_the_same_stays_on(collection: Collection) -> None:
    proxy = await collection.create(Wanted("p", ANY, UP))
    old = proxy.listen
    await collection.update(proxy, Wanted("p", old, UP))
    assert (proxy.listen, answers(old)) == (old, True)
    await collection.update(proxy, Wanted("p", ANY, UP))
    assert not answers(old)
    assert answers(proxy.listen)
    await collection.update(proxy, Wanted("p", proxy.listen, UP, enabled=False))
    assert not proxy.enabled


async def test_a_change_to_a_port_that_is_taken_leaves_it_off_at_that_port(
    collection: Collection,
) -> None:
    proxy = await collection.create(Wanted("p", ANY, UP))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        there = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CannotListen, match="address already in use"):
            await collection.update(proxy, Wanted("p", there, UP))
    assert (proxy.listen, proxy.enabled) == (there, False)
    await collection.reset()
    assert answers(there)


async def test_reset_starts_what_it_can_and_lifts_every_toxic(collection: Collection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        there = f"127.0.0.1:{taken.getsockname()[1]}"
        stuck = await collection.create(Wanted("a", there, UP, enabled=False))
        free = await collection.create(Wanted("b", ANY, UP, enabled=False))
        for proxy in (stuck, free):
            proxy.add(Toxic("t", "noop"))
        with pytest.raises(CannotListen, match="address already in use"):
            await collection.reset()
    assert (stuck.enabled, stuck.toxics) == (False, ())
    assert (free.enabled, free.toxics) == (True, ())


async def test_what_a_proxy_carried_is_kept_when_it_is_gone(collection: Collection) -> None:
    proxy = await collection.create(Wanted("p", ANY, UP))
    proxy.traffic.tallies["upstream"].sent += 5
    collection.delete(proxy)
    again = await collection.create(Wanted("p", proxy.listen, UP))
    assert again.traffic.tallies["upstream"].sent == 5
    assert [each.labels.proxy for each in collection.traffic] == ["p"]
