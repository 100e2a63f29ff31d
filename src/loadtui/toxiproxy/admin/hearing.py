"""How long the control API listens to somebody who has not finished asking."""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Hearing(HttpToolsProtocol):
    """A connection of the control API; a request that takes longer to come than `PATIENCE` seconds
    (the original server's time) ends it, so that who never finishes takes nothing for good.
    """

    PATIENCE = 15.0

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is here; listen."""
        super().connection_made(transport)
        # Head and body are two writes. asyncio sets this only on sockets that name their protocol,
        # and without it each call on a kept connection waits 40 ms for an acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._listen()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._listen()

    def on_message_complete(self) -> None:
        """A request has come whole."""
        super().on_message_complete()
        self._heard()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is here any more."""
        self._heard()
        super().connection_lost(exc)

    def _listen(self) -> None:
        self._heard()
        self._waiting = self.loop.call_later(self.PATIENCE, self.transport.abort)

    def _heard(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
