"""The demo's folders: one for each run, locked while it lives, swept away by the next run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from loadtui.demo.postgres import DATA
from loadtui.errors import SetupFailed

_PREFIX = "loadtui-demo-"
_WAIT, _PAUSE = 5.0, 0.02


class Folder:
    """A private folder that sweeps leave alone for as long as this process lives."""

    def __init__(self, parent: Path) -> None:
        """Make it below `parent`. Others can pass through it, which PostgreSQL's user must, but not
        look around in it. Raises SetupFailed.
        """
        try:
            fresh = Path(tempfile.mkdtemp(prefix=f"new-{_PREFIX}", dir=parent))
            fresh.chmod(0o711)
            self._lock = _lock(fresh)
            # It gets the name that a sweep looks for only now that it is locked.
            self.path = fresh.rename(parent / fresh.name.removeprefix("new-"))
        except OSError as error:
            raise SetupFailed(
                f"no folder can be made below {parent}: {error.strerror}",
                hint="set TMPDIR to a folder that can be written to",
            ) from None

    def remove(self) -> None:
        """Remove it with everything inside."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sweep(parent: Path) -> None:
    """Remove what dead runs of this user left below `parent`, and end a database that they left."""
    for path in parent.glob(f"{_PREFIX}*"):
        lock = _lock(path)
        if lock is None:
            continue
        _end_database(path / DATA)
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def _lock(path: Path) -> int | None:
    """A descriptor that holds the lock of a folder of ours; None when somebody else does.

    The lock is the folder's own and ends with whoever holds it. A link is no folder: the parent may
    be one that everybody writes to.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _end_database(data: Path) -> None:
    """End the server of `data`, if there still is one."""
    pid = _recorded(data / "postmaster.pid")
    for number in (signal.SIGINT, signal.SIGKILL):
        until = time.monotonic() + _WAIT
        # The number may be somebody else's by now: only the command line tells.
        if pid is None or not _serves(pid, data):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        while _serves(pid, data) and time.monotonic() < until:
            time.sleep(_PAUSE)


def _recorded(file: Path) -> int | None:
    """The server's process id, which PostgreSQL keeps in the first line of this file."""
    try:
        return int(file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    words = _command_line(pid)
    return "postgres" in words and str(data) in words


def _command_line(pid: int) -> str:
    """A process's command line; empty for one that is gone or waits to be reaped."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    )
    return listed.stdout.decode(errors="replace")
