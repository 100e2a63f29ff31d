"""The journal: append-only NDJSON from the first second, whole lines only, secrets redacted.

docs/journal.md says what is in it. Line 1 is the header `{"k": "header", "journal": 2, …}`; every
line has its kind `k`, the session second `t`, its number `n`, and, last, `crc`: the CRC-32 of all
that stands before it, so that whoever reads knows what is missing and what was damaged. Every line
is one `write` to an O_APPEND file: the page cache outlives a SIGKILL, so what was written is not
lost and fsync would only add stalls. A disk that refuses ends the journal, never the session. A
lock on the file says that its session still runs.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from loadtui.session.journal_line import with_sum

REDACTED = "•••"

NUMBERS_OF = {"second": frozenset({"duration", "response", "late", "positive", "negative"})}
"""Fields of a kind of line whose strings are packed numbers, not text."""


def redacted(
    value: Any,  # noqa: ANN401 - JSON
    secrets: tuple[str, ...],
    numbers: frozenset[str] | None = None,
) -> Any:  # noqa: ANN401 - JSON
    """The same JSON-like value with every secret hidden in every text, keys included.

    `numbers`: names of fields that are left as they are.
    """
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, REDACTED)
            return value
        case dict():
            return {
                redacted(key, secrets): (
                    item if numbers and key in numbers else redacted(item, secrets, numbers)
                )
                for key, item in value.items()
            }
        case list() | tuple():
            return [redacted(item, secrets, numbers) for item in value]
        case _:
            return value


def line(kind: str, at: float, number: int, fields: dict[str, Any]) -> bytes:
    """One line with its end: kind, second, number, what it says, and the sum of all that."""
    return with_sum(msgspec.json.encode({"k": kind, "t": round(at, 3), "n": number, **fields}))


class Journal:
    """One open journal file; `problem` says why it ended early, "" while all is well."""

    def __init__(self, path: Path, secrets: Iterable[str]) -> None:
        """Open (and create) the file, 0600; a failure is kept in `problem`, not raised."""
        self.path, self.problem = path, ""
        self._secrets: tuple[str, ...] = ()
        self.hide(secrets)
        self._fd, self._lines = -1, 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._fd = os.open(path, flags, 0o600)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.problem = f"no journal: {path}: {error.strerror}"

    def hide(self, secrets: Iterable[str]) -> None:
        """Hide these from now on, too."""
        known = {secret for secret in (*self._secrets, *secrets) if secret}
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def write(self, kind: str, at: float, fields: dict[str, Any]) -> int:
        """Append one line; how many bytes it has.

        After a failed write the journal is closed and `problem` says why.
        """
        if self._fd < 0:
            return 0
        said = msgspec.to_builtins(fields, str_keys=True)
        data = line(kind, at, self._lines, redacted(said, self._secrets, NUMBERS_OF.get(kind)))
        size = len(data)
        self._lines += 1
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            self.problem = f"journal ended: {self.path}: {error.strerror}"
            self.close()
        return size

    def close(self) -> None:
        """Close the file; further lines are dropped."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
