"""HTTP to a control API over urllib3: a time-out bounds the whole answer, each thread has its own
connection, nothing is retried or redirected, no proxy setting of the shell is obeyed.

urllib3 sets one time-out on a socket and applies it to every read, so a server that sends a byte
now and then is waited for without end. Here a time-out, once set, starts a clock.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, Timeout
from urllib3 import exceptions as failures
from urllib3.connection import HTTPConnection

from loadtui import __version__
from loadtui.chaos import reply
from loadtui.errors import ControlError, ServerLost, ServerStuck

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CONNECT = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, with the names that `requests.Response` gives its parts."""

    status_code: int
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> object:
        """Return the body's value; raises ValueError."""
        return json.loads(self.content)


class Wire:
    """The way to one server. Every failure is a ControlError."""

    def __init__(self, url: str) -> None:
        """Connect to the base URL `url` when something is sent."""
        parts = urlsplit(url)
        self._where, self._prefix = parts.netloc, parts.path
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._here = threading.local()

    def send(self, method: str, path: str, body: object, timeout: float) -> Answer:
        """Send one request, wait at most `timeout` seconds, return its answer of status < 300."""
        headers = {"User-Agent": f"loadtui/{__version__}", "Content-Type": "application/json"}
        try:
            answer = self._pool().urlopen(
                method,
                self._prefix + path,
                body=None if body is None else json.dumps(body).encode(),
                headers=headers,
                retries=False,
                redirect=False,
                timeout=Timeout(connect=_CONNECT, total=timeout),
            )
        except failures.HTTPError as error:
            raise self._no_answer(error, timeout) from error
        return _accepted(Answer(answer.status, answer.data))

    def _pool(self) -> HTTPConnectionPool:
        """Return this thread's pool of one connection."""
        pool: HTTPConnectionPool | None = getattr(self._here, "pool", None)
        if pool is None:
            pool = self._here.pool = _BoundedPool(self._host, self._port)
        return pool

    def _no_answer(self, error: failures.HTTPError, timeout: float) -> ControlError:
        match error:
            case failures.NewConnectionError():
                return ServerLost(0, f"nothing listens at {self._where}")
            case failures.TimeoutError():
                return ServerStuck(0, f"{self._where} did not answer within {timeout:g} s")
            case failures.ProtocolError():
                return ServerLost(0, f"{self._where} broke the connection")
            case _:
                return ControlError(0, f"{self._where}: {error}")


def _accepted(answer: Answer) -> Answer:
    if answer.status_code < 300:
        return answer
    # 503 is the server's own time-out: a handler that waits for a lock for good.
    kind = ServerStuck if answer.status_code == 503 else ControlError
    raise kind(answer.status_code, reply.reason(answer.status_code, answer.text))


class _BoundedSocket(socket.socket):
    """A socket on which `settimeout(seconds)` bounds everything that is received from then on."""

    _end: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        """Start the clock; urllib3 does so once a request."""
        self._end = None if value is None else time.monotonic() + value
        super().settimeout(value)

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0, /) -> int:
        """Receive within what is left."""
        if self._end is not None:
            left = self._end - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            super().settimeout(left)
        return super().recv_into(buffer, nbytes, flags)


class _BoundedConnection(HTTPConnection):
    def _new_conn(self) -> _BoundedSocket:  # urllib3's hook for those who bring their own socket
        plain = super()._new_conn()
        timeout = plain.gettimeout()
        bounded = _BoundedSocket(fileno=plain.detach())
        bounded.settimeout(timeout)
        return bounded


class _BoundedPool(HTTPConnectionPool):
    ConnectionCls = _BoundedConnection
