"""Ports that one demo has chosen and no other one may, from the choice until its end.

Between the choice of a port and the moment a part listens there lie seconds. A second demo that
starts in them would choose the same.
"""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path


class Claims:
    """What this demo claimed: one locked file for each port; a lock ends with its process."""

    def __init__(self, parent: Path) -> None:
        """Claim nothing yet; the locks of all demos of this user lie below `parent`."""
        self._folder = parent / f"loadtui-ports-{os.geteuid()}"
        self._locks: list[int] = []

    def claim(self, port: int) -> bool:
        """Whether a server can listen on 127.0.0.1:`port` and no other demo wants to; then it is
        ours until `release`.
        """
        lock = self._lock(port)
        if lock is None:
            return False
        if not is_free(port):
            os.close(lock)
            return False
        self._locks.append(lock)
        return True

    def _lock(self, port: int) -> int | None:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(self._folder / str(port), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            # No place for locks: as good as it gets without them.
            return os.open(os.devnull, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return None
        return lock

    def release(self) -> None:
        """Leave every port to others."""
        while self._locks:
            os.close(self._locks.pop())


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        # As servers do: what only lingers in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    # Where a server on every address does not forbid a second one on loopback.
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
