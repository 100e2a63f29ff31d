from __future__ import annotations

import asyncio
import base64
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived, StreamEnded

from loadtui.load.clients import new_clients
from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.head import build_call
from loadtui.load.http_client import Client
from loadtui.load.httpx_client import HttpxClient
from loadtui.load.reuse import PER_VU, Reuse
from loadtui.load.tls import client_context
from loadtui.model.request import RequestTemplate
from loadtui.model.scenario import Reused, Scenario, Tls
from loadtui.model.text import constant
from tests.support.certificates import Authority, needs_openssl
from tests.support.http_servers import OK, Peer, answer_all, free_port, serve

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def client(
    tls: Tls | None = None,
    *,
    reuse: Reuse = PER_VU,
    connect_timeout: float = 30.0,
    allow: tuple[str, ...] = (),
    resolve: Callable[[str], Awaitable[list[str]]] | None = None,
) -> HttpxClient:
    loop = asyncio.get_running_loop()
    dialer = Dialer(loop, connect_timeout=connect_timeout, allow=allow, resolve=resolve)
    used = tls or Tls()
    return HttpxClient(dialer, client_context(used), reuse, used.server_name)


async def test_both_clients_fill_in_the_same_exchange() -> None:
    seen: list[bytes] = []
    packed = gzip.compress(b'{"id": 7}')
    answer = (
        b"HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    )

    async def talk(peer: Peer) -> None:
        while True:
            seen.append(await peer.request())
            await asyncio.sleep(0.02)
            await peer.answer(answer % len(packed) + packed)

    async with serve(talk) as port:
        call = build_call("POST", f"http://127.0.0.1:{port}/a%20b?x=1", [("X-One", "1")], b"body")
        fast, full = Client(Dialer(asyncio.get_running_loop())), client()
        for vu in (fast, full):
            exchange = await vu.send(call)
            assert (exchange.status, exchange.error, exchange.detail) == (201, "", "")
            assert exchange.json() == {"id": 7}
            assert exchange.header("x-a") == "b"
            assert exchange.bytes_out == len(call.wire)
            assert exchange.bytes_in == len(answer % len(packed) + packed)
            assert exchange.blocked >= exchange.connecting > 0
            assert exchange.waiting >= 19_000
            assert exchange.duration_us <= (exchange.ended - exchange.started) * 1e6
            assert vu.open_connections == 1
            again = await vu.send(call)
            assert (again.status, again.connecting) == (201, 0)
            vu.close()
        assert seen == [call.wire] * 4


@pytest.mark.parametrize(
    ("connections", "numbers"),
    [("per-vu", [1, 1, 1, 1]), ("per-iteration", [1, 1, 2, 2]), ("none", [1, 2, 3, 4])],
)
async def test_connections_serve_as_long_as_told(connections: Reused, numbers: list[int]) -> None:
    seen: list[int] = []

    async def talk(peer: Peer) -> None:
        while True:
            await peer.request()
            seen.append(peer.number)
            await peer.answer(OK)

    async with serve(talk) as port:
        vu = client(reuse=Reuse(connections))
        for _ in range(2):
            vu.begin()
            for _ in range(2):
                call = build_call("GET", f"http://127.0.0.1:{port}/")
                assert (await vu.send(call)).status == 200
        vu.close()
    assert seen == numbers


async def test_cookies_come_back_until_the_iteration_ends() -> None:
    seen: list[bytes] = []

    async def talk(peer: Peer) -> None:
        while True:
            seen.append(await peer.request())
            await peer.answer(b"HTTP/1.1 204 No Content\r\nSet-Cookie: id=7; Path=/\r\n\r\n")

    async with serve(talk) as port:
        vu = client()
        for _ in range(2):
            vu.begin()
            for _ in range(2):
                await vu.send(build_call("GET", f"http://127.0.0.1:{port}/"))
        vu.close()
    assert [b"Cookie: id=7" in each for each in seen] == [False, True, False, True]


async def test_a_unix_socket_is_loaded_by_its_path(tmp_path: Path) -> None:
    path, left = tmp_path / "app.sock", asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    running = await asyncio.start_unix_server(talk, path)
    vu = client()
    exchange = await vu.send(build_call("GET", f"http+unix://{quote(str(path), safe='')}/"))
    assert (exchange.status, exchange.body) == (200, b"ok")
    vu.close()
    await left.wait()
    running.close()


# -- failures --------------------------------------------------------------------------------------


async def lingers(peer: Peer) -> None:
    await peer.request()
    await peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await peer.gone()


async def breaks_off(peer: Peer) -> None:
    await peer.request()
    await peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")


async def closes(peer: Peer) -> None:
    await peer.request()


async def resets(peer: Peer) -> None:
    await peer.request()
    peer.reset()


async def is_no_http(peer: Peer) -> None:
    await peer.request()
    await peer.answer(b"220 mail.example ESMTP\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (lingers, "timeout"),
        (Peer.gone, "timeout"),
        (breaks_off, "closed"),
        (closes, "closed"),
        (resets, "reset"),
        (is_no_http, "protocol"),
    ],
)
async def test_failures_have_the_kinds_of_the_fast_client(
    talk: Callable[[Peer], Awaitable[None]], error: str
) -> None:
    async with serve(talk) as port:
        limit = 0.2 if error == "timeout" else 10.0
        call = build_call("GET", f"http://127.0.0.1:{port}/", timeout=limit)
        for vu in (Client(Dialer(asyncio.get_running_loop())), client()):
            exchange = await vu.send(call)
            assert (exchange.status, exchange.error) == (0, error)
            if error == "timeout":
                assert 190_000 <= exchange.duration_us < 5_000_000
            vu.close()


async def test_a_refused_connection_has_no_latency() -> None:
    exchange = await client().send(build_call("GET", f"http://127.0.0.1:{free_port()}/"))
    assert (exchange.status, exchange.error, exchange.duration_us) == (0, "refused", 0)


async def test_a_cancelled_request_takes_its_connection_along() -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def talk(peer: Peer) -> None:
        await peer.request()
        asked.set()
        await peer.gone()
        left.set()

    async with serve(talk) as port:
        vu = client()
        sending = asyncio.create_task(vu.send(build_call("GET", f"http://127.0.0.1:{port}/")))
        await asked.wait()
        sending.cancel()
        await asyncio.wait([sending])
        assert sending.cancelled()
        await left.wait()
        assert vu.open_connections == 0


# -- guard -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["192.0.2.1", "api.example"])
async def test_a_target_off_loopback_is_refused_without_a_packet(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(host: str) -> list[str]:
        return ["192.0.2.1"]

    async def never(*arguments: object, **options: object) -> None:
        raise AssertionError("dialled")

    monkeypatch.setattr(asyncio, "open_connection", never)
    exchange = await client(resolve=resolve).send(build_call("GET", f"http://{host}/"))
    assert (exchange.status, exchange.error) == (0, "refused_target")
    assert "guard.allow" in exchange.detail


@pytest.mark.parametrize(("allow", "status"), [((), 0), (("api.example",), 200)])
async def test_a_proxy_is_no_way_around_the_guard(
    monkeypatch: pytest.MonkeyPatch, allow: tuple[str, ...], status: int
) -> None:
    seen: list[bytes] = []

    async def talk(peer: Peer) -> None:
        seen.append(await peer.request())
        await peer.answer(OK)

    async def resolve(host: str) -> list[str]:
        return [host] if host == "127.0.0.1" else ["192.0.2.1"]

    async with serve(talk) as port:
        monkeypatch.setenv("http_proxy", f"http://us%20er:word@127.0.0.1:{port}")
        vu = client(allow=allow, resolve=resolve)
        exchange = await vu.send(build_call("GET", "http://api.example/x"))
        assert exchange.status == status
        vu.close()
    assert exchange.error == ("" if status else "refused_target")
    assert len(seen) == (1 if status else 0)
    if seen:
        assert seen[0].startswith(b"GET http://api.example:80/x HTTP/1.1\r\n")
        assert base64.b64encode(b"us er:word") in seen[0]


async def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    exchange = await client().send(build_call("GET", "http://127.0.0.1:9/"))
    assert (exchange.error, exchange.status) == ("unreachable", 0)
    assert "socks5 proxies are not supported" in exchange.detail


# -- TLS and HTTP/2 --------------------------------------------------------------------------------


async def speaks_http2(peer: Peer) -> None:
    """Answers each request with its path."""
    connection = H2Connection(H2Configuration(client_side=False))
    connection.initiate_connection()
    paths: dict[int, str] = {}
    await peer.answer(connection.data_to_send())
    while data := await peer._reader.read(65536):
        for event in connection.receive_data(data):
            if isinstance(event, RequestReceived):
                paths[event.stream_id or 0] = dict(event.headers or ())[b":path"].decode()
            if isinstance(event, StreamEnded):
                number = event.stream_id or 0
                connection.send_headers(number, [(":status", "200"), ("x-kind", "two")])
                connection.send_data(number, paths[number].encode(), end_stream=True)
        await peer.answer(connection.data_to_send())


@needs_openssl
async def test_http2_is_spoken_where_the_server_does(authority: Authority) -> None:
    context = authority.server_context()
    context.set_alpn_protocols(["h2"])
    async with serve(speaks_http2, tls=context) as port:
        vu = client(Tls(ca=str(authority.ca)))
        exchange = Exchange()
        for path in ("/a?b=1", "/c"):
            call = build_call("POST", f"https://127.0.0.1:{port}{path}", (), b"x")
            exchange = await vu.send(call)
            assert (exchange.status, exchange.error, exchange.detail) == (200, "", "")
            assert exchange.body == path.encode()
            assert exchange.header("x-kind") == "two"
            assert exchange.head.startswith(b"HTTP/2.0 200")
        assert vu.open_connections == 1
        assert (exchange.connecting, exchange.tls_handshaking) == (0, 0)
        vu.close()


@needs_openssl
@pytest.mark.parametrize(
    ("host", "believes", "server_name", "error"),
    [
        ("127.0.0.1", False, "", "tls_unknown_authority"),
        ("localhost", True, "", ""),
        ("127.0.0.1", True, "localhost", ""),
        ("127.0.0.1", True, "shop.example", "tls_hostname"),
    ],
)
async def test_a_certificate_has_to_be_believed_and_for_that_name(
    authority: Authority, host: str, believes: bool, server_name: str, error: str
) -> None:
    async with serve(answer_all, tls=authority.server_context()) as port:
        vu = client(Tls(ca=str(authority.ca) if believes else "", server_name=server_name))
        exchange = await vu.send(build_call("GET", f"https://{host}:{port}/"))
        assert (exchange.status, exchange.error) == (0 if error else 200, error)
        if error:
            assert "certificate is not accepted" in exchange.detail
        else:
            assert exchange.tls_handshaking > 0
        vu.close()


async def test_a_handshake_that_hangs_is_a_connect_time_out() -> None:
    async with serve(Peer.gone) as port:
        vu = client(Tls(verify=False), connect_timeout=0.1)
        exchange = await vu.send(build_call("GET", f"https://127.0.0.1:{port}/"))
        assert (exchange.status, exchange.error) == (0, "connect_timeout")


async def test_the_scenario_says_which_client() -> None:
    request = RequestTemplate(name="a", url=constant("http://127.0.0.1/"))
    dialer = Dialer(asyncio.get_running_loop())
    scenario = Scenario(name="a", target="http://127.0.0.1", requests=(request,))
    assert isinstance(new_clients(scenario, dialer)(), Client)
    full = Scenario(name="a", target="http://127.0.0.1", requests=(request,), client="httpx")
    assert isinstance(new_clients(full, dialer)(), HttpxClient)
