from __future__ import annotations

import asyncio
import socket

from loadtui.load.failure import Failure
from loadtui.load.resolver import FAILED, FRESH, Resolver


class NameServer:
    """Answers what it was told, counts, and keeps its own time."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0
        self.now = 0.0
        self.fails: OSError | UnicodeError | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def resolve(self, host: str) -> list[str]:
        self.asked += 1
        await self.may_answer.wait()
        if self.fails is not None:
            raise self.fails
        return self.addresses

    def resolver(self) -> Resolver:
        return Resolver(asyncio.get_running_loop(), self.resolve, lambda: self.now)


async def test_vus_that_start_together_share_one_look_up() -> None:
    server = NameServer("10.0.0.1", "10.0.0.2", "10.0.0.1")
    resolver = server.resolver()
    found = await asyncio.gather(*(resolver.addresses("a.example") for _ in range(100)))
    assert server.asked == 1
    assert found == [["10.0.0.1", "10.0.0.2"]] * 100


async def test_an_answer_grows_old() -> None:
    server = NameServer("10.0.0.1")
    resolver = server.resolver()
    await resolver.addresses("a.example")
    server.addresses = ["10.0.0.9"]
    server.now = FRESH - 1
    assert await resolver.addresses("a.example") == ["10.0.0.1"]
    server.now = FRESH
    assert await resolver.addresses("a.example") == ["10.0.0.9"]


async def test_a_failure_stands_for_a_moment_and_is_said() -> None:
    server = NameServer("10.0.0.1")
    server.fails = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    resolver = server.resolver()
    for _ in range(3):
        assert await resolver.addresses("a.example") == Failure(
            "dns", "a.example cannot be looked up: Name or service not known"
        )
    assert server.asked == 1
    server.now, server.fails = FAILED, None
    assert await resolver.addresses("a.example") == ["10.0.0.1"]


async def test_a_name_that_cannot_even_be_asked_for_is_a_failure_too() -> None:
    found = await Resolver(asyncio.get_running_loop()).addresses("a" * 64 + ".example")
    assert isinstance(found, Failure)
    assert found.kind == "dns"


async def test_a_name_without_address_is_a_failure() -> None:
    assert await NameServer().resolver().addresses("a.example") == Failure(
        "dns", "a.example has no address"
    )


async def test_a_literal_is_not_looked_up() -> None:
    server = NameServer()
    resolver = server.resolver()
    for literal in ("127.0.0.1", "::1", "fe80::1%lo"):
        assert await resolver.addresses(literal) == [literal]
    assert server.asked == 0


async def test_a_vu_that_is_cut_does_not_take_the_answer_from_others() -> None:
    server = NameServer("10.0.0.1")
    server.may_answer.clear()
    resolver = server.resolver()
    first = asyncio.create_task(resolver.addresses("a.example"))
    second = asyncio.create_task(resolver.addresses("a.example"))
    await asyncio.sleep(0)
    first.cancel()
    server.may_answer.set()
    assert await second == ["10.0.0.1"]
    assert first.cancelled()


async def test_the_address_that_worked_comes_first() -> None:
    resolver = NameServer("::1", "127.0.0.1").resolver()
    resolver.prefer("a.example", "127.0.0.1")
    await resolver.addresses("a.example")
    resolver.prefer("a.example", "127.0.0.1")
    assert await resolver.addresses("a.example") == ["127.0.0.1", "::1"]
    resolver.prefer("a.example", "10.0.0.1")
    assert await resolver.addresses("a.example") == ["127.0.0.1", "::1"]


async def test_the_system_is_asked_by_default() -> None:
    found = await Resolver(asyncio.get_running_loop()).addresses("localhost")
    assert isinstance(found, list)
    assert "127.0.0.1" in found or "::1" in found
