"""New connections for all VUs of a worker: look-up, guard, dial and TLS, under one deadline."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property

from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure, classify
from loadtui.load.guard import is_allowed, is_named
from loadtui.load.http_protocol import HttpProtocol
from loadtui.load.race import first_to_connect
from loadtui.load.resolver import Resolve, Resolver
from loadtui.load.sweep import Sweep
from loadtui.load.tls import client_context
from loadtui.load.url import UNIX, Origin
from loadtui.model.scenario import Tls

Connect = Callable[[Callable[[], asyncio.BaseProtocol], str, int], Awaitable[asyncio.Transport]]
"""Opens a TCP connection for a protocol to a literal address and port; raises OSError."""

BUFFER = 256 * 1024
"""Bytes read at once, into one buffer for all connections of the loop."""
GOODBYE = 1.0
"""Seconds a TLS peer has to answer our close before the connection is dropped."""


class Dialer:
    """Opens connections and ends overdue requests; one for each worker, shared by its clients.

    A name is looked up once in a while for all, each address is checked before it is dialled, and
    exactly that address is dialled. `outside`: connections that somebody else opened to addresses
    from here. `resolve` and `connect` stand in for the system's in tests.
    Raises BadInput when a file that `tls` names cannot be used.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        tls: Tls | None = None,
        allow: Iterable[str] = (),
        connect_timeout: float = 30.0,
        resolve: Resolve | None = None,
        connect: Connect | None = None,
    ) -> None:
        self.clock = time.perf_counter
        self._loop = loop
        self._tls = tls or Tls()
        self._allow = tuple(allow)
        self.connect_timeout = connect_timeout
        self.outside = 0
        self._connect = connect or self._open
        self._resolver = Resolver(loop, resolve)
        self._sweep = Sweep(loop, self.clock)
        self._buffer = memoryview(bytearray(BUFFER))
        if self._tls != Tls():
            self.context  # noqa: B018 - a file that cannot be used is said now, not by each VU

    @property
    def open_connections(self) -> int:
        """How many connections are open, idle ones included."""
        return len(self._sweep) + self.outside

    def abort(self) -> None:
        """Drop every connection of every client at once; requests in flight are `cut`."""
        self._sweep.abort()

    async def dial(
        self, origin: Origin, exchange: Exchange, deadline: float
    ) -> HttpProtocol | Failure:
        """Return a connection that is ready, or why there is none.

        `deadline` in `clock` seconds; the connect time-out covers look-up, dial and TLS. Fills in
        the exchange's `connecting` and `tls_handshaking`.
        """
        left = deadline - self.clock()
        try:
            async with asyncio.timeout(min(left, self.connect_timeout)):
                if origin.scheme == UNIX:
                    return await self._dial_socket(origin, exchange)
                return await self._dial(origin, exchange)
        except TimeoutError:
            if left <= self.connect_timeout:
                return Failure("timeout", "no connection within the request's time-out")
            return Failure("connect_timeout", f"no connection within {self.connect_timeout:g} s")
        except OSError as error:
            return classify(error)

    async def addresses(self, host: str) -> list[str] | Failure:
        """Return the addresses of a host that may be dialled, or why there is none."""
        found = await self._resolver.addresses(host)
        if isinstance(found, Failure):
            return found
        allowed = [each for each in found if is_allowed(host, each, self._allow)]
        return allowed or Failure("refused_target", _refusal(host, found[0]))

    def allows_name(self, host: str) -> bool:
        """Whether a host is allowed by its name, whatever it resolves to."""
        return is_named(host, self._allow)

    @cached_property
    def context(self) -> ssl.SSLContext:
        """TLS of every connection that speaks HTTP/1.1."""
        # Made when something first speaks TLS: the system's authorities take 10 ms and 1 MB.
        return client_context(self._tls)

    def server_name(self, origin: Origin) -> str:
        """Whom a certificate must name."""
        return self._tls.server_name or origin.host.partition("%")[0]

    async def _dial(self, origin: Origin, exchange: Exchange) -> HttpProtocol | Failure:
        allowed = await self.addresses(origin.host)
        if isinstance(allowed, Failure):
            return allowed
        started = self.clock()
        make = self._protocol if origin.scheme == "http" else asyncio.Protocol
        address, transport = await first_to_connect(
            allowed, lambda address: self._connect(make, address, origin.port)
        )
        self._resolver.prefer(origin.host, address)
        connected = self.clock()
        exchange.connecting = int((connected - started) * 1e6)
        protocol = transport.get_protocol()
        if not isinstance(protocol, HttpProtocol):
            protocol = await self._encrypt(transport, origin)
            exchange.tls_handshaking = int((self.clock() - connected) * 1e6)
        protocol.dial_us = exchange.connecting
        return protocol

    async def _dial_socket(self, origin: Origin, exchange: Exchange) -> HttpProtocol:
        # A socket in the file system leads nowhere but to this machine: nothing to guard.
        started = self.clock()
        _, protocol = await self._loop.create_unix_connection(self._protocol, origin.host)
        protocol.dial_us = exchange.connecting = int((self.clock() - started) * 1e6)
        return protocol

    async def _open(
        self, make: Callable[[], asyncio.BaseProtocol], address: str, port: int
    ) -> asyncio.Transport:
        # The loop's own dial, not sock_connect: under uvloop it costs a third.
        transport, _ = await self._loop.create_connection(
            make, address, port, flags=socket.AI_NUMERICHOST
        )
        return transport

    def _protocol(self) -> HttpProtocol:
        return HttpProtocol(
            self._buffer,
            self.clock,
            self._loop.create_future,
            self._sweep.add,
            self._sweep.discard,
        )

    async def _encrypt(self, transport: asyncio.Transport, origin: Origin) -> HttpProtocol:
        protocol = self._protocol()
        encrypted = await self._loop.start_tls(
            transport,
            protocol,
            self.context,
            server_hostname=self.server_name(origin),
            ssl_shutdown_timeout=GOODBYE,
        )
        if encrypted is None:
            raise ConnectionResetError("the connection was lost while TLS was agreed on")
        protocol.connection_made(encrypted)
        return protocol


def _refusal(host: str, address: str) -> str:
    place = address if host == address else f"{host} ({address})"
    return f"{place} is not loopback; to load it, name it under guard.allow"
