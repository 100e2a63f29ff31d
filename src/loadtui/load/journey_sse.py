"""`vu.sse`: streams of server-sent events, each on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, cast

import msgspec

from loadtui.load.failure import Failure
from loadtui.load.journey_call import NONE, write
from loadtui.load.journey_http import SUCCESS, Options, Pairs, content_of, name_of, with_query
from loadtui.load.journey_stream import Failing, Place, Record

if TYPE_CHECKING:
    from loadtui.load.event_stream import EventStream

_WANTED = {"Accept": "text/event-stream", "Cache-Control": "no-store"}


class SseOptions(TypedDict, total=False):
    """What a stream may say beyond its URL.

    `method`: GET unless given. `timeout`: seconds until it is open. `name`: what its records are
    called; the default is made as a request's is.
    """

    method: str
    params: Pairs
    headers: Mapping[str, str]
    content: bytes | str
    data: Pairs
    json: Any
    name: str
    tags: Mapping[str, object]
    timeout: float


class Event(msgspec.Struct, frozen=True):
    """One event, "message" where the server names none; `id` is the last one that was given."""

    event: str
    data: str
    id: str

    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The data read as JSON; raises ValueError with a sentence when it is none."""
        try:
            return msgspec.json.decode(self.data)
        except msgspec.DecodeError as error:
            raise ValueError(f"the event's data is no JSON: {error}") from None


class Events(Failing):
    """A stream that `async with` opens. Nothing that the server does ever raises.

    Where it could not be opened, or ends, `async for` does; `error` says why, "" after an end in
    order. `status` is the answer's, 0 without one; the request is recorded as any other, and ends
    with the headers. `detail` is a sentence about the failure.
    """

    __slots__ = ("_call", "_has_event", "_is_over", "_name", "_options", "_place", "_record",
                 "_stream", "_was_open", "status")  # fmt: skip

    def __init__(self, place: Place, url: str, options: SseOptions) -> None:
        """Not open; raises ValueError for what must not be sent."""
        journey = place.journey
        if (params := options.get("params")) is not None:
            url = with_query(url, params)
        self._place, self._options = place, options
        method = (options.get("method") or "GET").upper()
        self._name = options.get("name") or name_of(method, url)
        body, kind = content_of(cast("Options", options))
        given = options.get("headers") or NONE
        taken = {name.lower() for name in given}
        wanted = {name: value for name, value in _WANTED.items() if name.lower() not in taken}
        own = {**wanted, **given}
        start = journey.calls.start(method, url, kind, own)
        timeout = options.get("timeout") or journey.timeout
        self._call = write(start, method, own, body, timeout, place.values)
        self._record: Record | None = None
        self._stream: EventStream | None = None
        self._has_event = self._is_over = self._was_open = False
        self.status = 0

    # -- facts -------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether more events may come, as far as is known."""
        return self._stream is not None and self._stream.is_open

    @property
    def _failure(self) -> Failure:
        return self._stream.failure if self._stream is not None else Failure("")

    # -- life --------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        place, options = self._place, self._options
        if self._record is not None:
            raise RuntimeError("a stream is opened once; call vu.sse() again")
        await place.journey.streams.load("loadtui.load.event_stream")
        from loadtui.load.event_stream import EventStream

        await place.engine.admit()
        record = Record(place, self._call.method, self._name, options.get("tags"))
        self._record, self._stream = record, EventStream(place.journey.streams, self._call.origin)
        await self._open(self._stream, record)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over(is_whole=kind is None or issubclass(kind, Exception))

    def close(self) -> None:
        """End it at once: there is no farewell."""
        self._over(is_whole=True)

    # -- events ------------------------------------------------------------------------------

    async def next(self, timeout: float | None = None) -> Event | None:
        """The next event; None when none comes within `timeout` seconds, which leaves the stream
        open, and when it is open no more.
        """
        stream, record = self._stream, self._record
        if stream is None or record is None or not stream.is_open:
            await asyncio.sleep(0)  # a journey may try for ever
            return None
        found = await stream.receive(timeout)
        record.bytes(stream.bytes_in, 0)
        if found is None:
            return None
        if not self._has_event:
            self._has_event = True
            record.time("sse_first_event")
        record.count("sse_events_received")
        return Event(found.event, found.data, found.id)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self.next()
        if event is None:
            raise StopAsyncIteration
        return event

    # -- within ------------------------------------------------------------------------------

    async def _open(self, stream: EventStream, record: Record) -> None:
        try:
            exchange = await stream.open(self._place.engine.with_kept(self._call))
        except BaseException:
            stream.close()
            record.cut()
            raise
        self.status = exchange.status
        self._place.engine.count(exchange, record.series, SUCCESS)
        record.tag(status=exchange.status)
        if stream.is_open:
            self._was_open = True
            record.time("sse_connecting")
        else:
            await asyncio.sleep(0)  # a failure may come without any wait at all

    def _over(self, *, is_whole: bool) -> None:
        stream, record = self._stream, self._record
        if stream is None or record is None or self._is_over:
            return
        self._is_over = True
        record.bytes(stream.bytes_in, 0)
        stream.close()
        if not is_whole:
            record.cut()
        elif self._was_open:
            record.time("sse_session_duration")
