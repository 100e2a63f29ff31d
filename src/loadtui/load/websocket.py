"""One WebSocket connection over the library, to an address that the guard has allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    ConnectionClosedOK,
    InvalidHandshake,
    InvalidStatus,
)
from websockets.protocol import State
from websockets.typing import Subprotocol

from loadtui.load.dialer import GOODBYE, Dialer
from loadtui.load.failure import Failure, classify
from loadtui.load.framing import BODY_LIMIT
from loadtui.load.head import Call
from loadtui.load.url import UNIX

NO_CODE = 1006
"""The close code of a connection that ended without one (RFC 6455, 7.1.5)."""

_COMPUTED = frozenset(
    {
        "host",
        "connection",
        "upgrade",
        "sec-websocket-extensions",
        "sec-websocket-key",
        "sec-websocket-protocol",
        "sec-websocket-version",
    }
)


class Refused(NamedTuple):
    """Why there is no connection; `status`: what the server answered instead of 101, else 0."""

    failure: Failure
    status: int = 0


class Socket:
    """An open connection. `failure`: why it is open no more, no kind when it ended in order.

    `bytes_in`, `bytes_out`: all that crossed it, the opening included, without the TLS around.
    """

    def __init__(self, connection: _Counted, patience: float, clock: Callable[[], float]) -> None:
        """`patience`: seconds until a message must be taken from us."""
        self._connection, self._patience, self._clock = connection, patience, clock
        self.failure = Failure("")
        self.code, self.reason = 0, ""

    @property
    def subprotocol(self) -> str:
        """What was agreed on, "" for nothing."""
        return self._connection.subprotocol or ""

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended it yet."""
        return not self.code

    @property
    def bytes_in(self) -> int:
        """Bytes read."""
        return self._connection.bytes_in

    @property
    def bytes_out(self) -> int:
        """Bytes written."""
        return self._connection.bytes_out

    async def send(self, message: str | bytes) -> bool:
        """Send; False when the connection is broken, or takes nothing for too long."""
        try:
            async with asyncio.timeout(self._patience):
                await self._connection.send(message)
        except ConnectionClosed as error:
            self._ended(error)
        except TimeoutError:
            self.abort(Failure("timeout", f"nothing was taken for {self._patience:g} s"))
        return self.is_open

    async def receive(self, timeout: float | None) -> str | bytes | None:
        """The next message; None when none comes in time, or ever."""
        try:
            async with asyncio.timeout(timeout):
                return await self._connection.recv()
        except ConnectionClosed as error:
            self._ended(error)
        except TimeoutError:
            pass
        return None

    async def ping(self, timeout: float) -> float | None:
        """Seconds until the pong came; None when none comes in time, or ever."""
        try:
            async with asyncio.timeout(timeout):
                # The library's own figure is of the loop's clock, which uvloop cuts to whole ms.
                began = self._clock()
                await (await self._connection.ping())
                return self._clock() - began
        except ConnectionClosed as error:
            self._ended(error)
        except TimeoutError:
            pass
        return None

    async def close(self, code: int, reason: str) -> None:
        """Say farewell; the peer has a second to answer. Messages not received are lost."""
        was_open = self._connection.state is State.OPEN
        try:
            await self._connection.close(code, reason)
        except BaseException:
            self.abort(Failure("cut"))
            raise
        error = self._connection.protocol.close_exc
        if was_open and self.is_open and error.rcvd is None:
            self.code, self.reason = code, reason
        else:
            self._ended(error)

    def abort(self, failure: Failure) -> None:
        """Drop it at once."""
        if self.is_open:
            self.failure, self.code = failure, NO_CODE
        self._connection.transport.abort()

    def _ended(self, error: ConnectionClosed) -> None:
        if not self.is_open:
            return
        frame = error.rcvd or error.sent
        self.code = frame.code if frame is not None else NO_CODE
        self.reason = frame.reason if frame is not None else ""
        if isinstance(error, ConnectionClosedOK):
            return
        if isinstance(error.__cause__, OSError):
            self.failure = classify(error.__cause__)
        else:
            is_ours = error.sent is not None and not error.rcvd_then_sent
            self.failure = Failure("protocol" if is_ours else "closed", str(error))


async def open_socket(dialer: Dialer, call: Call, subprotocols: Sequence[str]) -> Socket | Refused:
    """Dial the allowed addresses one after the other, and shake hands; all within the call's
    time-out.

    No redirect and no proxy is followed, and no ping is sent unasked, as in k6.
    """
    try:
        async with asyncio.timeout(call.timeout):
            return await _open(dialer, call, subprotocols)
    except TimeoutError as error:
        if error.errno is not None:  # the system's own, not ours
            return Refused(classify(error))
        return Refused(Failure("timeout", f"not open within {call.timeout:g} s"))
    except OSError as error:
        return Refused(classify(error))
    except InvalidStatus as error:
        status = error.response.status_code
        return Refused(Failure("protocol", f"it answered {status} instead of 101"), status)
    except InvalidHandshake as error:
        return Refused(_without_hands(error))


async def _open(dialer: Dialer, call: Call, subprotocols: Sequence[str]) -> Socket | Refused:
    places = await _places(dialer, call)
    if isinstance(places, Failure):
        return Refused(places)
    errors: list[OSError] = []
    for place in places:
        try:
            connection = await _dialled(call, subprotocols, place)
            return Socket(connection, call.timeout, dialer.clock)
        except OSError as error:
            errors.append(error)
    raise min(errors, key=lambda error: not isinstance(error, ConnectionError))


async def _places(dialer: Dialer, call: Call) -> list[dict[str, Any]] | Failure:
    """What makes asyncio dial exactly the addresses that are allowed."""
    origin = call.origin
    if origin.scheme == UNIX:
        return [{"unix": True, "path": origin.host}]
    found = await dialer.addresses(origin.host)
    if isinstance(found, Failure):
        return found
    tls: dict[str, Any] = {}
    if origin.scheme == "https":
        tls = {"ssl": dialer.context, "server_hostname": dialer.server_name(origin)}
        tls["ssl_shutdown_timeout"] = GOODBYE
    return [{"host": address, "port": origin.port, **tls} for address in found]


async def _dialled(call: Call, subprotocols: Sequence[str], place: dict[str, Any]) -> _Counted:
    fields = [(name.decode(), value.decode()) for name, value in call.fields]
    scheme = "wss" if call.origin.scheme == "https" else "ws"
    # The library writes the URL's host into the Host header, and dials another one.
    connection = await _Once(
        f"{scheme}://{call.header('host')}{call.target}",
        additional_headers=[each for each in fields if each[0].lower() not in _COMPUTED],
        subprotocols=[Subprotocol(each) for each in subprotocols] or None,
        user_agent_header=None,
        compression=None,
        proxy=None,
        open_timeout=None,
        ping_interval=None,
        close_timeout=GOODBYE,
        max_size=BODY_LIMIT,
        create_connection=_Counted,
        **place,
    )
    return cast("_Counted", connection)


def _without_hands(error: InvalidHandshake) -> Failure:
    cause = error.__cause__
    if isinstance(cause, OSError):
        return classify(cause)
    if isinstance(cause, EOFError):
        return Failure("closed", "the connection ended before there was an answer")
    return Failure("protocol", f"{error}: {cause}" if cause is not None else str(error))


class _Once(connect):
    """One attempt."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow none: where it leads, nobody has looked at."""
        return exc


class _Counted(ClientConnection):
    """A connection that counts its bytes."""

    bytes_in = bytes_out = 0
    _leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count what is written."""
        super().connection_made(cast("asyncio.BaseTransport", _Counting(self, transport)))

    def data_received(self, data: bytes) -> None:
        """Count what is read, and do not wait for ever for a peer that is to leave now."""
        self.bytes_in += len(data)
        super().data_received(data)
        if self._leaving is None and self.protocol.close_expected():
            self._leaving = self.loop.call_later(GOODBYE, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has left."""
        if self._leaving is not None:
            self._leaving.cancel()
        super().connection_lost(exc)


class _Counting:
    """A transport that counts what is written."""

    def __init__(self, to: _Counted, transport: asyncio.BaseTransport) -> None:
        self._to, self._transport = to, cast("asyncio.Transport", transport)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._to.bytes_out += len(data)
        self._transport.write(data)
