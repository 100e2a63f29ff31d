from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from itertools import count

import pytest

from loadtui.errors import BadInput
from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure
from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.url import Origin
from loadtui.model.scenario import Tls
from tests.support.http_servers import answer_all, free_port, serve


class Net:
    """A name server and a net in memory: no test of the guard opens a socket off loopback."""

    def __init__(self, *addresses: str, silent: bool = False) -> None:
        self.addresses = addresses
        self.silent = silent
        self.dialled: list[tuple[str, int]] = []

    async def resolve(self, host: str) -> list[str]:
        return list(self.addresses)

    async def connect(
        self, make: Callable[[], asyncio.BaseProtocol], address: str, port: int
    ) -> asyncio.Transport:
        self.dialled.append((address, port))
        if self.silent:
            await asyncio.Event().wait()
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    def dialer(self, allow: Sequence[str] = (), connect_timeout: float = 30.0) -> Dialer:
        return Dialer(
            asyncio.get_running_loop(),
            allow=allow,
            connect_timeout=connect_timeout,
            resolve=self.resolve,
            connect=self.connect,
        )


async def dial(
    dialer: Dialer, host: str, port: int = 80, timeout: float = 10.0
) -> HttpProtocol | Failure:
    origin = Origin("http", host, port)
    return await dialer.dial(origin, Exchange(dialer.clock()), dialer.clock() + timeout)


@pytest.mark.parametrize(
    ("host", "addresses", "allow", "dialled"),
    [
        ("localhost", ["::1", "127.0.0.1"], [], ["::1", "127.0.0.1"]),
        ("api.example", ["10.0.0.1"], ["api.example"], ["10.0.0.1"]),
        ("api.example", ["10.0.0.1", "10.0.0.2"], ["10.0.0.2"], ["10.0.0.2"]),
        ("mixed.example", ["93.184.216.34", "127.0.0.1"], [], ["127.0.0.1"]),
    ],
)
async def test_only_allowed_addresses_are_dialled_and_exactly_those(
    host: str, addresses: list[str], allow: list[str], dialled: list[str]
) -> None:
    net = Net(*addresses)
    failure = await dial(net.dialer(allow), host, 8080)
    assert isinstance(failure, Failure)
    assert failure.kind == "refused"
    assert net.dialled == [(address, 8080) for address in dialled]


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("localhost.evil.example", ["93.184.216.34"]),
        ("localhost", ["93.184.216.34"]),
        ("api.example", ["10.0.0.1", "::ffff:10.0.0.1", "0.0.0.0"]),
    ],
)
async def test_nothing_is_dialled_that_nobody_allowed(host: str, addresses: list[str]) -> None:
    net = Net(*addresses)
    failure = await dial(net.dialer(["other.example"]), host)
    assert failure == Failure(
        "refused_target",
        f"{host} ({addresses[0]}) is not loopback; to load it, name it under guard.allow",
    )
    assert net.dialled == []


async def test_a_literal_address_is_guarded_without_a_look_up() -> None:
    net = Net("127.0.0.1")
    failure = await dial(net.dialer(), "10.0.0.1")
    assert isinstance(failure, Failure)
    assert failure.kind == "refused_target"
    assert failure.detail.startswith("10.0.0.1 is not loopback")
    assert net.dialled == []


@pytest.mark.parametrize(
    ("connect_timeout", "timeout", "kind"),
    [(0.02, 10.0, "connect_timeout"), (10.0, 0.02, "timeout"), (10.0, -1.0, "timeout")],
)
async def test_the_shorter_of_both_time_outs_says_its_name(
    connect_timeout: float, timeout: float, kind: str
) -> None:
    dialer = Net("127.0.0.1", silent=True).dialer(connect_timeout=connect_timeout)
    failure = await dial(dialer, "localhost", timeout=timeout)
    assert isinstance(failure, Failure)
    assert failure.kind == kind


async def test_a_refused_connection_is_data() -> None:
    failure = await dial(Dialer(asyncio.get_running_loop()), "127.0.0.1", free_port())
    assert failure == Failure("refused", "Connection refused")


async def test_the_system_is_asked_and_the_address_that_listens_is_found() -> None:
    async with serve(answer_all) as port:
        dialer = Dialer(asyncio.get_running_loop())
        connection = await dial(dialer, "localhost", port)
        assert isinstance(connection, HttpProtocol)
        assert dialer.open_connections == 1
        dialer.abort()
        assert not connection.is_ready
        await asyncio.sleep(0)
        assert dialer.open_connections == 0


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="needs IPv6 on loopback")
async def test_an_ipv6_literal_is_dialled() -> None:
    async with serve(answer_all, host="::1") as port:
        dialer = Dialer(asyncio.get_running_loop())
        assert isinstance(await dial(dialer, "::1", port), HttpProtocol)
        dialer.abort()


async def test_a_generator_without_descriptors_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*arguments: object, **options: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket, "socket", no_socket)
    failure = await dial(Dialer(asyncio.get_running_loop()), "127.0.0.1", 9)
    assert failure == Failure("exhausted", "Too many open files")


async def test_a_certificate_that_cannot_be_used_is_said_before_anything_is_sent() -> None:
    names = (f"/nowhere/{number}.pem" for number in count())
    with pytest.raises(BadInput, match=r"tls\.ca: /nowhere/0\.pem"):
        Dialer(asyncio.get_running_loop(), tls=Tls(ca=next(names)))
