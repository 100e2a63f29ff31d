"""Both ends of connections through a proxy, with the time of every byte and of every end."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.toxiproxy_pair import HOST, Toxi

PATIENCE = 5.0
"""Seconds after which what is awaited counts as never coming."""

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER as (on, 0 s): closing sends a reset."""


class End(asyncio.Protocol):
    """One end of a connection; `arrivals` are (seconds on the monotonic clock, bytes).

    `ended` is None while open, then "eof" or "reset". The other direction stays open after an EOF.
    """

    def __init__(self, made: Callable[[End], None] | None = None) -> None:
        self._made = made
        self.transport: asyncio.Transport
        self.arrivals: list[tuple[float, bytes]] = []
        self.ended: str | None = None
        self.ended_at = 0.0
        self._lost = False
        self._changed = asyncio.Event()
        self._may_write = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._may_write.set()
        if self._made is not None:
            self._made(self)

    def data_received(self, data: bytes) -> None:
        self.arrivals.append((time.monotonic(), data))
        self._changed.set()

    def eof_received(self) -> bool:
        self._end("eof")
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._end("eof" if exc is None else "reset")
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def _end(self, how: str) -> None:
        if self.ended is None:
            self.ended, self.ended_at = how, time.monotonic()
        self._changed.set()

    @property
    def data(self) -> bytes:
        """Everything that arrived."""
        return b"".join(data for _, data in self.arrivals)

    def send(self, data: bytes) -> float:
        """Send bytes; return when."""
        now = time.monotonic()
        self.transport.write(data)
        return now

    async def flush(self) -> None:
        """Wait until what was sent went to the kernel."""
        await self._may_write.wait()

    async def fill(self, data: bytes, most: int) -> int:
        """Send `data` again and again until nothing moves for 0.3 s; return how much was sent."""
        for count in range(1, most // len(data) + 1):
            self.send(data)
            try:
                await asyncio.wait_for(self.flush(), 0.3)
            except TimeoutError:
                return count * len(data)
        raise AssertionError(f"nobody held {most} bytes back")

    def finish(self) -> float:
        """Send no more, and go on reading."""
        now = time.monotonic()
        self.transport.write_eof()
        return now

    def close(self) -> float:
        """Close once everything is sent."""
        now = time.monotonic()
        self.transport.close()
        return now

    def drop(self) -> None:
        """Let go of it, whatever state it is in."""
        if not self._lost:
            self.transport.abort()

    def reset(self) -> None:
        """End with a reset."""
        sock: socket.socket = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    async def got(self, count: int) -> float:
        """Wait for so many bytes in all; return when the last of them came."""
        while (at := self._time_of(count)) is None:
            assert self.ended is None, f"{self.ended} after {len(self.data)} of {count} bytes"
            await self._change()
        return at

    async def over(self) -> float:
        """Wait until the other side ended the connection; return when it did."""
        while self.ended is None:
            await self._change()
        return self.ended_at

    def _time_of(self, count: int) -> float | None:
        have = 0
        for at, data in self.arrivals:
            have += len(data)
            if have >= count:
                return at
        return None

    async def _change(self) -> None:
        self._changed.clear()
        async with asyncio.timeout(PATIENCE):
            await self._changed.wait()

    def sizes(self) -> list[int]:
        """The sizes of the pieces, as they arrived."""
        return [len(data) for _, data in self.arrivals]


@dataclass(frozen=True)
class Pair:
    """A connection through the proxy: `client` opened it, `peer` is the upstream's end."""

    client: End
    peer: End

    def ends(self, stream: str) -> tuple[End, End]:
        """Sender and receiver of a stream."""
        return (self.client, self.peer) if stream == "upstream" else (self.peer, self.client)


@dataclass
class Wire:
    """A proxy with an upstream of ours behind it."""

    server: Toxi
    name: str
    upstream: str
    listen: str = ""
    accepted: asyncio.Queue[End] = field(default_factory=asyncio.Queue)
    ends: list[End] = field(default_factory=list)

    def accept(self) -> End:
        """Make the upstream's end of a new connection."""
        return End(self._accepted)

    def _accepted(self, end: End) -> None:
        self.ends.append(end)
        self.accepted.put_nowait(end)

    async def dial(self, listen: str = "") -> End:
        """Connect a client; the upstream may or may not be there."""
        host, _, port = (listen or self.listen).rpartition(":")
        loop = asyncio.get_running_loop()
        _, end = await loop.create_connection(End, host.strip("[]"), int(port))
        self.ends.append(end)
        return end

    async def connect(self) -> Pair:
        """Connect a client and wait for its upstream."""
        client = await self.dial()
        async with asyncio.timeout(PATIENCE):
            return Pair(client, await self.accepted.get())

    async def add(
        self, type: str, stream: str = "downstream", toxicity: float = 1.0, **attributes: int
    ) -> None:
        """Add a toxic under its default name."""
        asked = {"type": type, "stream": stream, "toxicity": toxicity, "attributes": attributes}
        await self.server.must(f"POST /proxies/{self.name}/toxics", asked)

    async def change(self, toxic: str, toxicity: float | None = None, **attributes: int) -> float:
        """Change a toxic; return when the call began."""
        asked: dict[str, Any] = {"attributes": attributes} if attributes else {}
        if toxicity is not None:
            asked["toxicity"] = toxicity
        began = time.monotonic()
        await self.server.must(f"PATCH /proxies/{self.name}/toxics/{toxic}", asked)
        return began

    async def remove(self, toxic: str) -> float:
        """Remove a toxic; return when the call began."""
        began = time.monotonic()
        await self.server.must(f"DELETE /proxies/{self.name}/toxics/{toxic}")
        return began

    async def patch(self, **fields: object) -> None:
        """Change the proxy itself."""
        reply = (await self.server.must(f"PATCH /proxies/{self.name}", fields)).json()
        self.listen = reply["listen"]

    async def show(self) -> Any:  # noqa: ANN401  # whatever the server says
        """Read the proxy back."""
        return (await self.server.must(f"GET /proxies/{self.name}")).json()


@asynccontextmanager
async def wire(server: Toxi, name: str = "p", listen: str = f"{HOST}:0") -> AsyncIterator[Wire]:
    """Give a proxy in front of an upstream of ours while the block runs."""
    loop = asyncio.get_running_loop()
    made = Wire(server, name, "")
    behind = await loop.create_server(made.accept, HOST, 0, backlog=1024)
    made.upstream = f"{HOST}:{behind.sockets[0].getsockname()[1]}"
    asked = {"name": name, "listen": listen, "upstream": made.upstream}
    made.listen = (await server.must("POST /proxies", asked)).json()["listen"]
    try:
        yield made
    finally:
        behind.close()
        for _ in range(2):  # one that was being accepted shows up after the first round
            for end in made.ends:
                end.drop()
            await asyncio.sleep(0.001)


@asynccontextmanager
async def full_backlog() -> AsyncIterator[str]:
    """Give an address that neither takes nor refuses a connection: its queue is full."""
    loop = asyncio.get_running_loop()
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = []
        try:
            for _ in range(8):
                waiting.append(socket.socket())
                waiting[-1].setblocking(False)
                try:
                    await asyncio.wait_for(loop.sock_connect(waiting[-1], (HOST, port)), 0.1)
                except TimeoutError:
                    break
            yield f"{HOST}:{port}"
        finally:
            for each in waiting:
                each.close()


def about(seconds: float, wanted: float) -> None:
    """Accept a time that is not early by more than a tenth, and late by what busy cores make it."""
    assert 0.9 * wanted <= seconds <= 1.6 * wanted + 0.15, f"{seconds:.3f} s for {wanted} s"


def soon(seconds: float) -> None:
    """Accept a time that means at once."""
    assert seconds <= 0.15, f"{seconds:.3f} s is not at once"
