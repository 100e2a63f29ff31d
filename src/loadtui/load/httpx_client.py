"""The client of one VU on httpx: HTTP/2 and proxies, at some fifty times the cost of our own."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from loadtui.load.cookies import Jar, set_cookies
from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure, classify
from loadtui.load.framing import BODY_LIMIT
from loadtui.load.head import Call
from loadtui.load.http_client import SLACK, with_cookies
from loadtui.load.httpx_net import Net, NoConnectionError
from loadtui.load.httpx_transport import Transport
from loadtui.load.reuse import PER_VU, Reuse

EXPECTED = (
    NoConnectionError,
    OSError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)
"""What a request may fail with; `failure_of` tells the kind."""


class HttpxClient:
    """Sends calls over one `httpx.AsyncClient` and fills in the same exchange as `Client` does.

    The phases come from httpcore's own events: `waiting` ends with the headers rather than with the
    first byte, and `blocked` holds what httpx itself takes before it sends.
    """

    def __init__(
        self,
        dialer: Dialer,
        context: ssl.SSLContext,
        reuse: Reuse = PER_VU,
        server_name: str = "",
    ) -> None:
        """`server_name`: whom a certificate must name, "" for the host that is asked."""
        self._dialer, self._reuse = dialer, reuse
        self._net = Net(dialer, server_name)
        self._transport = Transport(dialer, self._net, context)
        # Its own jar takes nothing: cookies are the VU's, and the same with both clients.
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        # The deadline is the request's, dial included, so httpx's own time-outs are not asked.
        self._client = httpx.AsyncClient(
            transport=self._transport, cookies=nothing, trust_env=False
        )
        self._jar: Jar | None = None

    @property
    def open_connections(self) -> int:
        """How many connections are open."""
        return len(self._net.streams)

    def begin(self) -> None:
        """Enter an iteration: forget cookies, as k6 does, and connections where told to."""
        self._jar = None
        if self._reuse.connections == "per-iteration":
            self.close()

    async def send(self, call: Call) -> Exchange:
        """Send and return what came of it; raises nothing but CancelledError."""
        call = self.with_kept(call)
        clock = self._dialer.clock
        exchange = self._net.exchange = Exchange(clock())
        if self._is_old(exchange.started):
            self.close()
        await self._attempt(call, exchange)
        if exchange.error in {"closed", "reset"} and self._lost_race(exchange):
            exchange.error, exchange.detail = "", ""
            await self._attempt(call, exchange)
        if cookies := set_cookies(exchange.head):
            self._jar = self._jar or Jar()
            self._jar.keep(cookies, call.origin, call.target, time.time())
        if self._reuse.connections == "none":
            self.close()
        return exchange

    def with_kept(self, call: Call) -> Call:
        """The call with the cookies that are kept for it."""
        return call if self._jar is None else with_cookies(call, self._jar)

    def close(self) -> None:
        """Close all connections."""
        self._transport.reset()

    def _is_old(self, now: float) -> bool:
        return any(now >= stream.born + self._reuse.max_age for stream in self._net.streams)

    @staticmethod
    def _lost_race(exchange: Exchange) -> bool:
        is_reused = not exchange.connecting
        return is_reused and not exchange.bytes_in and exchange.duration_us <= SLACK

    async def _attempt(self, call: Call, exchange: Exchange) -> None:
        marks = Marks(self._dialer.clock)
        left = exchange.started + call.timeout - self._dialer.clock()
        try:
            async with asyncio.timeout(left):
                await self._exchange(call, exchange, marks)
        except TimeoutError as error:
            late = Failure("timeout", "no complete answer in time")
            exchange.error, exchange.detail = late if error.errno is None else classify(error)
        except EXPECTED as error:
            exchange.error, exchange.detail = failure_of(error)
        marks.settle(exchange)

    async def _exchange(self, call: Call, exchange: Exchange, marks: Marks) -> None:
        response = await self._client.send(request_of(call, marks.trace), stream=True)
        pieces: list[bytes] = []
        try:
            exchange.head = head_of(response)
            size = 0
            async for piece in response.aiter_raw():
                size += len(piece)
                if call.keeps_body and size <= BODY_LIMIT:
                    pieces.append(piece)
        finally:
            await response.aclose()
        if call.keeps_body and size > BODY_LIMIT:
            pieces.clear()
            exchange.detail = f"the body is larger than {BODY_LIMIT} bytes and was not kept"
        exchange.raw = b"".join(pieces)
        exchange.status = response.status_code


class Marks:
    """When the parts of a request ended, as httpcore tells; 0 for those that never came."""

    __slots__ = ("_clock", "asked", "first", "written")

    def __init__(self, clock: Callable[[], float]) -> None:
        """Nothing has come."""
        self._clock = clock
        self.asked = self.written = self.first = 0.0

    async def trace(self, name: str, info: dict[str, object]) -> None:  # noqa: ARG002
        """Take an event of httpcore; a proxy's own request comes first and is overwritten."""
        match name.partition(".")[2]:
            case "send_request_headers.started":
                self.asked = self._clock()
                self.written = self.first = 0.0
            case "send_request_body.complete":
                self.written = self._clock()
            case "receive_response_headers.complete":
                self.first = self._clock()
            case _:
                pass

    def settle(self, exchange: Exchange) -> None:
        """Fill in the phases; without a request on the wire there are none."""
        now = exchange.ended = self._clock()
        if not self.asked:
            return
        exchange.blocked = int((self.asked - exchange.started) * 1e6)
        first = self.first or now
        sending = int((min(self.written or now, first) - self.asked) * 1e6)
        waiting = int((first - self.asked) * 1e6) - sending
        exchange.sending, exchange.waiting = sending, waiting
        exchange.receiving = int((now - self.asked) * 1e6) - sending - waiting


def failure_of(error: BaseException) -> Failure:
    """The kind that a failure of httpcore has with the fast client."""
    match error:
        case NoConnectionError():
            return error.failure
        case OSError():
            return classify(error)
        case httpcore.NetworkError():
            cause = error.__cause__
            return classify(cause) if isinstance(cause, OSError) else Failure("reset", str(error))
        case httpcore.ProxyError():
            return Failure("unreachable", f"the proxy refused: {error}")
        case _:
            text = str(error)
            ended = "disconnected" in text or "peer closed connection" in text
            return Failure("closed" if ended else "protocol", text)


def request_of(
    call: Call, trace: Callable[[str, dict[str, object]], Awaitable[None]]
) -> httpx.Request:
    """The call as `Transport` takes it; `trace` hears httpcore's events."""
    return httpx.Request(
        call.method,
        "http://localhost/",  # the transport goes by `origin` and `target`, not a word changed
        headers=call.fields,
        content=call.body or None,
        extensions={"origin": call.origin, "target": call.target.encode(), "trace": trace},
    )


def head_of(response: httpx.Response) -> bytes:
    """Status line and headers as HTTP/1.1 would have them."""
    version = {"HTTP/2": "HTTP/2.0"}.get(response.http_version, response.http_version)
    first = f"{version} {response.status_code} {response.reason_phrase}".encode()
    lines = [name + b": " + value for name, value in response.headers.raw]
    return b"\r\n".join([first, *lines, b"", b""])
