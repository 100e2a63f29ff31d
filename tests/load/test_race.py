from __future__ import annotations

import asyncio
import errno

import pytest

from loadtui.load import race
from loadtui.load.race import first_to_connect


class FakeTransport(asyncio.Transport):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


class Net:
    """Addresses that answer at once, refuse, are unreachable, or wait until `answer` is set."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = addresses
        self.dialled: list[str] = []
        self.given_up: list[str] = []
        self.answer = asyncio.Event()
        self.all_dialled = asyncio.Event()
        self.transports: list[FakeTransport] = []

    async def dial(self, address: str) -> asyncio.Transport:
        self.dialled.append(address)
        if len(self.dialled) == len(self.addresses):
            self.all_dialled.set()
        match self.addresses[address]:
            case "refuses":
                raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
            case "unreachable":
                raise OSError(errno.EHOSTUNREACH, "no route")
            case "waits":
                try:
                    await self.answer.wait()
                except asyncio.CancelledError:
                    self.given_up.append(address)
                    raise
            case "answers":
                pass
            case other:
                raise AssertionError(other)
        self.transports.append(FakeTransport(address))
        return self.transports[-1]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race, "HEAD_START", 0.001)


async def test_the_first_address_is_taken_when_it_answers() -> None:
    net = Net(a="answers", b="answers")
    address, transport = await first_to_connect(["a", "b"], net.dial)
    assert (address, net.dialled) == ("a", ["a"])
    assert transport is net.transports[0]


async def test_after_a_refusal_the_next_is_tried_without_delay() -> None:
    net = Net(a="refuses", b="unreachable", c="answers")
    async with asyncio.timeout(race.HEAD_START / 2):
        address, _ = await first_to_connect(["a", "b", "c"], net.dial)
    assert address == "c"


@pytest.mark.usefixtures("at_once")
async def test_a_silent_address_delays_only_by_its_head_start() -> None:
    net = Net(a="waits", b="answers")
    address, _ = await first_to_connect(["a", "b"], net.dial)
    assert address == "b"
    await asyncio.sleep(0)
    assert net.given_up == ["a"]


@pytest.mark.usefixtures("at_once")
async def test_of_two_that_answer_together_one_is_dropped() -> None:
    net = Net(a="waits", b="waits")
    racing = asyncio.create_task(first_to_connect(["a", "b"], net.dial))
    await net.all_dialled.wait()
    net.answer.set()
    _, winner = await racing
    await asyncio.sleep(0)
    assert [each.is_aborted for each in net.transports].count(True) == 1
    assert isinstance(winner, FakeTransport)
    assert not winner.is_aborted


@pytest.mark.usefixtures("at_once")
async def test_giving_up_gives_up_every_attempt() -> None:
    net = Net(a="waits", b="waits")
    racing = asyncio.create_task(first_to_connect(["a", "b"], net.dial))
    await net.all_dialled.wait()
    racing.cancel()
    await asyncio.wait([racing])
    await asyncio.sleep(0)
    assert sorted(net.given_up) == ["a", "b"]


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
async def test_when_none_answers_the_refusal_tells_more(order: list[str]) -> None:
    net = Net(a="unreachable", b="refuses")
    with pytest.raises(ConnectionRefusedError):
        await first_to_connect(order, net.dial)
    assert net.dialled == order
