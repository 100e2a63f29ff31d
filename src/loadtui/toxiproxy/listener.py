"""A listening socket, with the original server's words for why there is none."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable

from loadtui.toxiproxy.address import Address, BadAddress, is_wildcard
from loadtui.toxiproxy.descriptors import ceiling, lowest_free
from loadtui.toxiproxy.log import say
from loadtui.toxiproxy.names import resolve

BACKLOG = 4096
BATCH = 64
"""The most connections taken in a row before others get their turn."""

PAUSE = 0.1
"""Seconds without accepting when the process has no descriptor to spare."""

_WORDS = {
    errno.EADDRINUSE: "address already in use",
    errno.EADDRNOTAVAIL: "cannot assign requested address",
    errno.EACCES: "permission denied",
}


class CannotListen(Exception):
    """The message is the original server's."""


async def find(listen: str) -> Address:
    """Where `listen` is; nothing at all is a free port of loopback. Raises CannotListen."""
    try:
        return await resolve(listen or "127.0.0.1:0")
    except BadAddress as error:
        raise CannotListen(str(error)) from None


class Listener:
    """Accepts until it is closed; `taken` gets each socket, not blocking."""

    def __init__(self, address: Address, taken: Callable[[socket.socket], None]) -> None:
        """Listen now. Raises CannotListen."""
        self._taken, self._loop = taken, asyncio.get_running_loop()
        self._socket, self._ceiling = _listen(address), ceiling()
        self._pause: asyncio.TimerHandle | None = None
        self._batch = 1
        self._loop.add_reader(self._socket.fileno(), self._accept)

    @property
    def address(self) -> str:
        """Host and port as they are now."""
        host, port = self._socket.getsockname()[:2]
        return str(Address(host, port))

    def close(self) -> None:
        """Refuse from now on."""
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _accept(self) -> None:
        """Take one, as asking in vain costs; twice as many each time that there were enough."""
        try:
            for _ in range(self._batch):
                if lowest_free(self._socket) >= self._ceiling:
                    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
                client, _address = self._socket.accept()
                client.setblocking(False)
                self._taken(client)
            self._batch = min(2 * self._batch, BATCH)
        except (BlockingIOError, ConnectionAbortedError, InterruptedError):
            self._batch = 1
        except OSError as error:
            say(logging.ERROR, "Error while accepting client", error=error)
            self._loop.remove_reader(self._socket.fileno())
            self._pause = self._loop.call_later(PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._pause = None
        self._loop.add_reader(self._socket.fileno(), self._accept)


def _listen(address: Address) -> socket.socket:
    host, anywhere = address.host, is_wildcard(address.host)
    both = anywhere and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(not both))
        listening.bind((("::" if both else "0.0.0.0") if anywhere else host, address.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        number = errno.EINVAL if isinstance(error, socket.gaierror) else error.errno or 0
        words = _WORDS.get(number, os.strerror(number).lower())
        raise CannotListen(f"listen tcp {address}: bind: {words}") from None
    return listening
