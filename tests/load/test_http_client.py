from __future__ import annotations

import asyncio
import gc
import gzip
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import ErrorKind
from loadtui.load.head import Call, build_call
from loadtui.load.http_client import Client
from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.redirect import next_call
from loadtui.model.scenario import Tls
from tests.support.certificates import Authority, needs_openssl
from tests.support.http_servers import OK, Peer, answer_all, free_port, serve

Run = Callable[[Awaitable[None]], None]


@pytest.fixture(params=["uvloop", "asyncio"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine to its end on each kind of loop."""
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    def run(work: Awaitable[None]) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(20):
                await work

        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(bounded())

    return run


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def client(tls: Tls | None = None, connect_timeout: float = 30.0) -> Client:
    loop = asyncio.get_running_loop()
    return Client(Dialer(loop, tls=tls, connect_timeout=connect_timeout))


def get(port: int, path: str = "/", timeout: float = 10.0, scheme: str = "http") -> Call:
    return build_call("GET", f"{scheme}://127.0.0.1:{port}{path}", timeout=timeout)


# -- answers and reuse ---------------------------------------------------------------------------


def test_requests_share_one_connection_and_are_timed(run: Run) -> None:
    async def work() -> None:
        seen: list[tuple[int, bytes]] = []

        async def talk(peer: Peer) -> None:
            while True:
                seen.append((peer.number, await peer.request()))
                await asyncio.sleep(0.02)
                await peer.answer(OK)

        async with serve(talk) as port:
            vu = client()
            first, second = await vu.send(get(port, "/a")), await vu.send(get(port, "/b"))
            assert [exchange.body for exchange in (first, second)] == [b"ok", b"ok"]
            assert [number for number, _ in seen] == [1, 1]
            assert seen[1][1] == get(port, "/b").wire
            assert vu.open_connections == 1
            assert first.blocked >= first.connecting > 0
            assert (second.blocked, second.connecting, second.tls_handshaking) == (0, 0, 0)
            for exchange in (first, second):
                assert exchange.waiting >= 19_000
                assert exchange.duration_us <= (exchange.ended - exchange.started) * 1e6
                assert exchange.bytes_out == len(get(port, "/a").wire)
                assert exchange.bytes_in == len(OK)
            vu.close()
            assert vu.open_connections == 0

    run(work())


def test_bodies_come_whole_whatever_their_frame(run: Run) -> None:
    big = bytes(range(256)) * 4096
    packed = gzip.compress(big)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    answers = [
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(big), big),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"%x\r\n%b\r\n" % (700, big[at : at + 700]) for at in range(0, 700_000, 700))
        + b"%x\r\n%b\r\n0\r\n\r\n" % (len(big) - 700_000, big[700_000:]),
        head + b"Content-Length: %d\r\n\r\n%b" % (len(packed), packed),
        head + b"\r\n" + packed,
    ]

    async def work() -> None:
        async def talk(peer: Peer) -> None:
            for answer in answers:
                await peer.request()
                await peer.answer(answer)

        async with serve(talk) as port:
            vu = client()
            for answer in answers:
                exchange = await vu.send(get(port))
                assert exchange.body == big
                assert exchange.bytes_in == len(answer)
            assert vu.open_connections == 0

    run(work())


def test_a_large_request_arrives_whole(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            got = await peer.request()
            await peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n%7d" % len(got))

        async with serve(talk) as port:
            call = build_call("POST", f"http://127.0.0.1:{port}/", (), b"x" * 3_000_000)
            exchange = await client().send(call)
            assert int(exchange.body) == len(call.wire) == exchange.bytes_out

    run(work())


def test_each_origin_has_a_connection_of_its_own(run: Run) -> None:
    async def work() -> None:
        async with serve(answer_all) as one, serve(answer_all) as other:
            vu = client()
            for port in (one, other, one, other):
                assert (await vu.send(get(port))).status == 200
            assert vu.open_connections == 2
            vu.abort()

    run(work())


def test_a_connection_that_was_given_up_is_replaced(run: Run) -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

    async def work() -> None:
        async def talk(peer: Peer) -> None:
            await peer.request()
            await peer.answer(closing)

        async with serve(talk) as port:
            vu = client()
            exchanges = [await vu.send(get(port)) for _ in range(3)]
            assert [each.status for each in exchanges] == [200, 200, 200]
            assert all(each.connecting > 0 for each in exchanges)

    run(work())


def test_redirects_lead_to_the_answer(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            while True:
                asked = await peer.request()
                if asked.startswith(b"POST /old"):
                    field = b"Location: /new\r\nContent-Length: 0\r\n\r\n"
                    await peer.answer(b"HTTP/1.1 303 See Other\r\n" + field)
                else:
                    assert asked.startswith(b"GET /new")
                    await peer.answer(OK)

        async with serve(talk) as port:
            vu = client()
            call = build_call("POST", f"http://127.0.0.1:{port}/old", (), b"{}")
            following = next_call(call, await vu.send(call))
            assert following is not None
            assert (await vu.send(following)).body == b"ok"
            vu.close()

    run(work())


# -- the reuse race ------------------------------------------------------------------------------


def closes_after_one(then: str, *, first: int = 1) -> Callable[[Peer], Awaitable[None]]:
    """Serves one request; on connections up to `first` the second one meets a closed door."""

    async def talk(peer: Peer) -> None:
        await peer.request()
        await peer.answer(OK)
        if peer.number <= first:
            await peer.request()
            if then == "reset":
                peer.reset()
            return
        await answer_all(peer)

    return talk


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_request_that_lost_the_race_is_sent_once_more(run: Run, ending: str) -> None:
    async def work() -> None:
        async with serve(closes_after_one(ending)) as port:
            vu = client()
            await vu.send(get(port))
            exchange = await vu.send(get(port))
            assert (exchange.status, exchange.error, exchange.detail) == (200, "", "")
            assert exchange.connecting > 0
            assert exchange.bytes_out == 2 * len(get(port).wire)
            vu.close()

    run(work())


def test_a_fresh_connection_that_ends_is_a_failure(run: Run) -> None:
    async def work() -> None:
        asked = 0

        async def talk(peer: Peer) -> None:
            nonlocal asked
            await peer.request()
            asked += 1

        async with serve(talk) as port:
            exchange = await client().send(get(port))
            assert (exchange.status, exchange.error, asked) == (0, "closed", 1)
            assert "without an answer" in exchange.detail

    run(work())


def test_a_server_that_had_the_request_in_its_hands_failed(run: Run) -> None:
    async def work() -> None:
        asked = 0

        async def talk(peer: Peer) -> None:
            nonlocal asked
            await peer.request()
            await peer.answer(OK)
            await peer.request()
            asked += 1
            await asyncio.sleep(0.1)  # it works, then dies

        async with serve(talk) as port:
            vu = client()
            await vu.send(get(port))
            exchange = await vu.send(get(port))
            assert (exchange.status, exchange.error, asked) == (0, "closed", 1)
            assert exchange.waiting >= 90_000

    run(work())


def test_half_an_answer_is_never_asked_for_again(run: Run) -> None:
    async def work() -> None:
        asked = 0

        async def talk(peer: Peer) -> None:
            nonlocal asked
            await peer.request()
            await peer.answer(OK)
            await peer.request()
            asked += 1
            await peer.answer(b"HTTP/1.1 2")

        async with serve(talk) as port:
            vu = client()
            await vu.send(get(port))
            exchange = await vu.send(get(port))
            assert (exchange.error, asked) == ("closed", 1)

    run(work())


def test_a_race_lost_against_a_server_that_is_gone_is_a_refusal(run: Run) -> None:
    async def work() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)
            await reader.readuntil(b"\r\n\r\n")
            server.close()
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        call = get(server.sockets[0].getsockname()[1])
        vu = client()
        await vu.send(call)
        exchange = await vu.send(call)
        assert (exchange.status, exchange.error) == (0, "refused")
        assert exchange.duration_us == 0

    run(work())


# -- failures --------------------------------------------------------------------------------------


def test_a_refused_connection_has_no_latency(run: Run) -> None:
    async def work() -> None:
        exchange = await client().send(get(free_port()))
        assert (exchange.status, exchange.error, exchange.duration_us) == (0, "refused", 0)
        assert exchange.ended > exchange.started

    run(work())


def test_a_reset_is_told_from_a_farewell(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            await peer.request()
            peer.reset()

        async with serve(talk) as port:
            exchange = await client().send(get(port))
            assert (exchange.status, exchange.error) == (0, "reset")

    run(work())


def test_a_silent_server_costs_the_time_out_and_its_connection(run: Run) -> None:
    async def work() -> None:
        async with serve(Peer.gone) as port:
            vu = client()
            exchange = await vu.send(get(port, timeout=0.2))
            assert (exchange.status, exchange.error) == (0, "timeout")
            assert 200_000 <= exchange.duration_us < 400_000
            assert vu.open_connections == 0

    run(work())


def test_an_answer_that_trickles_has_to_end_in_time_too(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            await peer.request()
            await peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while True:
                await peer.answer(b".")
                await asyncio.sleep(0.01)

        async with serve(talk) as port:
            exchange = await client().send(get(port, timeout=0.2))
            assert (exchange.status, exchange.error) == (0, "timeout")
            assert exchange.receiving >= 100_000

    run(work())


def test_what_is_no_http_is_said(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            await peer.request()
            await peer.answer(b"220 mail.example ESMTP\r\n")

        async with serve(talk) as port:
            exchange = await client().send(get(port))
            assert (exchange.status, exchange.error) == (0, "protocol")
            assert "no valid HTTP" in exchange.detail

    run(work())


def test_a_target_off_loopback_is_refused_without_a_packet(run: Run) -> None:
    async def work() -> None:
        exchange = await client().send(build_call("GET", "http://192.0.2.1/"))
        assert (exchange.status, exchange.error) == (0, "refused_target")
        assert "guard.allow" in exchange.detail

    run(work())


# -- hard stop -------------------------------------------------------------------------------------


async def in_flight(vu: Client, port: int, asked: asyncio.Event) -> asyncio.Task[Exchange]:
    sending = asyncio.create_task(vu.send(get(port)))
    await asked.wait()
    return sending


def test_a_hard_stop_cuts_and_the_server_sees_it(run: Run) -> None:
    async def work() -> None:
        asked, left = asyncio.Event(), asyncio.Event()

        async def talk(peer: Peer) -> None:
            await peer.request()
            asked.set()
            await peer.gone()
            left.set()

        async with serve(talk) as port:
            vu = client()
            sending = await in_flight(vu, port, asked)
            vu.abort()
            exchange = await sending
            assert (exchange.status, exchange.error) == (0, "cut")
            await left.wait()

    run(work())


def test_a_cancelled_request_takes_its_connection_along(run: Run) -> None:
    async def work() -> None:
        asked, left = asyncio.Event(), asyncio.Event()

        async def talk(peer: Peer) -> None:
            await peer.request()
            if peer.number > 1:
                await peer.answer(OK)
            asked.set()
            await peer.gone()
            left.set()

        async with serve(talk) as port:
            vu = client()
            sending = await in_flight(vu, port, asked)
            sending.cancel()
            await asyncio.wait([sending])
            assert sending.cancelled()
            await left.wait()
            assert (await vu.send(get(port))).status == 200
            vu.close()

    run(work())


# -- TLS -------------------------------------------------------------------------------------------


@needs_openssl
def test_tls_is_spoken_timed_and_kept_alive(run: Run, authority: Authority) -> None:
    async def work() -> None:
        async with serve(answer_all, tls=authority.server_context()) as port:
            vu = client(Tls(ca=str(authority.ca)))
            call = get(port, scheme="https")
            first, second = await vu.send(call), await vu.send(call)
            assert [first.body, second.body] == [b"ok", b"ok"]
            assert first.tls_handshaking > 0
            assert first.blocked >= first.connecting + first.tls_handshaking
            assert (second.blocked, second.tls_handshaking) == (0, 0)
            vu.close()

    run(work())


@needs_openssl
@pytest.mark.parametrize(
    ("host", "believes", "server_name", "kind"),
    [
        ("127.0.0.1", False, "", "tls_unknown_authority"),
        ("localhost", True, "", ""),
        ("127.0.0.1", True, "localhost", ""),
        ("127.0.0.1", True, "shop.example", "tls_hostname"),
    ],
)
def test_a_certificate_has_to_be_believed_and_for_that_name(
    run: Run, authority: Authority, host: str, believes: bool, server_name: str, kind: ErrorKind
) -> None:
    async def work() -> None:
        async with serve(answer_all, tls=authority.server_context()) as port:
            tls = Tls(ca=str(authority.ca) if believes else "", server_name=server_name)
            vu = client(tls)
            exchange = await vu.send(build_call("GET", f"https://{host}:{port}/"))
            assert exchange.error == kind
            assert exchange.status == (0 if kind else 200)
            assert exchange.detail.startswith("the certificate is not accepted" if kind else "")
            vu.close()

    run(work())


@needs_openssl
def test_any_certificate_will_do_when_told_so(run: Run, authority: Authority) -> None:
    async def work() -> None:
        async with serve(answer_all, tls=authority.server_context()) as port:
            vu = client(Tls(verify=False))
            assert (await vu.send(get(port, scheme="https"))).status == 200
            vu.close()

    run(work())


@needs_openssl
def test_a_client_shows_its_certificate_when_asked(run: Run, authority: Authority) -> None:
    async def work() -> None:
        shown: list[object] = []

        async def talk(peer: Peer) -> None:
            shown.append(peer.certificate)
            await answer_all(peer)

        async with serve(talk, tls=authority.server_context(ask_client=True)) as port:
            ca, cert, key = map(str, (authority.ca, authority.client, authority.client_key))
            vu = client(Tls(ca=ca, cert=cert, key=key))
            assert (await vu.send(get(port, scheme="https"))).status == 200
            assert "loadtui test client" in str(shown)
            vu.close()
            without = await client(Tls(ca=ca)).send(get(port, scheme="https"))
            # With TLS 1.3 a client hears of it after its handshake, if the server says so at all.
            assert without.status == 0
            assert without.error in {"tls", "closed", "reset"}

    run(work())


@needs_openssl
def test_a_closed_tls_connection_does_not_wait_for_the_collector(
    run: Run, authority: Authority
) -> None:
    async def talk(peer: Peer) -> None:
        await peer.request()
        await peer.answer(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await peer.gone()

    def held() -> int:
        return sum(isinstance(each, HttpProtocol) for each in gc.get_objects())

    async def work() -> None:
        async with serve(talk, tls=authority.server_context()) as port:
            vu = client(Tls(verify=False))
            gc.collect()
            gc.disable()
            before = held()
            try:
                for _ in range(5):
                    assert (await vu.send(get(port, scheme="https"))).status == 200
                assert held() <= before + 1
            finally:
                gc.enable()

    run(work())


def test_a_server_that_speaks_no_tls_is_a_tls_failure(run: Run) -> None:
    async def work() -> None:
        async def talk(peer: Peer) -> None:
            await peer.answer(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await peer.gone()

        async with serve(talk) as port:
            exchange = await client(Tls(verify=False)).send(get(port, scheme="https"))
            assert (exchange.status, exchange.error) == (0, "tls")
            assert exchange.detail.startswith("TLS failed: ")

    run(work())


def test_a_handshake_that_hangs_is_a_connect_time_out(run: Run) -> None:
    async def work() -> None:
        async with serve(Peer.gone) as port:
            vu = client(Tls(verify=False), connect_timeout=0.1)
            exchange = await vu.send(get(port, scheme="https"))
            assert (exchange.status, exchange.error) == (0, "connect_timeout")
            assert exchange.duration_us >= 99_000  # uvloop's timers know whole milliseconds only

    run(work())
