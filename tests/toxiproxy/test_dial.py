from __future__ import annotations

import asyncio
import socket

import pytest

from loadtui.toxiproxy import dial
from loadtui.toxiproxy.dial import Dial
from tests.support.toxiproxy_server import free_port
from tests.support.toxiproxy_wire import full_backlog


class Dialled:
    """A dial and what came of it: a socket, or why there is none."""

    def __init__(self, upstream: str) -> None:
        self.outcome: asyncio.Future[socket.socket | str] = (
            asyncio.get_running_loop().create_future()
        )
        self.dial = Dial(upstream, self.outcome.set_result, self.outcome.set_result)
        self.dial.start()

    async def why(self) -> str:
        """Wait for the reason why there is no socket."""
        async with asyncio.timeout(5):
            outcome = await self.outcome
        assert isinstance(outcome, str)
        return outcome


@pytest.mark.parametrize(
    ("host", "listening"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
    ],
)
async def test_an_upstream_that_listens_is_joined(host: str, listening: str) -> None:
    family = socket.AF_INET6 if ":" in listening else socket.AF_INET
    with socket.create_server((listening, 0), family=family) as server:
        port = server.getsockname()[1]
        async with asyncio.timeout(5):
            joined = await Dialled(f"{host}:{port}").outcome
        assert isinstance(joined, socket.socket)
        with joined, server.accept()[0] as accepted:
            assert not joined.getblocking()
            assert joined.getsockname() == accepted.getpeername()


@pytest.mark.parametrize(
    ("upstream", "why"),
    [
        ("", "missing address"),
        ("nowhere", "address nowhere: missing port in address"),
        ("a:b:c", "address a:b:c: too many colons in address"),
        ("127.0.0.1:65536", "address 65536: invalid port"),
        ("127.0.0.1:²", "lookup tcp/²: unknown port"),
        ("no-such.invalid:1", "lookup no-such.invalid: no such host"),
        ("a\0b:1", "lookup a\0b: no such host"),
        ("127.0.0.1%lo:1", "lookup 127.0.0.1%lo: no such host"),
        ("[fe80::1%no]:1", "invalid argument"),
        ("127.0.0.1:0", "connection refused"),
    ],
)
async def test_an_upstream_that_cannot_be_is_told_why(upstream: str, why: str) -> None:
    assert await Dialled(upstream).why() == why


async def test_an_upstream_that_refuses_is_told_whichever_address_was_tried_last() -> None:
    assert await Dialled(f"localhost:{free_port()}").why() == "connection refused"


async def test_who_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dial, "PATIENCE", 0.05)
    async with full_backlog() as nowhere:
        assert await Dialled(nowhere).why() == "i/o timeout"


@pytest.mark.parametrize("by_name", [True, False])
async def test_a_dial_that_is_cancelled_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, by_name: bool
) -> None:
    monkeypatch.setattr(dial, "PATIENCE", 0.05)
    async with full_backlog() as nowhere:
        dialled = Dialled(nowhere.replace("127.0.0.1", "localhost") if by_name else nowhere)
        dialled.dial.cancel()
        await asyncio.sleep(0.1)
        assert not dialled.outcome.done()
