"""The socket at which anybody of this user may ask a session's watchdog for a panic.

A unix socket, 0600. One PanicAsked in, one PanicAnswer out, then the connection ends.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from loadtui.chaos.frames import FrameError, PanicAnswer, PanicAsked, Unpacker, pack

_LONGEST = 100
"""Bytes of a path that every system takes as a socket's address (macOS: 104, Linux: 108)."""
_CALLERS = 16


class Doorbell:
    """The listening end; served by whoever runs the selector, never waits."""

    def __init__(
        self, path: Path, selector: selectors.BaseSelector, rung: Callable[[str, int], None]
    ) -> None:
        """Listen at `path`; a panic calls `rung(source, caller)`. Raises OSError."""
        self._path, self._selector, self._rung = path, selector, rung
        self._listener = _listening(path)
        self._callers: dict[int, socket.socket] = {}
        self._next = 0
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def answer(self, caller: int, answer: PanicAnswer) -> None:
        """Tell a caller what was done and hang up."""
        connection = self._callers.get(caller)
        if connection is None:
            return
        with contextlib.suppress(OSError):
            connection.send(pack(answer))
        self._hang_up(caller)

    def close(self) -> None:
        """Hang up on everybody and remove the socket."""
        for caller in list(self._callers):
            self._hang_up(caller)
        self._selector.unregister(self._listener)
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            if len(self._callers) >= _CALLERS:
                connection.close()
                return
            connection.setblocking(False)
            caller, self._next = self._next, self._next + 1
            self._callers[caller] = connection
            words: Unpacker[PanicAsked] = Unpacker(PanicAsked)
            self._selector.register(
                connection, selectors.EVENT_READ, lambda: self._hear(caller, words)
            )

    def _hear(self, caller: int, words: Unpacker[PanicAsked]) -> None:
        try:
            data = self._callers[caller].recv(4096)
            asked = words.feed(data)
        except (OSError, FrameError):
            data, asked = b"", []
        if not data:
            self._hang_up(caller)
        for panic in asked[:1]:
            self._rung(panic.source, caller)

    def _hang_up(self, caller: int) -> None:
        connection = self._callers.pop(caller)
        self._selector.unregister(connection)
        connection.close()


def ring(path: Path, source: str, timeout: float) -> PanicAnswer | None:
    """Ask at `path` for a panic and wait for the answer; None when nobody answers there in time."""
    words: Unpacker[PanicAnswer] = Unpacker(PanicAnswer)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            with _short(path) as address:
                connection.connect(address)
            connection.sendall(pack(PanicAsked(source)))
            while data := connection.recv(65536):
                for answer in words.feed(data):
                    return answer
    except (OSError, FrameError):
        return None
    return None


def _listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.setblocking(False)
    others = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        with _short(path) as address:
            listener.bind(address)
        listener.listen(_CALLERS)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(others)
    return listener


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """Give an address for a path of any length: from within its folder, if it must be."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    with contextlib.chdir(path.parent):
        yield path.name
