"""The client of one VU: one kept-alive connection for each origin, one request at a time."""

from __future__ import annotations

import asyncio
import time

from loadtui.load.cookies import Jar, set_cookies
from loadtui.load.dialer import Dialer
from loadtui.load.exchange import LOOKED_AT, Exchange, find_special
from loadtui.load.failure import Failure
from loadtui.load.head import Call
from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.reuse import PER_VU, Reuse
from loadtui.load.url import Origin

SLACK = 5_000
"""µs beyond a round trip within which a reused connection's end counts as the reuse race."""


class Client:
    """Sends calls over connections of its own, with the cookies that servers set.

    The reuse race: a server may close an idle connection just when a request leaves. Such a request
    is sent once more on a fresh connection, silently, when the connection had served before, no
    byte of an answer came, and the end came within one round trip (as measured while dialling) and
    5 ms: later, the server had the request in its hands, and its failure is a measurement.
    """

    __slots__ = ("_connections", "_dialer", "_jar", "_reuse")

    def __init__(self, dialer: Dialer, reuse: Reuse = PER_VU) -> None:
        self._dialer = dialer
        self._reuse = reuse
        self._connections: dict[Origin, HttpProtocol] = {}
        self._jar: Jar | None = None

    @property
    def open_connections(self) -> int:
        """How many connections are open."""
        return sum(each.is_open for each in self._connections.values())

    def begin(self) -> None:
        """Enter an iteration: forget cookies, as k6 does, and connections where told to."""
        self._jar = None
        if self._reuse.connections == "per-iteration":
            self.close()

    async def send(self, call: Call) -> Exchange:
        """Send and return what came of it; raises nothing but CancelledError."""
        dialer = self._dialer
        exchange = Exchange(dialer.clock())
        if self._jar is not None:
            call = with_cookies(call, self._jar)
        connection = self._connections.get(call.origin)
        if connection is not None and connection.is_ready:
            if exchange.started < connection.expires:
                # As `_ask`, without the cost of one more coroutine: nearly every request is this.
                try:
                    await connection.ask(call, exchange)
                except asyncio.CancelledError:
                    connection.abort()
                    raise
                if exchange.status or not _lost_race(connection, exchange):
                    if find_special(exchange.head, 0, LOOKED_AT):
                        self._keep_cookies(call, exchange)
                    else:
                        exchange.is_plain = len(exchange.head) <= LOOKED_AT
                    return exchange
                exchange.error, exchange.detail = "", ""
                exchange.sending = exchange.waiting = 0
            else:
                connection.close()
        await self._send_afresh(call, exchange)
        return exchange

    def with_kept(self, call: Call) -> Call:
        """The call with the cookies that are kept for it."""
        return call if self._jar is None else with_cookies(call, self._jar)

    def abort(self) -> None:
        """Drop the connections at once; a request in flight is `cut`."""
        for each in self._connections.values():
            each.abort()
        self._connections.clear()

    def close(self) -> None:
        """Close the connections that are idle."""
        for each in self._connections.values():
            each.close()

    async def _send_afresh(self, call: Call, exchange: Exchange) -> None:
        dialer, origin, reuse = self._dialer, call.origin, self._reuse
        fresh = await dialer.dial(origin, exchange, exchange.started + call.timeout)
        if isinstance(fresh, Failure):
            _without_answer(exchange, fresh, dialer.clock())
            return
        now = dialer.clock()
        exchange.blocked = int((now - exchange.started) * 1e6)
        fresh.expires = now + reuse.max_age
        self._connections[origin] = fresh
        if not fresh.is_ready:  # accepted and ended before we could ask
            _without_answer(exchange, fresh.ending, now)
            return
        await self._ask(fresh, without_reuse(call, reuse), exchange)
        if reuse.connections == "none":
            fresh.close()

    async def _ask(self, connection: HttpProtocol, call: Call, exchange: Exchange) -> None:
        try:
            await connection.ask(call, exchange)
        except asyncio.CancelledError:
            connection.abort()
            raise
        self._keep_cookies(call, exchange)

    def _keep_cookies(self, call: Call, exchange: Exchange) -> None:
        if cookies := set_cookies(exchange.head):
            self._jar = self._jar or Jar()
            self._jar.keep(cookies, call.origin, call.target, time.time())


def with_cookies(call: Call, jar: Jar) -> Call:
    """The call with what the jar has for it; its own cookies win."""
    given = call.header("cookie")
    value = jar.header(call.origin, call.target, time.time(), given)
    return call if value == given else call.replacing("Cookie", value)


def without_reuse(call: Call, reuse: Reuse) -> Call:
    """The call as it asks the server to close, where no connection serves twice."""
    return call if reuse.connections != "none" else call.replacing("Connection", "close")


def _lost_race(connection: HttpProtocol, exchange: Exchange) -> bool:
    return (
        exchange.error in {"closed", "reset"}
        and not exchange.bytes_in
        and connection.answered > 0
        and exchange.duration_us <= connection.dial_us + SLACK
    )


def _without_answer(exchange: Exchange, failure: Failure, now: float) -> None:
    exchange.error, exchange.detail = failure
    exchange.ended = now
