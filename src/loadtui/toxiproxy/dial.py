"""Connecting to an upstream: a socket, or the reason why there is none."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable, Sequence
from functools import lru_cache

from loadtui.toxiproxy.address import Address, BadAddress, literal, parse
from loadtui.toxiproxy.names import addresses

PATIENCE = 30.0
"""Seconds until an upstream that neither accepts nor refuses is given up."""

_UNDER_WAY = {errno.EINPROGRESS, errno.EALREADY}
Joined = Callable[[socket.socket], None]
Failed = Callable[[str], None]


class Dial:
    """Tries the addresses of `host:port` in turn; then `joined` gets the socket, or `failed` why.

    Either may happen before `start` returns: on loopback, connecting takes no time.
    """

    def __init__(self, upstream: str, joined: Joined, failed: Failed) -> None:
        self._upstream, self._joined, self._failed = upstream, joined, failed
        self._loop = asyncio.get_running_loop()
        self._left: list[Address] = []
        self._trying: socket.socket | None = None
        self._looking_up: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin."""
        try:
            wanted, known = _read(self._upstream)
        except BadAddress as error:
            self._fail(str(error))
            return
        if known:
            self._try([wanted])
        else:
            self._looking_up = self._loop.create_task(self._look_up(wanted))

    def cancel(self) -> None:
        """Forget about it."""
        if self._deadline is not None:
            self._deadline.cancel()
        if self._looking_up is not None:
            self._looking_up.cancel()
        if self._trying is not None:
            self._loop.remove_writer(self._trying.fileno())
            self._trying.close()
            self._trying = None

    async def _look_up(self, wanted: Address) -> None:
        try:
            found = await addresses(wanted.host, wanted.port)
        except BadAddress as error:
            self._fail(str(error))
        else:
            self._try(found)

    def _try(self, found: Sequence[Address]) -> None:
        address, *self._left = found
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        try:
            trying = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:  # no descriptor left
            self._fail(os.strerror(error.errno or 0).lower())
            return
        trying.setblocking(False)
        self._trying = trying
        code = _connect(trying, address)
        if code == errno.EINPROGRESS:  # asked again, a neighbour on loopback is there already
            code = _connect(trying, address)
        if code in _UNDER_WAY:
            if self._deadline is None:
                self._deadline = self._loop.call_later(PATIENCE, self._fail, "i/o timeout")
            self._loop.add_writer(trying.fileno(), self._settled)
        else:
            self._judge(0 if code == errno.EISCONN else code)

    def _settled(self) -> None:
        if self._trying is not None:
            self._loop.remove_writer(self._trying.fileno())
            self._judge(self._trying.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    def _judge(self, code: int) -> None:
        tried, self._trying = self._trying, None
        if tried is None:
            return
        if not code:
            if self._deadline is not None:
                self._deadline.cancel()
            self._joined(tried)
            return
        tried.close()
        if self._left:
            self._try(self._left)
        else:
            self._fail(os.strerror(code).lower())

    def _fail(self, why: str) -> None:
        self.cancel()
        self._failed(why)


def _connect(trying: socket.socket, address: Address) -> int:
    try:
        return trying.connect_ex(tuple(address))
    except socket.gaierror:  # fe80::1%eth7, where there is no eth7
        return errno.EINVAL


@lru_cache(maxsize=256)  # dialled again and again
def _read(upstream: str) -> tuple[Address, bool]:
    """Where it is, and whether its host needs no looking up. Raises BadAddress."""
    if not upstream:
        raise BadAddress("missing address")
    wanted = parse(upstream)
    host = wanted.host or "127.0.0.1"
    return Address(host, wanted.port), literal(host)
