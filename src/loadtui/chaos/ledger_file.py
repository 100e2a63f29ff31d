"""The ledger on disk: an append-only file of JSON lines, and what earlier sessions left in theirs.

One file a session, `ledger-<pid>-<start>.ndjson`, 0600 in a 0700 directory. The session and its
watchdog each hold a shared lock on it while they live; a file that nobody holds belongs to no
living session. There is no fsync: lines are written with one `write` and so outlive every way a
process can end; only the machine's own end loses them, and that ends a Toxiproxy on it, too.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from loadtui.chaos.frames import Forgotten, LedgerLine, OwnServer, Recorded, from_line, line
from loadtui.chaos.ledger import Ledger
from loadtui.model.ledger import Entry

_NAME = re.compile(r"ledger-(\d+)-(\d+)\.ndjson")


class LedgerFile:
    """The file of a living session, held open and locked."""

    def __init__(self, path: Path) -> None:
        """Open or create the file at `path` and hold it; raises OSError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._fd = _held(path)

    def append(self, frame: LedgerLine) -> None:
        """Write one line; raises OSError when the disk is full or gone."""
        text = line(frame)
        if os.write(self._fd, text) < len(text):
            # What follows must not continue the piece.
            os.write(self._fd, b"\n")
            raise OSError(f"{self.path} did not take a whole line: is the disk full?")

    def close(self) -> None:
        """Let go of it."""
        os.close(self._fd)

    def remove(self) -> None:
        """Delete it: nothing is open any more."""
        _remove(self.path)


def file_name(pid: int, start: float) -> str:
    """The name of a session's file; `start` (Unix seconds) tells sessions of one pid apart."""
    return f"ledger-{pid}-{int(start * 1000)}.ndjson"


def socket_path(ledger: Path) -> Path:
    """Where the watchdog that holds this file can be asked for a panic."""
    return ledger.with_name(ledger.stem.replace("ledger", "panic") + ".sock")


def session_of(path: Path) -> int | None:
    """The pid of the session that a file of this name belongs to; None for other files."""
    named = _NAME.fullmatch(path.name)
    return int(named[1]) if named else None


def ledger_files(state_dir: Path) -> list[Path]:
    """Every session's file, the oldest first."""
    found = [path for path in state_dir.glob("ledger-*.ndjson") if session_of(path) is not None]
    return sorted(found, key=lambda path: int(path.stem.rpartition("-")[2]))


def is_held(path: Path) -> bool:
    """Whether the session of this file, or its watchdog, lives."""
    with _alone(path) as fd:
        return fd is None and path.exists()


def open_entries(path: Path, *, own: bool) -> tuple[Entry, ...]:
    """The entries that a file leaves open; `own`: also those on a server of the session's own.

    Such a server ends with its session, and so does everything on it.
    """
    ledger, servers = Ledger(), set[str]()
    for frame in map(from_line, _lines(path)):
        match frame:
            case Recorded(entry=entry):
                ledger = ledger.put(entry)
            case Forgotten(id=entry_id):
                ledger = ledger.drop(entry_id)
            case OwnServer(url=url):
                servers.add(url)
            case None:
                continue
    return tuple(entry for entry in ledger.entries if own or entry.server not in servers)


def _remove(path: Path) -> None:
    """Delete a file, and the socket that a killed watchdog left beside it."""
    path.unlink(missing_ok=True)
    socket_path(path).unlink(missing_ok=True)


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        return []


def leftovers(state_dir: Path) -> tuple[Entry, ...]:
    """What sessions that are gone left open, the oldest first; files without any are removed.

    Entries keep the ids of their own session, so two of them may share one.
    """
    found: list[Entry] = []
    for path in ledger_files(state_dir):
        with _alone(path) as fd:
            if fd is None:
                continue
            entries = open_entries(path, own=False)
            if not entries:
                _remove(path)
            found += entries
    return tuple(found)


@contextmanager
def taken_over(path: Path) -> Iterator[tuple[Entry, ...]]:
    """Hold a dead session's file alone and give its open entries; () when somebody holds it."""
    with _alone(path) as fd:
        yield () if fd is None else open_entries(path, own=False)


def strike(path: Path, entries: tuple[Entry, ...]) -> None:
    """Close entries in a file that is `taken_over`; remove the file when nothing is open in it."""
    with path.open("ab") as file:
        file.write(b"".join(line(Forgotten(entry.id)) for entry in entries))
    if not open_entries(path, own=False):
        _remove(path)


def _held(path: Path) -> int:
    """Open a file with a shared lock, again if somebody looked for leftovers and removed it."""
    for _ in range(100):
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_SH)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(fd), path.stat()):
                return fd
        os.close(fd)
    raise OSError(f"{path} is removed again and again")


@contextmanager
def _alone(path: Path) -> Iterator[int | None]:
    """Hold a file that nobody else holds while the block runs; None when somebody does."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield None
    else:
        yield fd
    finally:
        os.close(fd)
