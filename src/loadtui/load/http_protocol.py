"""HTTP/1.1 on one connection, one request at a time (pure: clock and futures are handed in)."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from loadtui.load.direct import NOT_DIRECT, descriptor_of, send_now
from loadtui.load.exchange import Exchange, final_head
from loadtui.load.failure import Failure, classify
from loadtui.load.framing import (
    BODY_LIMIT,
    CONTINUE,
    HEAD_LIMIT,
    HeadOnly,
    ends_with_connection,
    keeps_alive,
)
from loadtui.load.gone import NO_PARSER, NO_TRANSPORT
from loadtui.load.head import Call


class HttpProtocol(asyncio.BufferedProtocol):
    """One connection: `ask` sends a request and fills in its exchange when the answer is complete.

    `buffer` is shared by all connections of a loop: a loop reads into it and has it parsed before
    it reads again. The raw head is kept and searched only when somebody asks for a header. No
    request is sent at or after `expires` (`clock` seconds); that is the client's to look at.
    """

    __slots__ = (
        "_asked",
        "_buffer",
        "_clock",
        "_due",
        "_exchange",
        "_first",
        "_keeps_body",
        "_new_waiter",
        "_on_lost",
        "_on_made",
        "_parser",
        "_paused",
        "_pieces",
        "_socket",
        "_transport",
        "_unsent",
        "_waiter",
        "_written",
        "answered",
        "deadline",
        "dial_us",
        "ending",
        "expires",
        "is_ready",
    )

    def __init__(
        self,
        buffer: memoryview,
        clock: Callable[[], float],
        new_waiter: Callable[[], asyncio.Future[None]],
        on_made: Callable[[HttpProtocol], None],
        on_lost: Callable[[HttpProtocol], None],
    ) -> None:
        self._buffer = buffer
        self._clock = clock
        self._new_waiter = new_waiter
        self._on_made = on_made
        self._on_lost = on_lost
        self._parser = HttpResponseParser(self)
        self._exchange: Exchange | None = None
        self._pieces: list[bytes] = []
        self._transport: asyncio.Transport = NO_TRANSPORT
        self._socket = NOT_DIRECT
        self._paused = False
        self._keeps_body = True
        self._unsent = b""
        self._asked = self._written = self._first = 0.0
        self._due = self.deadline = self.expires = math.inf
        self.answered = 0
        self.dial_us = 0
        self.is_ready = False
        self.ending = Failure("closed")

    # -- asking --------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether a request is in flight or may be sent."""
        return self.is_ready or self._exchange is not None

    def ask(self, call: Call, exchange: Exchange) -> asyncio.Future[None]:
        """Send a request when `is_ready`; done once the exchange has its outcome."""
        self.is_ready = False
        self._exchange = exchange
        self._pieces = []
        self._keeps_body = call.keeps_body
        if call.method == "HEAD":
            self._parser = HttpResponseParser(HeadOnly(self._on_head_alone))
        self.deadline = exchange.started + call.timeout
        wire = call.wire
        waiter = self._waiter = self._new_waiter()
        self._asked = self._clock()
        if call.expects:
            wire = self._hold_back(call)
        exchange.bytes_out += len(wire)
        try:
            send_now(wire, self._socket, self._transport)
        except OSError as error:
            self._drop(classify(error))
        self._written = self._clock()
        return waiter

    def expire(self) -> None:
        """The deadline has passed: give up on the request, or on waiting for `100 Continue`."""
        if self._unsent and self._exchange is not None:
            self._send_body(self._exchange)
        else:
            self._drop(Failure("timeout", "no complete answer in time"))

    def abort(self) -> None:
        """Drop the connection at once; a request in flight is `cut`."""
        self._drop(Failure("cut"))

    def close(self) -> None:
        """Close the connection if it is idle."""
        if self._exchange is None:
            self.is_ready = False
            self._transport.close()

    # -- what the transport calls --------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; requests larger than its buffer are `sending` until they left."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=65536, low=0)
        self._socket = descriptor_of(transport)
        self.is_ready = True
        self._on_made(self)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the loop's signature
        """Lend the shared buffer."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Parse what came."""
        exchange = self._exchange
        if exchange is None:  # bytes that nobody asked for, such as a 408 to an idle peer
            self.abort()
            return
        data = self._buffer[:nbytes]
        if not exchange.bytes_in:
            self._begin(exchange, data)
        elif not self._go_on(exchange, data):
            return
        exchange.bytes_in += nbytes
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._drop(Failure("protocol", "the server switched to another protocol"))
        except HttpParserError as error:
            self._drop(Failure("protocol", f"the answer is no valid HTTP: {error}"))

    def pause_writing(self) -> None:
        """The transport holds part of a large request back."""
        self._paused = True

    def resume_writing(self) -> None:
        """The last byte of a large request left."""
        self._paused = False
        exchange = self._exchange
        if exchange is not None and not (exchange.bytes_in and self._first):
            self._written = self._clock()

    def eof_received(self) -> None:
        """The peer ended the connection: the end of an answer without a length, or too early."""
        self.is_ready = False
        exchange = self._exchange
        if exchange is not None and ends_with_connection(exchange):
            self._complete(exchange, keep=False)
        elif exchange is not None and exchange.bytes_in:
            self._drop(Failure("closed", "the server closed in the middle of its answer"))
        else:
            self._drop(Failure("closed", "the server closed the connection without an answer"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; what was in flight fails."""
        if isinstance(exc, OSError):
            self._fail(classify(exc))
        elif self._exchange is not None:
            self._fail(Failure("closed", "" if exc is None else str(exc)))
        # Each holds this protocol and is held by it: without letting go, some 50 kB of every closed
        # TLS connection would wait for a full collection.
        self._parser, self._transport, self._socket = NO_PARSER, NO_TRANSPORT, NOT_DIRECT
        self._on_lost(self)

    # -- what the parser calls -----------------------------------------------------------------

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, where anybody will look at it."""
        if self._keeps_body:
            self._pieces.append(body)
        elif not self._pieces:
            self._pieces.append(b"")

    def on_message_complete(self) -> None:
        """The answer is whole, unless it was only an informational one."""
        exchange = self._exchange
        if exchange is None:
            self.abort()  # a second answer to one request
        elif self._parser.get_status_code() >= 200:
            self._complete(exchange, keep=self._parser.should_keep_alive())
        elif self._unsent and self._parser.get_status_code() == 100:
            self._send_body(exchange)

    def _on_head_alone(self) -> None:
        """The answer to a HEAD is whole: no body follows, whatever its headers announce."""
        exchange = self._exchange
        if exchange is not None and self._parser.get_status_code() >= 200:
            self._complete(exchange, keep=keeps_alive(exchange))
            self._parser = HttpResponseParser(self)

    # -- outcomes ------------------------------------------------------------------------------

    def _begin(self, exchange: Exchange, data: memoryview) -> None:
        self._first = self._clock()
        if self._paused:  # an answer before the whole request was sent
            self._written = self._first
        exchange.head = data.tobytes()

    def _hold_back(self, call: Call) -> bytes:
        """Keep the body until the server asks for it; after a second it goes all the same."""
        self._unsent = call.body
        self._due, self.deadline = self.deadline, min(self.deadline, self._asked + CONTINUE)
        return call.head

    def _send_body(self, exchange: Exchange) -> None:
        body, self._unsent = self._unsent, b""
        self.deadline = self._due
        exchange.bytes_out += len(body)
        self._transport.write(body)
        self._written = self._clock()
        self._first = 0.0

    def _go_on(self, exchange: Exchange, data: memoryview) -> bool:
        if not self._first:  # what came before only asked for the body
            self._first = self._clock()
        if self._pieces:
            if exchange.bytes_in > BODY_LIMIT:
                self._pieces = [b""]
        elif not final_head(exchange.head):
            exchange.head += data.tobytes()
            if len(exchange.head) > HEAD_LIMIT:
                self._drop(Failure("protocol", f"the headers are larger than {HEAD_LIMIT} bytes"))
                return False
        return True

    def _complete(self, exchange: Exchange, *, keep: bool) -> None:
        exchange.status = self._parser.get_status_code()
        exchange.raw = b"".join(self._pieces)
        if exchange.bytes_in > BODY_LIMIT:
            exchange.raw = b""
            exchange.detail = f"the body is larger than {BODY_LIMIT} bytes and was not kept"
        self.answered += 1
        self._exchange = None
        self._settle(exchange, self._first or self._written, self._clock())
        if keep and not self._paused and not self._unsent:
            self.is_ready = True
        else:
            self._transport.abort()

    def _fail(self, failure: Failure) -> None:
        self.is_ready = False
        self._unsent = b""
        self.ending = failure
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.error, exchange.detail = failure
            now = self._clock()
            self._settle(exchange, (self._first if exchange.bytes_in else 0.0) or now, now)

    def _drop(self, failure: Failure) -> None:
        self._fail(failure)
        self._transport.abort()

    def _settle(self, exchange: Exchange, first: float, now: float) -> None:
        self.deadline = math.inf
        asked = self._asked
        exchange.ended = now
        # Differences of whole µs, so that the three add up to the duration exactly.
        exchange.sending = sending = int((self._written - asked) * 1e6)
        exchange.waiting = waiting = int((first - asked) * 1e6) - sending
        exchange.receiving = int((now - asked) * 1e6) - sending - waiting
        if not self._waiter.done():
            self._waiter.set_result(None)
