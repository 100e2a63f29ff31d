"""The network under httpx: the same look-up, guard and counting of bytes as the fast client's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable

import httpcore

from loadtui.load.dialer import Dialer
from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure, classify

BUFFER = 256 * 1024
"""Bytes a connection may hold before its peer has to wait."""


class NoConnectionError(Exception):
    """Why there is no connection; httpcore lets it through as it is."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Net(httpcore.AsyncNetworkBackend):
    """The connections of one VU. `exchange`: what their bytes and times are counted into."""

    def __init__(self, dialer: Dialer, server_name: str) -> None:
        """`server_name`: whom a certificate must name, "" for the host that is asked."""
        self._dialer, self._server_name = dialer, server_name
        self._until = 0.0
        self.exchange = Exchange()
        self.streams: set[Stream] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> Stream:
        """Dial the allowed addresses of a host, one after the other."""
        self._until = self._dialer.clock() + self._dialer.connect_timeout
        try:
            async with asyncio.timeout(self._dialer.connect_timeout):
                return await self._dial(host, port)
        except TimeoutError as error:
            raise NoConnectionError(_late(self._dialer, error)) from error
        except OSError as error:
            raise NoConnectionError(classify(error)) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> Stream:
        """Dial a socket in the file system."""
        try:
            return self._opened(*await asyncio.open_unix_connection(path, limit=BUFFER))
        except OSError as error:
            raise NoConnectionError(classify(error)) from error

    async def sleep(self, seconds: float) -> None:
        """For httpcore's retries, of which there are none."""
        await asyncio.sleep(seconds)

    async def encrypt(
        self, writer: asyncio.StreamWriter, context: ssl.SSLContext, host: str | None
    ) -> None:
        """Agree on TLS within what is left of the connect time-out."""
        clock = self._dialer.clock
        began = clock()
        try:
            async with asyncio.timeout(max(0.0, self._until - began)):
                await writer.start_tls(context, server_hostname=self._server_name or host)
        except TimeoutError as error:
            raise NoConnectionError(_late(self._dialer, error)) from error
        except OSError as error:
            raise NoConnectionError(classify(error)) from error
        self.exchange.tls_handshaking += int((clock() - began) * 1e6)

    def ended(self, stream: Stream) -> None:
        """Forget a connection."""
        if stream in self.streams:
            self.streams.discard(stream)
            self._dialer.outside -= 1

    def abort(self) -> None:
        """Drop every connection at once."""
        for stream in tuple(self.streams):
            stream.abort()

    async def _dial(self, host: str, port: int) -> Stream:
        found = await self._dialer.addresses(host)
        if isinstance(found, Failure):
            raise NoConnectionError(found)
        began = self._dialer.clock()
        errors: list[OSError] = []
        for address in found:
            try:
                reader, writer = await asyncio.open_connection(address, port, limit=BUFFER)
            except OSError as error:
                errors.append(error)
                continue
            self.exchange.connecting += int((self._dialer.clock() - began) * 1e6)
            return self._opened(reader, writer)
        raise min(errors, key=lambda error: not isinstance(error, ConnectionError))

    def _opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Stream:
        stream = Stream(self, reader, writer, self._dialer.clock())
        self.streams.add(stream)
        self._dialer.outside += 1
        return stream


class Stream(httpcore.AsyncNetworkStream):
    """One connection; `born`: when it was made, in the dialer's seconds."""

    def __init__(
        self, net: Net, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, born: float
    ) -> None:
        self._net, self._reader, self._writer = net, reader, writer
        self.born = born

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Some bytes, none at the end; raises OSError. The request's own deadline is the limit."""
        data = await self._reader.read(max_bytes)
        self._net.exchange.bytes_in += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """All of them; httpcore forgives a WriteError when an answer came all the same."""
        if not buffer:
            return
        self._net.exchange.bytes_out += len(buffer)
        try:
            if self._writer.transport.is_closing():  # uvloop raises no OSError for it
                raise ConnectionResetError("the connection is lost")
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """End it."""
        self.abort()

    def abort(self) -> None:
        """End it at once."""
        self._net.ended(self)
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> Stream:
        """Go on encrypted."""
        try:
            await self._net.encrypt(self._writer, ssl_context, server_hostname)
        except BaseException:
            self.abort()
            raise
        return self

    def get_extra_info(self, info: str) -> object:
        """What httpcore asks: whether an idle connection has ended, and what TLS agreed on."""
        if info == "is_readable":
            return self._reader.at_eof() or self._writer.transport.is_closing()
        return self._writer.get_extra_info(info)


def _late(dialer: Dialer, error: TimeoutError) -> Failure:
    if error.errno is not None:  # the system's own, not ours
        return classify(error)
    return Failure("connect_timeout", f"no connection within {dialer.connect_timeout:g} s")
