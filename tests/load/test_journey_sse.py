"""Streams of server-sent events in a real worker against real servers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.model.frame import Hello, Retarget
from loadtui.model.row import Batch
from loadtui.model.scenario import ClientKind, Tls
from tests.support.certificates import Authority, needs_openssl
from tests.support.journeys import (
    ONCE,
    at_work,
    ended,
    followed,
    iterations,
    metric_rows,
    rows,
    said,
)
from tests.support.stream_server import Bad, bad_server, url_of


@pytest.fixture
def bad() -> Iterator[Bad]:
    with bad_server() as server:
        yield server


def test_events_are_read_and_recorded(tmp_path: Path, bad: Bad) -> None:
    journey = """
        async def buy(vu):
            with vu.group("feed"):
                async with vu.sse("/events", name="events", params={"a": 1}) as events:
                    assert (events.is_open, events.error, events.status) == (True, "", 200)
                    first, second = [each async for each in events]
                    assert (first.event, first.id, first.json()) == ("order", "7", {"n": 1})
                    assert (second.event, second.data, second.id) == ("message", "€", "7")
                    assert (events.is_open, events.error) == (False, "")
                    assert await events.next() is None
            async with vu.sse("/silent", name="chat", method="POST", json={"q": 1}) as events:
                assert (await events.next()).data == "1"
                assert await events.next(timeout=0.01) is None and events.is_open
                assert await events.next(timeout=0.01) is None and events.is_open
        """
    with at_work(tmp_path, journey, url_of(bad), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert said(heard) == []
    assert iterations(heard) == (1, 0, 0)
    get, post = bad.heads
    assert get.startswith("GET /events?a=1 HTTP/1.1\r\n")
    assert "\r\nAccept: text/event-stream\r\n" in get
    assert get.lower().count("\r\naccept:") == 1
    assert post.startswith("POST /silent ")
    assert "content-type: application/json\r\n" in post.lower()
    names = {row.name for row in rows(heard) if row.requests}
    assert names == {"events", "chat"}
    assert sum(row.requests for row in rows(heard)) == 2
    assert sum(row.failed for row in rows(heard)) == 0
    assert sum(row.bytes_in for row in rows(heard) if row.name == "events") > 400
    events, chat = sorted(metric_rows(heard, "sse_events_received"), key=lambda row: -row.total)
    assert (events.total, chat.total) == (2, 1)
    assert dict(events.tags) == {
        "group": "::feed",
        "name": "events",
        "scenario": "default",
        "status": "200",
        "url": "events",
    }
    for name in ("sse_connecting", "sse_first_event", "sse_session_duration"):
        assert sum(row.count for row in metric_rows(heard, name)) == 2
    assert hand.log.read_text() == ""


def test_failures_are_kinds_and_never_raise(tmp_path: Path, bad: Bad) -> None:
    journey = """
        PATHS = {
            "/close": ("closed", 0), "/garbage": ("protocol", 0), "/forbidden": ("protocol", 403),
            "/elsewhere": ("protocol", 302), "/json": ("protocol", 200), "/stall": ("timeout", 0),
            "http://127.0.0.1:1/": ("refused", 0), "http://192.0.2.1/": ("refused_target", 0),
        }

        async def buy(vu):
            for path, told in PATHS.items():
                async with vu.sse(path, timeout=0.2 if told[0] == "timeout" else 20) as events:
                    assert (events.error, events.status) == told, (path, events.error)
                    assert events.detail and not events.is_open
                    assert [each async for each in events] == []
            async with vu.sse("/half") as events:
                assert [each.data async for each in events] == ["1"]
                assert (events.error, events.is_open) == ("closed", False), events.error
            async with vu.sse("/large") as events:
                assert [each async for each in events] == []
                assert events.error == "protocol" and "more than" in events.detail
        """
    with at_work(tmp_path, journey, url_of(bad), entries=ONCE) as hand:
        followed(hand)
        heard = ended(hand)
    assert said(heard) == []
    assert iterations(heard) == (1, 0, 0)
    assert sum(row.requests for row in rows(heard)) == 10
    # Those without an answer, and the 403; the others were answered as a request may be.
    assert sum(row.failed for row in rows(heard)) == 6
    assert sum(row.count for row in metric_rows(heard, "sse_connecting")) == 2
    assert hand.log.read_text() == ""


@needs_openssl
@pytest.mark.parametrize("client", ["http1", "httpx"])
def test_tls_and_cookies_are_the_users(tmp_path: Path, client: ClientKind) -> None:
    authority = Authority(tmp_path)
    journey = """
        async def buy(vu):
            assert (await vu.http.get("/cookie")).status_code == 200
            async with vu.sse("/events") as events:
                assert [event.id async for event in events] == ["7", "7"]
            async with vu.ws.connect("/ws_gone") as ws:
                assert ws.is_open
        """
    tls = Tls(ca=str(authority.ca))
    with bad_server(authority.server_context()) as server:
        url = url_of(server).replace("http:", "https:")
        with at_work(tmp_path, journey, url, entries=ONCE, client=client, tls=tls) as hand:
            followed(hand)
            heard = ended(hand)
        assert said(heard) == []
        assert iterations(heard) == (1, 0, 0)
        _, events, ws = server.heads
    assert "\r\nCookie: who=7\r\n" in events
    assert "\r\nCookie: who=7\r\n" in ws


def test_a_hard_stop_drops_the_stream_at_once(tmp_path: Path, bad: Bad) -> None:
    journey = """
        async def buy(vu):
            async with vu.sse("/silent") as events:
                await events.next()
                print("open", flush=True)
                await events.next(timeout=60)
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
    assert metric_rows(heard, "sse_session_duration") == []
    assert hand.log.read_text() == "open\n"
