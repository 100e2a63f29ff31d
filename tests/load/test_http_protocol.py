from __future__ import annotations

import asyncio
import errno
import math
import ssl
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.exchange import Exchange
from loadtui.load.framing import BODY_LIMIT, CONTINUE, HEAD_LIMIT
from loadtui.load.head import build_call
from loadtui.load.http_protocol import HttpProtocol

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FakeTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.ended = ""

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high is not None
        assert low == 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def abort(self) -> None:
        self.ended = self.ended or "aborted"

    def close(self) -> None:
        self.ended = self.ended or "closed"


class Wire:
    """One connection without a socket; `now` is the time in seconds."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.now = 100.0
        self.transport = FakeTransport()
        self.open: set[HttpProtocol] = set()
        self.buffer = bytearray(64 * 1024)
        self.protocol = HttpProtocol(
            memoryview(self.buffer),
            lambda: self.now,
            loop.create_future,
            self.open.add,
            self.open.discard,
        )
        self.protocol.connection_made(self.transport)

    def ask(
        self, method: str = "GET", *, body: bytes | None = None, timeout: float = 60.0
    ) -> tuple[Exchange, asyncio.Future[None]]:
        exchange = Exchange(self.now)
        call = build_call(method, "http://h/", (), body, timeout)
        return exchange, self.protocol.ask(call, exchange)

    def hear(self, data: bytes) -> None:
        self.protocol.get_buffer(-1)[: len(data)] = data
        self.protocol.buffer_updated(len(data))
        self.buffer[: len(data)] = b"?" * len(data)  # the next connection's bytes


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def wire(loop: asyncio.AbstractEventLoop) -> Wire:
    return Wire(loop)


# -- answers -----------------------------------------------------------------------------------


def test_an_answer_fills_in_its_exchange(wire: Wire) -> None:
    exchange, done = wire.ask()
    wire.now += 0.2
    wire.hear(b"HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 5\r\n\r\nab")
    assert not done.done()
    wire.now += 0.05
    wire.hear(b"cde")
    assert done.done()
    assert (exchange.status, exchange.body, exchange.header("x")) == (201, b"abcde", "y")
    assert exchange.error == ""
    assert exchange.bytes_out == len(wire.transport.written[0])
    assert exchange.bytes_in == 54
    assert (exchange.started, exchange.ended) == (100.0, 100.25)
    assert exchange.sending == 0
    assert exchange.waiting == pytest.approx(200_000, abs=1)
    assert exchange.duration_us == pytest.approx(250_000, abs=1)
    assert wire.protocol.is_ready


def test_a_connection_is_asked_again_and_again(wire: Wire) -> None:
    for count in range(3):
        exchange, done = wire.ask()
        wire.hear(OK)
        assert done.done()
        assert exchange.body == b"ok"
        assert wire.protocol.answered == count + 1
    assert len(wire.transport.written) == 3
    assert wire.transport.ended == ""


ANSWERS = {
    "length": (OK, 200, b"ok"),
    "nothing": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b""),
    "chunked": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
        200,
        b"abcde",
    ),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
    "204 with a length": (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, b""),
    "304": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, b""),
    "after 1xx": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK,
        200,
        b"ok",
    ),
    "without a reason": (b"HTTP/1.1 503\r\nContent-Length: 2\r\n\r\nno", 503, b"no"),
    "HTTP/1.0 kept alive": (
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
        200,
        b"ok",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_answer_is_the_same_in_pieces_of_any_size(wire: Wire, name: str, size: int) -> None:
    data, status, body = ANSWERS[name]
    exchange, done = wire.ask()
    for start in range(0, len(data), size):
        assert not done.done()
        wire.hear(data[start : start + size])
    assert done.done()
    assert (exchange.status, exchange.body, exchange.bytes_in) == (status, body, len(data))
    assert exchange.header("link") is None
    assert wire.protocol.is_ready


@given(st.sampled_from(sorted(ANSWERS)), st.sets(st.integers(1, 200)))
def test_an_answer_is_the_same_however_it_is_cut(name: str, cuts: set[int]) -> None:
    data, status, body = ANSWERS[name]
    loop = asyncio.new_event_loop()
    wire = Wire(loop)
    exchange, done = wire.ask()
    for start, end in pairwise([0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]):
        wire.hear(data[start:end])
    assert done.done()
    assert (exchange.status, exchange.raw) == (status, body)
    loop.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n",
    ],
)
def test_the_answer_to_a_head_ends_with_its_headers(wire: Wire, answer: bytes) -> None:
    exchange, done = wire.ask("HEAD")
    wire.hear(answer[:20])
    wire.hear(answer[20:])
    assert done.done()
    assert (exchange.status, exchange.body) == (200, b"")
    following, _ = wire.ask("GET")
    wire.hear(OK)
    assert following.body == b"ok"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5000\r\n\r\n",
    ],
)
def test_a_head_may_be_the_last_request_of_its_connection(wire: Wire, answer: bytes) -> None:
    _, done = wire.ask("HEAD")
    wire.hear(answer)
    assert done.done()
    assert not wire.protocol.is_ready
    assert wire.transport.ended


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
)
def test_a_connection_that_the_server_gives_up_is_dropped(wire: Wire, answer: bytes) -> None:
    exchange, done = wire.ask()
    wire.hear(answer)
    assert done.done()
    assert exchange.body == b"ok"
    assert not wire.protocol.is_open
    assert wire.transport.ended


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 200 OK\r\nX: y\r\n\r\n"])
def test_without_a_length_the_body_lasts_as_long_as_the_connection(wire: Wire, head: bytes) -> None:
    exchange, done = wire.ask()
    wire.hear(head + b"some")
    wire.hear(b"thing")
    assert not done.done()
    wire.protocol.eof_received()
    assert done.done()
    assert (exchange.status, exchange.body, exchange.error) == (200, b"something", "")
    assert not wire.protocol.is_open


# -- failures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_an_answer_that_ends_too_early_is_no_answer(wire: Wire, start: bytes) -> None:
    exchange, done = wire.ask()
    wire.hear(start)
    wire.protocol.eof_received()
    assert done.done()
    assert (exchange.status, exchange.error) == (0, "closed")
    assert "in the middle of its answer" in exchange.detail


def test_a_connection_that_ends_without_a_word_is_closed(wire: Wire) -> None:
    exchange, _ = wire.ask()
    wire.now += 3
    wire.protocol.eof_received()
    assert (exchange.error, exchange.bytes_in) == ("closed", 0)
    assert exchange.waiting == pytest.approx(3_000_000, abs=1)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionResetError(errno.ECONNRESET, "x"), "reset"),
        (ssl.SSLError(1, "decryption failed"), "tls"),
        (None, "closed"),
    ],
)
def test_a_lost_connection_says_how(wire: Wire, error: Exception | None, kind: str) -> None:
    exchange, done = wire.ask()
    wire.hear(b"HTTP/1.1 200 OK\r\n\r\nhalf")
    wire.protocol.connection_lost(error)
    assert done.done()
    assert (exchange.status, exchange.error) == (0, kind)
    assert wire.open == set()


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"\x15\x03\x01\x00\x02\x02",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: ws\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_what_is_no_http_answer_is_said(wire: Wire, data: bytes) -> None:
    exchange, done = wire.ask()
    wire.hear(data)
    assert done.done()
    assert (exchange.status, exchange.error) == (0, "protocol")
    assert exchange.detail
    assert wire.transport.ended == "aborted"


def test_headers_without_end_are_cut_short(wire: Wire) -> None:
    exchange, done = wire.ask()
    wire.hear(b"HTTP/1.1 200 OK\r\n")
    line = b"X: " + b"y" * 1000 + b"\r\n"
    for _ in range(HEAD_LIMIT // len(line) + 1):
        if done.done():
            break
        wire.hear(line)
    assert exchange.error == "protocol"
    assert "headers are larger" in exchange.detail


def test_a_body_too_large_to_keep_is_counted_but_not_kept(wire: Wire) -> None:
    size = BODY_LIMIT + 300_000
    exchange, done = wire.ask()
    wire.hear(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
    for start in range(0, size, 65536):
        wire.hear(bytes(min(65536, size - start)))
    assert done.done()
    assert (exchange.status, exchange.body) == (200, b"")
    assert exchange.bytes_in > size
    assert "not kept" in exchange.detail


@pytest.mark.parametrize(
    "extra",
    [
        b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
        b"garbage",
    ],
)
def test_bytes_that_nobody_asked_for_end_the_connection(wire: Wire, extra: bytes) -> None:
    first, _ = wire.ask()
    wire.hear(OK + extra)
    assert first.body == b"ok"
    assert not wire.protocol.is_ready
    assert wire.transport.ended == "aborted"


def test_bytes_to_an_idle_connection_end_it(wire: Wire) -> None:
    wire.ask()
    wire.hear(OK)
    wire.hear(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    assert not wire.protocol.is_ready
    assert wire.transport.ended == "aborted"


def test_an_idle_connection_that_the_server_ends_is_not_asked_again(wire: Wire) -> None:
    wire.protocol.eof_received()
    assert not wire.protocol.is_open
    assert wire.protocol.ending.kind == "closed"


def test_a_lost_connection_may_be_dropped_again(wire: Wire) -> None:
    wire.protocol.connection_lost(None)
    wire.protocol.abort()
    wire.protocol.close()
    assert not wire.protocol.is_open


# -- deadline, cut, large requests ---------------------------------------------------------------


def test_a_deadline_belongs_to_the_request_in_flight(wire: Wire) -> None:
    assert wire.protocol.deadline == math.inf
    wire.ask(timeout=5)
    assert wire.protocol.deadline == 105.0
    wire.hear(OK)
    assert wire.protocol.deadline == math.inf


def test_a_request_out_of_time_has_waited_in_full(wire: Wire) -> None:
    exchange, done = wire.ask(timeout=5)
    wire.now += 1
    wire.hear(b"HTTP/1.1 200 OK\r\n")
    wire.now += 4
    wire.protocol.expire()
    assert done.done()
    assert (exchange.status, exchange.error) == (0, "timeout")
    assert exchange.duration_us == 5_000_000
    assert wire.transport.ended == "aborted"


def test_a_hard_stop_cuts_what_is_in_flight(wire: Wire) -> None:
    exchange, done = wire.ask()
    wire.protocol.abort()
    assert done.done()
    assert exchange.error == "cut"
    wire.protocol.connection_lost(None)
    assert exchange.error == "cut"


def test_closing_waits_for_nobody_but_leaves_a_request_in_flight_alone(wire: Wire) -> None:
    exchange, _ = wire.ask()
    wire.protocol.close()
    assert wire.transport.ended == ""
    wire.hear(OK)
    assert exchange.status == 200
    wire.protocol.close()
    assert wire.transport.ended == "closed"
    assert not wire.protocol.is_ready


def test_a_cancelled_wait_does_not_disturb_the_connection(wire: Wire) -> None:
    exchange, done = wire.ask()
    done.cancel()
    wire.hear(OK)
    assert exchange.status == 200


def test_a_large_request_is_sending_until_its_last_byte_left(wire: Wire) -> None:
    exchange, _ = wire.ask("POST", body=b"x" * 1_000_000)
    wire.protocol.pause_writing()
    wire.now += 0.5
    wire.protocol.resume_writing()
    wire.now += 0.25
    wire.hear(OK)
    assert exchange.sending == pytest.approx(500_000, abs=1)
    assert exchange.waiting == pytest.approx(250_000, abs=1)
    assert wire.protocol.is_ready


def test_an_answer_before_the_request_was_sent_ends_the_connection(wire: Wire) -> None:
    exchange, _ = wire.ask("POST", body=b"x" * 1_000_000)
    wire.protocol.pause_writing()
    wire.now += 0.5
    wire.hear(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
    assert (exchange.status, exchange.waiting) == (413, 0)
    assert exchange.sending == pytest.approx(500_000, abs=1)
    assert not wire.protocol.is_open


def test_a_connection_lost_unnoticed_fails_like_one_that_was_reset(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(data: bytes) -> None:
        raise RuntimeError("the handler is closed")  # what uvloop raises until it tells

    monkeypatch.setattr(wire.transport, "write", closed)
    exchange, done = wire.ask()
    assert done.done()
    assert (exchange.status, exchange.error) == (0, "reset")
    assert not wire.protocol.is_ready


# -- bodies that nobody looks at -------------------------------------------------------------------


def test_a_body_that_nobody_looks_at_is_counted_and_not_kept(wire: Wire) -> None:
    call = build_call("GET", "http://h/", keeps_body=False)
    exchange = Exchange(wire.now)
    done = wire.protocol.ask(call, exchange)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n"
    wire.hear(head)
    for _ in range(10):
        wire.hear(b"x" * 60_000)
        assert sum(map(len, wire.protocol._pieces)) == 0
    assert done.done()
    assert (exchange.status, exchange.raw, exchange.error) == (200, b"", "")
    assert exchange.bytes_in == len(head) + 600_000
    assert wire.protocol.is_ready


# -- 100 Continue ----------------------------------------------------------------------------------


def expecting(wire: Wire) -> tuple[Exchange, asyncio.Future[None]]:
    call = build_call("PUT", "http://h/", [("Expect", "100-continue")], b"x" * 1000)
    exchange = Exchange(wire.now)
    return exchange, wire.protocol.ask(call, exchange)


def test_a_body_waits_until_the_server_asks_for_it(wire: Wire) -> None:
    exchange, done = expecting(wire)
    assert wire.transport.written[-1].endswith(b"\r\n\r\n")
    wire.now += 0.3
    wire.hear(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert wire.transport.written[-1] == b"x" * 1000
    wire.now += 0.2
    wire.hear(OK)
    assert done.done()
    assert (exchange.status, exchange.error) == (200, "")
    assert exchange.sending == pytest.approx(300_000, abs=2)
    assert exchange.waiting == pytest.approx(200_000, abs=2)
    assert exchange.bytes_out == sum(map(len, wire.transport.written))
    assert wire.protocol.is_ready


def test_a_body_goes_unasked_after_a_second_and_the_time_out_stays(wire: Wire) -> None:
    exchange, done = expecting(wire)
    assert wire.protocol.deadline == wire.now + CONTINUE
    wire.now += CONTINUE
    wire.protocol.expire()
    assert wire.transport.written[-1] == b"x" * 1000
    assert wire.protocol.deadline == exchange.started + 60.0
    wire.hear(OK)
    assert done.done()
    assert exchange.status == 200


def test_a_refused_body_is_never_sent_and_ends_the_connection(wire: Wire) -> None:
    exchange, done = expecting(wire)
    wire.hear(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
    assert done.done()
    assert (exchange.status, len(wire.transport.written)) == (417, 1)
    assert not wire.protocol.is_ready
    assert wire.transport.ended


def test_without_a_body_nothing_is_expected() -> None:
    assert not build_call("GET", "http://h/", [("Expect", "100-continue")]).expects
    assert not build_call("PUT", "http://h/", [("Expect", "nothing")], b"x").expects


def test_an_answer_that_comes_with_the_continue_has_no_negative_time(wire: Wire) -> None:
    exchange, done = expecting(wire)
    wire.now += 0.3
    wire.hear(b"HTTP/1.1 100 Continue\r\n\r\n" + OK)
    assert done.done()
    assert exchange.sending == pytest.approx(300_000, abs=2)
    assert (exchange.waiting, exchange.receiving) == (0, 0)
