"""WebSockets of journeys in a real worker against real servers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.load.ending import Ending
from loadtui.model.executor import Entry, PerVuIterations
from loadtui.model.frame import Ack, Hello, Hold, Retarget
from loadtui.model.row import Batch
from loadtui.model.scenario import Tls
from tests.support.certificates import Authority, needs_openssl
from tests.support.journeys import (
    ONCE,
    at_work,
    checks,
    ended,
    followed,
    iterations,
    metric_rows,
    rows,
    said,
)
from tests.support.stream_server import Bad, bad_server, echo_server, url_of
from tests.support.worker_hand import batches


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with echo_server() as url:
        yield url


@pytest.fixture
def bad() -> Iterator[Bad]:
    with bad_server() as server:
        yield server


def test_a_session_is_talked_in_and_recorded(tmp_path: Path, echo: str) -> None:
    journey = """
        async def buy(vu):
            vu.tags["team"] = "web"
            with vu.group("talk"):
                async with vu.ws.connect("/chat", name="chat", subprotocols=["chat"]) as ws:
                    assert (ws.is_open, ws.error, ws.status) == (True, "", 101)
                    assert ws.subprotocol == "chat"
                    assert await ws.send("hello") and await ws.send(b"\\x00\\x01")
                    assert [await ws.recv(), await ws.recv()] == ["hello", b"\\x00\\x01"]
                    assert await ws.ping() > 0
                    assert await ws.recv(timeout=0.01) is None and ws.is_open
                    assert await ws.recv(timeout=0) is None
                    vu.check(ws, {"talks": True})
                    await ws.send("bye")
                    assert [each async for each in ws] == []
                    assert (ws.is_open, ws.error) == (False, "closed")
                    assert (ws.close_code, ws.close_reason) == (1011, "so long")
                    assert not await ws.send("late")
                    assert await ws.recv() is None and await ws.ping() is None
            async with vu.ws.connect("/head", name="head", headers={"x-own": "1"}) as ws:
                head = await ws.recv()
                assert "x-own: 1" in head and "User-Agent: loadtui/" in head
                assert head.lower().count("host:") == 1
                await ws.close()
                assert (ws.is_open, ws.error, ws.close_code) == (False, "", 1000)
        """
    with at_work(tmp_path, journey, echo, entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert said(heard) == []
    assert iterations(heard) == (1, 0, 0)
    assert checks(heard) == {"talks": (1, 0)}
    counts = {
        name: sum(row.total for row in metric_rows(heard, name))
        for name in ("ws_sessions", "ws_msgs_sent", "ws_msgs_received", "ws_failed")
    }
    assert counts == {
        "ws_sessions": 2,
        "ws_msgs_sent": 3,
        "ws_msgs_received": 3,
        "ws_failed": 1,
    }
    (chat,) = metric_rows(heard, "ws_ping")
    assert dict(chat.tags) == {
        "group": "::talk",
        "name": "chat",
        "scenario": "default",
        "status": "101",
        "subproto": "chat",
        "team": "web",
        "url": "chat",
    }
    assert 0 < chat.total < 1000
    assert sum(row.count for row in metric_rows(heard, "ws_connecting")) == 2
    assert sum(row.count for row in metric_rows(heard, "ws_session_duration")) == 2
    crossed = {row.name: (row.bytes_out, row.bytes_in) for row in rows(heard)}
    # Requests and answers of the opening, and every frame.
    assert crossed["chat"][0] > 150 + (6 + 5) + (6 + 2)
    assert crossed["chat"][1] > 100 + (2 + 5) + (2 + 2)
    assert [row.requests for row in rows(heard)] == [0] * len(rows(heard))
    assert hand.log.read_text() == ""


def test_failures_are_kinds_and_never_raise(tmp_path: Path, bad: Bad) -> None:
    journey = """
        PATHS = {
            "/close": "closed", "/garbage": "protocol", "/forbidden": "protocol",
            "/elsewhere": "protocol", "/stall": "timeout", "http://127.0.0.1:1/": "refused",
            "ws://192.0.2.1/": "refused_target", "wss://127.0.0.1:1/": "refused",
        }
        LATER = {"/ws_garbage": "protocol", "/ws_gone": "closed", "/ws_large": "protocol"}

        async def buy(vu):
            for path, kind in PATHS.items():
                async with vu.ws.connect(path, timeout=0.2 if kind == "timeout" else 20) as ws:
                    assert (ws.is_open, ws.error) == (False, kind), (path, ws.error, ws.detail)
                    assert ws.status == {"/forbidden": 403, "/elsewhere": 302}.get(path, 0)
                    assert ws.detail
                    assert not await ws.send("x") and await ws.recv() is None
                    async for message in ws:
                        assert False
            for path, kind in LATER.items():
                async with vu.ws.connect(path, timeout=20) as ws:
                    assert ws.is_open and await ws.recv() is None
                    assert (ws.is_open, ws.error) == (False, kind), (path, ws.error, ws.detail)
            async with vu.ws.connect("/ws_gone") as left:
                while left._socket._connection.state.name == "OPEN":
                    await vu.sleep(0.01)
            assert left.error == "closed"
            async with vu.ws.connect("/ws_stall", timeout=20) as stalled:
                assert await stalled.recv(0.05) is None and await stalled.ping(0.05) is None
                assert stalled.is_open
            assert (stalled.is_open, stalled.error, stalled.close_code) == (False, "", 1000)
            async with vu.ws.connect("/ws_deaf", timeout=1) as ws:
                big = b"x" * (1 << 24)
                assert not await ws.send(big) and ws.error == "timeout"
        """
    with at_work(tmp_path, journey, url_of(bad), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert said(heard) == []
    assert iterations(heard) == (1, 0, 0)
    sessions = metric_rows(heard, "ws_sessions")
    kinds = {(dict(row.tags)["status"], dict(row.tags).get("error", "")) for row in sessions}
    assert ("403", "protocol") in kinds
    assert ("0", "refused_target") in kinds
    assert ("101", "") in kinds
    assert sum(row.count for row in metric_rows(heard, "ws_connecting")) == 6
    failed = metric_rows(heard, "ws_failed")
    # All but the one that we ended, although nobody answered our farewell.
    assert [sum(row.truthy for row in failed), sum(row.count for row in failed)] == [13, 14]
    # Nobody followed the redirect.
    assert len([head for head in bad.heads if head.startswith("GET /close ")]) == 1
    assert hand.log.read_text() == ""


def test_what_fails_at_once_lets_others_have_a_turn(tmp_path: Path) -> None:
    journey = """
        async def buy(vu):
            if vu.id == 1:
                async with vu.ws.connect("ws://192.0.2.1/") as ws:
                    while vu.state.get("is_alone", True):
                        await ws.recv()
            else:
                await vu.sleep(0)
        """
    with at_work(tmp_path, journey, "http://127.0.0.1:1") as hand:
        hand.until(Hello)
        hand.tell(Retarget(1, target=2))
        while not any(each.ended for batch in batches(hand.heard) for each in batch.iterations):
            hand.until(Batch)
        heard = ended(hand)
    assert said(heard) == []


def test_a_unix_socket_is_reached(tmp_path: Path) -> None:
    journey = """
        async def buy(vu):
            async with vu.ws.connect("/") as ws:
                assert await ws.send("x") and await ws.recv() == "x"
        """
    path = tmp_path / "s"
    with echo_server(path=path):
        url = f"http+unix://{str(path).replace('/', '%2F')}"
        with at_work(tmp_path, journey, url, entries=ONCE) as hand:
            followed(hand)
            heard = ended(hand)
    assert said(heard) == []
    assert iterations(heard) == (1, 0, 0)


@needs_openssl
def test_tls_is_the_scenarios(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    journey = """
        async def buy(vu):
            async with vu.ws.connect("/") as ws:
                vu.check(ws, {"is open": ws.is_open, "is unknown": ws.error})
                await ws.send("x")
                vu.check(await ws.recv(), {"echo": lambda message: message == "x"})
            vu.check(ws.error, {"kind": lambda kind: kind == "tls_unknown_authority"})
        """
    found = {}
    with echo_server(authority.server_context()) as url:
        for name, tls in (("known", Tls(ca=str(authority.ca))), ("unknown", Tls())):
            with at_work(tmp_path, journey, url, entries=ONCE, tls=tls) as hand:
                followed(hand)
                heard = ended(hand)
            assert said(heard) == []
            found[name] = checks(heard)
    assert found["known"]["is open"] == found["known"]["echo"] == (1, 0)
    assert found["unknown"]["is open"] == found["unknown"]["echo"] == (0, 1)
    assert found["unknown"]["kind"] == (1, 0)


LACKING = [
    ("vu.ws.connect('/')", "WebSockets need the package websockets"),
    ("vu.sse('/')", "server-sent events need the package httpx-sse"),
]


@pytest.mark.parametrize(("asked", "says"), LACKING, ids=["websockets", "httpx-sse"])
def test_what_is_not_installed_ends_the_worker_with_one_sentence(
    tmp_path: Path, asked: str, says: str
) -> None:
    journey = f"""
        import loadtui.load.streams as streams

        streams.find_spec = lambda name: None

        async def buy(vu):
            async with {asked}:
                pass
        """
    with at_work(tmp_path, journey, "http://127.0.0.1:1") as hand:
        hand.until(Hello)
        hand.tell(Retarget(1, target=3))
        heard = hand.rest()
        assert hand.process.wait(5.0) == Ending.UNUSABLE
    assert said(heard) == [f"journey shop.py:7: {says}; pip install 'loadtui[streams]'"]
    assert hand.log.read_text() == ""


def test_a_request_that_cannot_be_written_is_the_journeys_mistake(
    tmp_path: Path, echo: str
) -> None:
    journey = """
        async def buy(vu):
            if vu.iteration == 0:
                vu.ws.connect("/", headers={"a": "b\\r\\nc"})
            if vu.iteration == 1:
                vu.ws.connect("ftp://127.0.0.1/")
            if vu.iteration == 2:
                async with vu.ws.connect("/") as ws:
                    async with ws:
                        pass
            if vu.iteration == 3:
                async with vu.ws.connect("/", subprotocols=["a b"]) as ws:
                    pass
        """
    entries = (Entry("default", PerVuIterations(vus=1, iterations=4)),)
    with at_work(tmp_path, journey, echo, entries=entries) as hand:
        followed(hand)
        heard = ended(hand)
    assert iterations(heard) == (4, 4, 0)
    words = [text.removesuffix("; such an iteration counts as failed") for text in said(heard)]
    assert words == [
        "journey shop.py:4: ValueError: the value of header a holds a line break or NUL",
        "journey shop.py:6: ValueError: 'ftp://127.0.0.1/' is no http:// or https:// URL",
        "journey shop.py:9: RuntimeError: a WebSocket is opened once; call connect() again",
        "journey shop.py:12: ValueError: 'a b' is no name of a subprotocol",
    ]


def test_a_hard_stop_drops_the_socket_at_once(tmp_path: Path, bad: Bad) -> None:
    journey = """
        async def buy(vu):
            async with vu.ws.connect("/ws_stall") as ws:
                print("open", flush=True)
                async for message in ws:
                    pass
        """
    with at_work(tmp_path, journey, url_of(bad)) as hand:
        hand.until(Hello)
        hand.tell(Retarget(1, target=1))
        while "open" not in hand.log.read_text():
            hand.until(Batch)
        began = time.monotonic()
        heard = ended(hand)
        assert bad.gone.wait(5.0)
    assert time.monotonic() - began < 1.0
    assert iterations(heard) == (0, 0, 1)
    assert sum(row.cut for row in rows(heard)) == 1
    assert metric_rows(heard, "ws_session_duration") == []
    assert hand.log.read_text() == "open\n"


def test_connecting_waits_while_load_is_held(tmp_path: Path, echo: str) -> None:
    journey = """
        async def buy(vu):
            while True:
                async with vu.ws.connect("/") as ws:
                    await ws.send("x")
                    await ws.recv()
        """
    with at_work(tmp_path, journey, echo) as hand:
        hand.until(Hello)
        hand.tell(Retarget(1, target=1))
        while not metric_rows(hand.heard, "ws_sessions"):
            hand.until(Batch)
        hand.tell(Hold(2, on=True))
        while hand.until(Ack).seq < 2:
            pass
        hand.until(Batch)
        before = len(hand.heard)
        for _ in range(2):
            hand.until(Batch)
        assert metric_rows(hand.heard[before:], "ws_sessions") == []
        before = len(hand.heard)
        hand.tell(Hold(3, on=False))
        while not metric_rows(hand.heard[before:], "ws_sessions"):
            hand.until(Batch)
        ended(hand)
