"""The embedded server as a process, while it is treated badly: it answers, and nothing leaks."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.toxiproxy_pair import HOST, Toxi, start
from tests.support.toxiproxy_watch import descriptors, settles, until, watched
from tests.support.toxiproxy_wire import RESET, full_backlog, wire


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def server(log: Path) -> Iterator[Toxi]:
    """Give a server of this test's own, that says what goes wrong."""
    with (
        log.open("wb") as output,
        start("embedded", env={"LOG_LEVEL": "fatal"}, output=output) as made,
    ):
        yield made
        assert made.process.poll() is None, "it died"
    assert log.read_text() == ""


@pytest.fixture(scope="module")
def running() -> Iterator[Toxi]:
    with start("embedded") as made:
        yield made


@pytest.fixture
def shared(running: Toxi) -> Iterator[Toxi]:
    """Give a server that others use as well, empty."""
    yield running
    running.tidy()


async def toggle(server: Toxi, times: int) -> None:
    """Inject and lift a latency again and again."""
    asked = {"type": "latency", "attributes": {"latency": 20, "jitter": 5}}
    for _ in range(times):
        await server.must("POST /proxies/p/toxics", asked)
        await server.must("PATCH /proxies/p/toxics/latency_downstream", {"toxicity": 0.5})
        await server.must("DELETE /proxies/p/toxics/latency_downstream")


async def test_readers_that_stand_still_hold_up_neither_changes_nor_calls(server: Toxi) -> None:
    async with wire(server) as proxy:
        before = descriptors(server)
        pairs = [await proxy.connect() for _ in range(20)]
        for pair in pairs:
            pair.client.transport.pause_reading()
        await asyncio.gather(*(pair.peer.fill(bytes(500_000), 64_000_000) for pair in pairs))
        async with watched(server) as calls:
            await toggle(server, 20)
            await server.must("PATCH /proxies/p", {"enabled": False})
            await server.must("PATCH /proxies/p", {"enabled": True})
        calls.assert_prompt()
        await settles(server, before)


async def test_a_thousand_clients_come_and_go_while_toxics_change(server: Toxi) -> None:
    async with wire(server) as proxy:
        before = descriptors(server)

        async def come_and_go(number: int) -> None:
            pair = await proxy.connect()
            pair.client.send(b"x" * 100)
            if number % 3 == 0:
                pair.client.reset()
            elif number % 3 == 1:
                pair.peer.close()
            pair.client.drop()
            pair.peer.drop()

        async def hundreds() -> None:
            for round_ in range(40):
                await asyncio.gather(*(come_and_go(round_ + each) for each in range(25)))

        async with watched(server) as calls:
            await asyncio.gather(hundreds(), toggle(server, 25))
        calls.assert_prompt()
        assert (await proxy.show())["accepted"] == 1000
        await settles(server, before)
        assert (await proxy.show())["connections"] == 0


async def test_an_upstream_that_never_accepts_costs_only_its_own_clients(server: Toxi) -> None:
    before = descriptors(server)
    async with full_backlog() as nowhere:
        asked = {"name": "p", "listen": f"{HOST}:0", "upstream": nowhere}
        listen = (await server.must("POST /proxies", asked)).json()["listen"]
        clients = [await _dial(listen) for _ in range(50)]
        async with watched(server) as calls:
            await toggle(server, 5)
            for client in clients[:25]:
                client.close()
            await server.must("DELETE /proxies/p")
        calls.assert_prompt()
        for client in clients:
            client.close()
        await settles(server, before)


async def test_ports_that_are_taken_are_told_and_leave_nothing_behind(server: Toxi) -> None:
    with socket.create_server((HOST, 0)) as taken:
        at = f"{HOST}:{taken.getsockname()[1]}"
        before = descriptors(server)
        async with watched(server) as calls:
            for number in range(50):
                body = json.dumps({"name": f"n{number}", "listen": at, "upstream": "a:1"})
                reply = await server.call("POST /proxies", body)
                assert (reply.status, "already in use" in reply.text) == (500, True)
        calls.assert_prompt()
        await settles(server, before)
        assert (await server.must("GET /proxies")).json() == {}


NAMES = (
    "a b", "ä", "名前", "🦀", "%2F", "a?b#c", "\x01\x7f", "x" * 3000, "<&>", '"', "\\", "a\nb",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_odd_names_can_be_made_shown_and_deleted(shared: Toxi, name: str) -> None:
    asked = {"name": name, "listen": f"{HOST}:0", "upstream": "a:1"}
    assert (await shared.must("POST /proxies", asked)).json()["name"] == name
    at = f"/proxies/{quote(name, safe='')}"
    toxic = {"name": name, "type": "noop"}
    assert (await shared.must(f"POST {at}/toxics", toxic)).json()["name"] == name
    assert [each["name"] for each in (await shared.must(f"GET {at}/toxics")).json()] == [name]
    await shared.must(f"DELETE {at}/toxics/{quote(name, safe='')}")
    await shared.must(f"DELETE {at}")
    assert (await shared.must("GET /proxies")).json() == {}


def population(size: int) -> bytes:
    """About so many bytes of proxies, the last of them without a name."""
    each = {"name": "p", "listen": f"{HOST}:0", "upstream": "a:1", "more": ["x" * 1000, 1, {}]}
    many: list[object] = [each] * (size // len(json.dumps(each)))
    return json.dumps([*many, {"upstream": "a:1"}]).encode()


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        pytest.param(population(10_000_000), 400, "missing required field: name", id="10 MB"),
        pytest.param(b"[" * 10_000_000, 400, "exceeded max depth", id="deep"),
        pytest.param(b'"' + b"\xff" * 10_000_000, 400, "unexpected EOF", id="invalid UTF-8"),
        pytest.param(bytes(20_000_000), 413, "larger than 16777216 bytes", id="20 MB"),
    ],
)
async def test_a_huge_body_is_answered_and_holds_nobody_up(
    server: Toxi, body: bytes, status: int, said: str
) -> None:
    async with watched(server) as calls:
        reply = await asyncio.to_thread(server.ask, "POST /populate", body, None, 30)
    assert (reply.status, said in reply.text) == (status, True)
    calls.assert_prompt()


async def test_a_name_that_is_no_utf_8_is_mended_as_the_original_does(shared: Toxi) -> None:
    reply = await shared.call("POST /proxies", b'{"name":"a\xff","upstream":"b:1"}')
    assert (reply.status, reply.json()["name"]) == (201, "a\N{REPLACEMENT CHARACTER}")


async def test_who_asks_slowly_holds_nobody_up(server: Toxi) -> None:
    before = descriptors(server)
    slow = [await _dial(f"{HOST}:{server.port}") for _ in range(100)]

    async def drip() -> None:
        for mark in b"POST /proxies HTTP/1.1\r\nContent-Length: 9":
            for each in slow:
                await asyncio.get_running_loop().sock_sendall(each, bytes([mark]))

    async with watched(server) as calls:
        await drip()
    calls.assert_prompt()
    for each in slow:
        each.close()
    await settles(server, before)


async def test_with_64_descriptors_clients_wait_and_the_api_answers(few: Toxi) -> None:
    async with wire(few) as proxy:
        clients = [await proxy.dial() for _ in range(60)]
        async with watched(few) as calls:
            await asyncio.sleep(0.3)  # accepting is tried anew three times meanwhile
            await toggle(few, 3)
        calls.assert_prompt()
        assert 10 <= (await proxy.show())["connections"] < 60
        while (await proxy.show())["connections"] or len(proxy.ends) < 2 * len(clients):
            for end in proxy.ends:
                end.drop()
        late = await proxy.dial()  # there is room again
        late.send(b"hello")
        await until(lambda: any(end.data == b"hello" for end in proxy.ends), "it is heard")


@pytest.fixture
def few(log: Path) -> Iterator[Toxi]:
    """Give a server that may open 64 files, and no more."""
    with log.open("wb") as output, start("embedded", output=output) as made:
        resource.prlimit(made.process.pid, resource.RLIMIT_NOFILE, (64, 64))
        yield made
        assert made.process.poll() is None, "it died"
    assert "Traceback" not in log.read_text()


async def _dial(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    client = socket.socket()
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    await asyncio.get_running_loop().sock_connect(client, (host, int(port)))
    return client
