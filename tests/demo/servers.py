"""A neighbour that tests play by hand: a TCP server on loopback that answers what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Answer = Callable[[], Awaitable[bytes | None]]
"""What to send for one request; None hangs up."""


class Played:
    """What was seen: requests as they came, and how many connections there were."""

    url: str

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0


def reply(status: int, body: bytes = b"{}") -> bytes:
    return b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body)


@asynccontextmanager
async def played(answer: Answer) -> AsyncIterator[Played]:
    """Serve until the end of the block."""
    seen = Played()

    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        if task := asyncio.current_task():
            tasks.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                seen.requests.append(head + await reader.readexactly(length))
                said = await answer()
                if said is None:
                    return
                writer.write(said)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass  # the caller left, or the block ended
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    seen.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield seen
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)
