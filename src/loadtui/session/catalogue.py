"""All sessions of this machine by their numbers: a SQLite index beside the journals.

The journals are the truth. An index that is missing, damaged or of another version is made anew,
and one that cannot be written is done without.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from loadtui.session.kept import Kept, looked
from loadtui.session.running import is_running
from loadtui.session.shelf import journals

VERSION = 1
NAME = "index.sqlite"
PATIENCE = 2.0
"""Seconds to wait for another loadtui that writes the index."""


def catalogue(folder: Path) -> list[Kept]:
    """Every session, the newest last; those that are new or have changed are read."""
    try:
        with _index(folder / NAME) as index:
            return _fresh(folder, index)
    except sqlite3.Error:
        return [found for path in journals(folder) if (found := _looked(path)) is not None]


def _fresh(folder: Path, index: sqlite3.Connection) -> list[Kept]:
    known = {each.id: each for each in _rows(index)}
    found = []
    for path in journals(folder):
        now = known.get(path.stem)
        if now is None or _has_changed(path, now):
            if (now := _looked(path)) is None:
                continue
            row = (now.id, msgspec.json.encode(now))
            index.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?)", row)
        found.append(now)
    gone = set(known) - {each.id for each in found}
    index.executemany("DELETE FROM sessions WHERE id = ?", [(each,) for each in gone])
    index.commit()
    return found


def _rows(index: sqlite3.Connection) -> Iterator[Kept]:
    for (body,) in index.execute("SELECT body FROM sessions"):
        with suppress(msgspec.DecodeError, TypeError):
            yield msgspec.json.decode(body, type=Kept)


def _has_changed(path: Path, known: Kept) -> bool:
    if known.state == "runs" or is_running(path):
        return True
    try:
        status = path.stat()
    except OSError:
        return True
    return (status.st_size, status.st_mtime_ns) != (known.bytes, known.changed)


def _looked(path: Path) -> Kept | None:
    """None where it went away meanwhile, or may not be read."""
    try:
        return looked(path)
    except OSError:
        return None


@contextmanager
def _index(path: Path) -> Iterator[sqlite3.Connection]:
    """The open index; one that is none is replaced. Raises sqlite3.Error where that fails, too."""
    try:
        index = _opened(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        with suppress(OSError):
            path.unlink()
        index = _opened(path)
    with closing(index):
        yield index


def _opened(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, timeout=PATIENCE)
    try:
        (version,) = index.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            index.execute("DROP TABLE IF EXISTS sessions")
            index.execute("CREATE TABLE sessions (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
            index.execute(f"PRAGMA user_version = {VERSION}")
        index.execute("SELECT count(body) FROM sessions").fetchone()
    except sqlite3.Error:
        index.close()
        raise
    return index
