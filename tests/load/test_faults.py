"""Whatever a server does: every request has one outcome, in time, and the user goes on."""

from __future__ import annotations

import asyncio
import socket
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from typing import get_args

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import ErrorKind
from loadtui.load.head import build_call
from loadtui.load.http_client import Client
from loadtui.load.httpx_client import HttpxClient
from loadtui.load.tls import client_context
from loadtui.model.scenario import Tls
from tests.support.http_servers import OK, Peer, serve

Talk = Callable[[Peer], Awaitable[None]]

LIMIT = 0.15
"""Seconds a request may take."""
PATIENCE = 10.0
"""Seconds after which a request hangs: much more than the limit, for the machine may be busy."""
HEAD = b"HTTP/1.1 200 OK\r\n"


def outcome(exchange: Exchange) -> str:
    """The status or the kind of failure; an exchange has exactly one of both."""
    assert exchange.error in get_args(ErrorKind)
    assert bool(exchange.status) != bool(exchange.error)
    assert exchange.sending >= 0
    assert exchange.waiting >= 0
    assert exchange.receiving >= 0
    assert exchange.duration_us <= (exchange.ended - exchange.started) * 1e6 + 1
    return exchange.error or str(exchange.status)


# -- one fault after the other ---------------------------------------------------------------------


def says(*pieces: bytes, pause: float = 0.0, stays: bool = False, resets: bool = False) -> Talk:
    """A server that answers each request with these bytes, then leaves in one way or another."""

    async def talk(peer: Peer) -> None:
        await peer.request()
        for piece in pieces:
            await peer.answer(piece)
            await asyncio.sleep(pause)
        if resets:
            peer.reset()
        elif stays:
            await peer.gone()

    return talk


async def at_once(peer: Peer) -> None:
    """Ends each connection as soon as it is made."""


FAULTS: dict[str, tuple[Talk, set[str]]] = {
    "closes at once": (at_once, {"closed", "reset"}),
    "resets": (says(resets=True), {"reset"}),
    "resets in the middle of a body": (
        says(HEAD + b"Content-Length: 9\r\n\r\nhalf", pause=0.02, resets=True),
        {"reset"},
    ),
    "never answers": (says(stays=True), {"timeout"}),
    "stalls in its headers": (says(HEAD + b"X: ", stays=True), {"timeout"}),
    "stalls in a body": (says(HEAD + b"Content-Length: 9\r\n\r\nhalf", stays=True), {"timeout"}),
    "stalls in a chunk": (
        says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", stays=True),
        {"timeout"},
    ),
    "answers a byte a second": (
        says(*(bytes([each]) for each in HEAD + b"\r\n"), pause=1.0),
        {"timeout"},
    ),
    "only ever says that it goes on": (
        says(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 20, pause=0.05),
        {"timeout"},
    ),
    "sends garbage": (says(b"\x00\xff\x16\x03\x01\r\n\r\n"), {"protocol"}),
    "speaks TLS": (says(b"\x15\x03\x01\x00\x02\x02\x46"), {"protocol"}),
    "speaks another protocol": (says(b"220 mail.example ESMTP\r\n"), {"protocol"}),
    "says too little": (says(HEAD + b"Content-Length: 9\r\n\r\nhalf"), {"closed"}),
    "says too much": (says(HEAD + b"Content-Length: 2\r\n\r\nok, and more"), {"200"}),
    "has no number for a length": (says(HEAD + b"Content-Length: x\r\n\r\nok"), {"protocol"}),
    "has two lengths": (
        says(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok"),
        {"protocol"},
    ),
    "has a length beyond any": (
        says(HEAD + b"Content-Length: %d\r\n\r\nok" % 2**80),
        {"protocol"},
    ),
    "has a chunk of no size": (
        says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"),
        {"protocol"},
    ),
    "ends within its chunks": (
        says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"),
        {"closed"},
    ),
    "answers twice": (says(OK + OK), {"200"}),
    "switches protocols": (says(b"HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"), {"protocol"}),
    "sends headers without end": (says(*[HEAD + b"X: y\r\n" * 9_000] * 9), {"protocol"}),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_one_failure_and_the_user_goes_on(name: str) -> None:
    talk, expected = FAULTS[name]

    async def either(peer: Peer) -> None:
        if peer.number == 1:
            await talk(peer)
            return
        await peer.request()
        await peer.answer(OK)

    limit = LIMIT if "timeout" in expected else PATIENCE
    async with asyncio.timeout(2 * PATIENCE), serve(either) as port:
        vu = Client(Dialer(asyncio.get_running_loop()))
        exchange = await vu.send(build_call("GET", f"http://127.0.0.1:{port}/", timeout=limit))
        assert outcome(exchange) in expected
        if "timeout" in expected:
            assert limit * 1e6 * 0.95 <= exchange.duration_us < PATIENCE * 1e6
        assert outcome(await vu.send(build_call("GET", f"http://127.0.0.1:{port}/"))) == "200"
        vu.close()


async def test_a_name_that_nobody_knows_is_a_failure_each_time() -> None:
    asked = 0

    async def resolve(host: str) -> list[str]:
        nonlocal asked
        asked += 1
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    vu = Client(Dialer(asyncio.get_running_loop(), resolve=resolve))
    exchanges = [await vu.send(build_call("GET", "http://nowhere.example/")) for _ in range(3)]
    assert [outcome(each) for each in exchanges] == ["dns"] * 3
    assert all(each.duration_us == 0 for each in exchanges)
    assert asked == 1


# -- large bodies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_hundred_megabytes_do_not_stay(is_chunked: bool) -> None:
    piece = b"x" * 250_000
    frame = b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece
    coding = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: 100000000"

    async def talk(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.answer(HEAD + coding + b"\r\n\r\n")
            for _ in range(400):
                await peer.answer(frame)
            await peer.answer(b"0\r\n\r\n" if is_chunked else b"")

    async with asyncio.timeout(60), serve(talk) as port:
        vu = Client(Dialer(asyncio.get_running_loop()))
        url = f"http://127.0.0.1:{port}/"
        tracemalloc.start()
        try:
            exchange = await vu.send(build_call("GET", url, keeps_body=False))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert outcome(exchange) == "200"
        assert exchange.bytes_in > 100_000_000
        assert peak < 5_000_000
        vu.abort()


async def test_a_hundred_megabytes_are_sent_and_timed() -> None:
    async def talk(peer: Peer) -> None:
        await peer._reader.readuntil(b"\r\n\r\n")
        left = 100_000_000
        while left:
            left -= len(await peer._reader.read(min(left, 1 << 20)))
        await peer.answer(OK)

    async with asyncio.timeout(60), serve(talk) as port:
        vu = Client(Dialer(asyncio.get_running_loop()))
        call = build_call("PUT", f"http://127.0.0.1:{port}/", (), b"x" * 100_000_000)
        exchange = await vu.send(call)
        assert outcome(exchange) == "200"
        assert exchange.bytes_out == len(call.wire)
        assert exchange.sending > exchange.waiting
        vu.close()


# -- whatever bytes --------------------------------------------------------------------------------

_STATUS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 204 No\r\n",
        b"HTTP/1.1 304 No\r\n", b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 999 What\r\n", b"HTTP/1.1 20 Hm\r\n", b"HTTP/9.9 200 OK\r\n", b"HTTP/1.1 200\n",
        b"ICY 200 OK\r\n", b"HTTP/1.1  200 OK\r\n", b"\r\n\r\nHTTP/1.1 200 OK\r\n", b"HTTP/1.1 ",
        b"HTTP/1.1 101 Switch\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n",
    ]
)  # fmt: skip
_FIELD = st.sampled_from(
    [
        b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: -1\r\n",
        b"Content-Length: 99999999999999999999999\r\n", b"Content-Length: 5, 5\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Connection: close\r\n",
        b"Connection: keep-alive\r\n", b"Content-Encoding: gzip\r\n", b"Set-Cookie: \x00=\xff\r\n",
        b"Set-Cookie: a=1; Path=/; Max-Age=x\r\n", b": empty\r\n", b"X\x00: y\r\n", b"X : y\r\n",
        b" folded\r\n", b"No colon\r\n", b"X: y\n", b"X: \xff\xfe\r\n", b"X: " + b"z" * 3000,
    ]
)  # fmt: skip
_BODY = st.one_of(
    st.sampled_from([b"", b"hello", b"hello, and more", b"5\r\nhello\r\n0\r\n\r\n", b"5\r\nhel"]),
    st.sampled_from([b"ffffffffffffffffff\r\n", b"-1\r\n", b"0\r\n", OK, b"\x1f\x8b\x08"]),
    st.binary(max_size=40),
)


@st.composite
def bad_answers(draw: st.DrawFn) -> tuple[list[bytes], str]:
    """An answer in pieces, mostly broken, and how its server leaves."""
    answer = draw(
        st.one_of(
            st.builds(
                lambda status, fields, end, body: status + b"".join(fields) + end + body,
                _STATUS,
                st.lists(_FIELD, max_size=4),
                st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b""]),
                _BODY,
            ),
            st.binary(max_size=200),
        )
    )
    cuts = sorted(draw(st.sets(st.integers(0, len(answer)), max_size=3)))
    pieces = [answer[low:high] for low, high in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    # A server that stays costs the whole time-out: one in eight is enough.
    return pieces, draw(st.sampled_from(["close"] * 4 + ["reset"] * 3 + ["stay"]))


class Bench:
    """A loop, a server and a user that live through all examples."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner
        self.answer: tuple[list[bytes], str] = ([], "close")
        self.asked = 0
        self.context = client_context(Tls(verify=False))

    async def talk(self, peer: Peer) -> None:
        while True:
            asked = await peer.request()
            if asked.startswith(b"GET /good "):
                await peer.answer(OK)
                continue
            self.asked += 1
            pieces, ending = self.answer
            for piece in pieces:
                await peer.answer(piece)
                await asyncio.sleep(0)
            if ending == "reset":
                peer.reset()
            elif ending == "stay":
                await peer.gone()
            return

    async def survive(self, answer: tuple[list[bytes], str], *, is_fast: bool) -> None:
        self.answer, self.asked = answer, 0
        async with serve(self.talk) as port:
            dialer = Dialer(asyncio.get_running_loop())
            vu = Client(dialer) if is_fast else HttpxClient(dialer, self.context)
            url = f"http://127.0.0.1:{port}"
            async with asyncio.timeout(PATIENCE):
                exchange = await vu.send(build_call("GET", f"{url}/", timeout=LIMIT))
                outcome(exchange)
                assert exchange.body is not None
                assert self.asked == 1
                # After a fine answer the next request meets a connection that nobody serves.
                good = build_call("GET", f"{url}/good", timeout=1.0)
                after = [outcome(await vu.send(good)) for _ in range(2)]
                assert after[1] == "200"
            vu.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield Bench(runner)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(answer=bad_answers())
def test_no_answer_kills_or_hangs_a_user(bench: Bench, answer: tuple[list[bytes], str]) -> None:
    bench.runner.run(bench.survive(answer, is_fast=True))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(answer=bad_answers())
def test_no_answer_kills_or_hangs_httpx(bench: Bench, answer: tuple[list[bytes], str]) -> None:
    bench.runner.run(bench.survive(answer, is_fast=False))
