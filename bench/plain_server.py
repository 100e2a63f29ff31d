"""The least that is an HTTP server: `python -m bench.plain_server PORT`; takes no bodies."""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import uvloop

from bench.answer import BODY


def _answer(body: str) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


class _Peer(asyncio.Protocol):
    requests = 0
    order = _answer(BODY)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._rest = cast("asyncio.Transport", transport), b""

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            if request.startswith(b"GET /count "):
                self._transport.write(_answer(str(_Peer.requests)))
            else:
                _Peer.requests += 1
                self._transport.write(_Peer.order)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Peer, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))
