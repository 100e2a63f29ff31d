"""One stream of server-sent events over httpx, on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from http import HTTPStatus

import httpx
from httpx_sse import EventSource, ServerSentEvent

from loadtui.load.exchange import Exchange
from loadtui.load.failure import Failure, classify
from loadtui.load.framing import BODY_LIMIT
from loadtui.load.head import Call
from loadtui.load.httpx_client import EXPECTED, Marks, failure_of, head_of, request_of
from loadtui.load.httpx_net import Net
from loadtui.load.httpx_transport import Transport
from loadtui.load.streams import Streams
from loadtui.load.url import Origin

KIND = "text/event-stream"
"""What a stream of events calls itself."""


class EventStream:
    """A stream that may be open. `failure`: why it is not, no kind when it ended in order."""

    def __init__(self, streams: Streams, origin: Origin) -> None:
        """Nothing is sent yet."""
        self._clock = streams.dialer.clock
        self._net = Net(streams.dialer, streams.server_name)
        direct = streams.is_direct
        # The system's authorities take 10 ms, which plain HTTP past any proxy has no use for.
        context = None if direct and origin.scheme != "https" else streams.context
        self._transport = Transport(streams.dialer, self._net, context, is_direct=direct)
        self._body: _Body | None = None
        self._events: AsyncGenerator[ServerSentEvent, None] | None = None
        self._coming: asyncio.Task[ServerSentEvent | None] | None = None
        self.failure = Failure("")

    @property
    def is_open(self) -> bool:
        """Whether more events may come."""
        return self._events is not None

    @property
    def bytes_in(self) -> int:
        """Bytes read since the stream was open."""
        return self._net.exchange.bytes_in

    async def open(self, call: Call) -> Exchange:
        """Ask for the stream; the answer's headers are the end of the request that is returned."""
        exchange = self._net.exchange = Exchange(self._clock())
        marks = Marks(self._clock)
        try:
            async with asyncio.timeout(call.timeout):
                response = await self._transport.handle_async_request(request_of(call, marks.trace))
            exchange.head, exchange.status = head_of(response), response.status_code
            self._take(response)
        except TimeoutError as error:
            self.failure = (
                Failure("timeout", f"no answer within {call.timeout:g} s")
                if error.errno is None
                else classify(error)
            )
        except EXPECTED as error:
            self.failure = failure_of(error)
        if not exchange.status:
            exchange.error, exchange.detail = self.failure
        marks.settle(exchange)
        self._net.exchange = Exchange()
        if not self.is_open:
            self.close()
        return exchange

    async def receive(self, timeout: float | None) -> ServerSentEvent | None:
        """The next event; None when none comes in time, or ever."""
        if self._coming is None:
            if timeout is None:
                return await self._next()
            # A read that is given up would end the stream: it goes on, and is asked again later.
            self._coming = asyncio.ensure_future(self._next())
        done, _ = await asyncio.wait({self._coming}, timeout=timeout)
        if not done:
            return None
        coming, self._coming = self._coming, None
        return coming.result()

    def close(self) -> None:
        """Drop the connection at once."""
        self._events = None
        if self._coming is not None:
            self._coming.cancel()
        self._transport.reset()

    def _take(self, response: httpx.Response) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code != HTTPStatus.OK:
            words = f"it answered {response.status_code} instead of 200"
            self.failure = Failure("protocol", words)
        elif kind != KIND:
            self.failure = Failure(
                "protocol", f"it answered {kind or 'nothing'}, which is no {KIND}"
            )
        else:
            self._body = _Body(response)
            source = httpx.Response(200, headers=response.headers, stream=self._body)
            self._events = EventSource(source).aiter_sse()

    async def _next(self) -> ServerSentEvent | None:
        events = self._events
        if events is None or self._body is None:
            return None
        self._body.size = 0
        try:
            return await anext(events)
        except StopAsyncIteration:
            self._end(Failure(""))
        except _TooLargeError:
            self._end(Failure("protocol", f"an event has more than {BODY_LIMIT} bytes"))
        except httpx.DecodingError as error:
            self._end(Failure("protocol", str(error)))
        except EXPECTED as error:
            self._end(failure_of(error))
        return None

    def _end(self, failure: Failure) -> None:
        # Whoever closed it meanwhile broke the connection, and not the server.
        if self._events is not None:
            self.failure, self._events = failure, None


class _TooLargeError(Exception):
    """More for one event than anybody keeps."""


class _Body(httpx.AsyncByteStream):
    """The bytes of an answer; `size`: those since the last event."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.size = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_raw():
            self.size += len(piece)
            if self.size > BODY_LIMIT:
                raise _TooLargeError
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()
