"""The client of one VU: one kept-alive connection for each origin, one request at a time."""

from __future__ import annotations

import asyncio

from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure
from loadtui.load.head import Call
from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.url import Origin

SLACK = 5_000
"""µs beyond a round trip within which a reused connection's end counts as the reuse race."""


class Client:
    """Sends calls over connections of its own.

    The reuse race: a server may close an idle connection just when a request leaves. Such a request
    is sent once more on a fresh connection, silently, when the connection had served before, no
    byte of an answer came, and the end came within one round trip (as measured while dialling) and
    5 ms: later, the server had the request in its hands, and its failure is a measurement.
    """

    __slots__ = ("_connections", "_dialer")

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._connections: dict[Origin, HttpProtocol] = {}

    @property
    def open_connections(self) -> int:
        """How many connections are open."""
        return sum(each.is_open for each in self._connections.values())

    async def send(self, call: Call) -> Exchange:
        """Send and return what came of it; raises nothing but CancelledError."""
        dialer = self._dialer
        exchange = Exchange(dialer.clock())
        connection = self._connections.get(call.origin)
        if connection is not None and connection.is_ready:
            await _ask(connection, call, exchange)
            if exchange.status or not _lost_race(connection, exchange):
                return exchange
            exchange.error, exchange.detail = "", ""
            exchange.sending = exchange.waiting = 0
        fresh = await dialer.dial(call.origin, exchange, exchange.started + call.timeout)
        if isinstance(fresh, Failure):
            return _without_answer(exchange, fresh, dialer.clock())
        exchange.blocked = int((dialer.clock() - exchange.started) * 1e6)
        self._connections[call.origin] = fresh
        if not fresh.is_ready:  # accepted and ended before we could ask
            return _without_answer(exchange, fresh.ending, dialer.clock())
        await _ask(fresh, call, exchange)
        return exchange

    def abort(self) -> None:
        """Drop the connections at once; a request in flight is `cut`."""
        for each in self._connections.values():
            each.abort()
        self._connections.clear()

    def close(self) -> None:
        """Close the connections that are idle."""
        for each in self._connections.values():
            each.close()


async def _ask(connection: HttpProtocol, call: Call, exchange: Exchange) -> None:
    try:
        await connection.ask(call, exchange)
    except asyncio.CancelledError:
        connection.abort()
        raise


def _lost_race(connection: HttpProtocol, exchange: Exchange) -> bool:
    return (
        exchange.error in {"closed", "reset"}
        and not exchange.bytes_in
        and connection.answered > 0
        and exchange.duration_us <= connection.dial_us + SLACK
    )


def _without_answer(exchange: Exchange, failure: Failure, now: float) -> Exchange:
    exchange.error, exchange.detail = failure
    exchange.ended = now
    return exchange
