"""`vu.ws`: WebSockets, each a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from loadtui.load.failure import Failure
from loadtui.load.head import Call, is_token
from loadtui.load.journey_call import NONE, write
from loadtui.load.journey_http import Pairs, name_of, with_query
from loadtui.load.journey_stream import Failing, Place, Record
from loadtui.load.streams import require

if TYPE_CHECKING:
    from loadtui.load.websocket import Socket

ORDERLY = 1000
"""The close code of a session that has done what it should (RFC 6455, 7.4.1)."""

_SCHEMES = {"ws": "http", "wss": "https"}


class WsOptions(TypedDict, total=False):
    """What a connection may say beyond its URL.

    `timeout`: seconds until it is open, and the limit of one `send`, `recv` and `ping`. `name`:
    what its records are called; the default is made as a request's is.
    """

    params: Pairs
    headers: Mapping[str, str]
    name: str
    tags: Mapping[str, object]
    timeout: float
    subprotocols: Sequence[str]


class WebSockets:
    """Opens WebSockets."""

    __slots__ = ("_place",)

    def __init__(self, place: Place) -> None:
        """None is open."""
        self._place = place

    def connect(self, url: str, **options: Unpack[WsOptions]) -> WebSocket:
        """A connection that `async with` opens; a relative URL continues the target.

        Raises NotInstalled, with a sentence, without the package websockets, and ValueError for
        what must not be sent.
        """
        require("WebSockets", "websockets")
        return WebSocket(self._place, url, options)


class WebSocket(Failing):
    """One WebSocket. Nothing that its peer does ever raises.

    When it could not be opened, or is open no more, `send` is False, `recv` and `ping` are None and
    `async for` ends. `error` says why, as a Response's does; it is "" while the connection is open,
    and after an end in order (close code 1000 or 1001). `detail` is a sentence about it.
    """

    __slots__ = ("_call", "_is_over", "_name", "_place", "_record", "_refused", "_socket",
                 "_subprotocols", "_tags", "status")  # fmt: skip

    def __init__(self, place: Place, url: str, options: WsOptions) -> None:
        """Not open."""
        journey = place.journey
        if (params := options.get("params")) is not None:
            url = with_query(url, params)
        self._place, self._tags = place, options.get("tags")
        self._subprotocols = _checked(options.get("subprotocols") or ())
        self._name = options.get("name") or name_of("WS", url)
        own = options.get("headers") or NONE
        start = journey.calls.start("GET", _as_http(url), "", own)
        timeout = options.get("timeout") or journey.timeout
        self._call = write(start, "GET", own, None, timeout, place.values)
        self._socket: Socket | None = None
        self._record: Record | None = None
        self._refused = Failure("")
        self._is_over = False
        self.status = 0

    # -- facts -------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether messages can come and go, as far as is known."""
        return self._socket is not None and self._socket.is_open

    @property
    def subprotocol(self) -> str:
        """What was agreed on, "" for nothing."""
        return self._socket.subprotocol if self._socket is not None else ""

    @property
    def close_code(self) -> int:
        """The code it ended with, 1006 without one; 0 before."""
        return self._socket.code if self._socket is not None else 0

    @property
    def close_reason(self) -> str:
        """The text that came with the code."""
        return self._socket.reason if self._socket is not None else ""

    @property
    def _failure(self) -> Failure:
        return self._socket.failure if self._socket is not None else self._refused

    # -- life --------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        place = self._place
        if self._record is not None:
            raise RuntimeError("a WebSocket is opened once; call connect() again")
        await place.journey.streams.load("loadtui.load.websocket")
        await place.engine.admit()
        record = self._record = Record(place, "GET", self._name, self._tags)
        call = place.engine.with_kept(self._call)
        try:
            await self._open(call, record)
        except asyncio.CancelledError:
            record.cut()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or issubclass(kind, Exception):
            await self.close()
        else:
            self._cut()

    async def close(self, code: int = ORDERLY, reason: str = "") -> None:
        """End it; a peer that does not answer within a second is left."""
        socket = self._socket
        if socket is None or self._is_over:
            return
        try:
            if socket.is_open:
                await socket.close(code, reason)
        except BaseException:
            self._cut()
            raise
        self._account()
        self._over(is_whole=True)

    # -- messages ----------------------------------------------------------------------------

    async def send(self, message: str | bytes) -> bool:
        """Send text or bytes; whether the connection took it."""
        if self._socket is None or not self._socket.is_open:
            await asyncio.sleep(0)  # a journey may try for ever
            return False
        is_sent = await self._socket.send(message)
        if is_sent and self._record is not None:
            self._record.count("ws_msgs_sent")
        self._account()
        return is_sent

    async def recv(self, timeout: float | None = None) -> str | bytes | None:
        """The next message; None when none comes within `timeout` seconds (the connection's own
        time-out unless given), which leaves it open, and when it is open no more.
        """
        return await self._receive(self._call.timeout if timeout is None else timeout)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str | bytes:
        message = await self._receive(None)
        if message is None:
            raise StopAsyncIteration
        return message

    async def ping(self, timeout: float | None = None) -> float | None:
        """Seconds until the pong, None when none came in time."""
        if self._socket is None or not self._socket.is_open:
            await asyncio.sleep(0)
            return None
        took = await self._socket.ping(self._call.timeout if timeout is None else timeout)
        if took is not None and self._record is not None:
            self._record.time("ws_ping", took)
        self._account()
        return took

    # -- within ------------------------------------------------------------------------------

    async def _open(self, call: Call, record: Record) -> None:
        from loadtui.load.websocket import Refused, open_socket

        dialer = self._place.journey.streams.dialer
        found = await open_socket(dialer, call, self._subprotocols)
        if isinstance(found, Refused):
            self._refused, self.status = found
            record.tag(status=found.status, error=found.failure.kind)
            record.count("ws_sessions")
            record.rate("ws_failed", so=True)
            await asyncio.sleep(0)  # a failure may come without any wait at all
            return
        self._socket, self.status = found, 101
        dialer.outside += 1
        record.tag(status=101, **({"subproto": found.subprotocol} if found.subprotocol else {}))
        record.count("ws_sessions")
        record.time("ws_connecting")
        self._account()

    async def _receive(self, timeout: float | None) -> str | bytes | None:
        if self._socket is None or not self._socket.is_open:
            await asyncio.sleep(0)
            return None
        message = await self._socket.receive(timeout)
        if message is not None and self._record is not None:
            self._record.count("ws_msgs_received")
        self._account()
        return message

    def _account(self) -> None:
        if self._socket is not None and self._record is not None:
            self._record.bytes(self._socket.bytes_in, self._socket.bytes_out)

    def _cut(self) -> None:
        if self._socket is not None and not self._is_over:
            self._socket.abort(Failure("cut"))
            self._account()
            self._over(is_whole=False)

    def _over(self, *, is_whole: bool) -> None:
        self._is_over = True
        self._place.journey.streams.dialer.outside -= 1
        record = self._record
        if record is None:
            return
        if is_whole:
            record.time("ws_session_duration")
            record.rate("ws_failed", so=bool(self.error))
        else:
            record.cut()


def _checked(given: Sequence[str]) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else tuple(given)
    for each in found:
        if not is_token(each):
            raise ValueError(f"{each!r} is no name of a subprotocol")
    return found


def _as_http(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"{_SCHEMES.get(scheme.lower(), scheme)}{mark}{rest}" if mark else url
