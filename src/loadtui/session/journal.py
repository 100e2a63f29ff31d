"""The journal: append-only NDJSON from the first second, whole lines only, secrets redacted.

Line 1 is the header `{"journal": 1, …}`; then one object a line, `t` = session seconds:
`command`, `marker` (again whenever it changes), `second` (the merged rows of one second), `state`,
`scenario` (what is loaded from now on) and `gap`: `worker` should have reported from `since` to
`until` (null: it is not over, and the line comes again) and did not; with `whole` nobody did. Every
line is one `write` to an O_APPEND file: the page cache outlives a SIGKILL, so what was written is
not lost and fsync would only add stalls.
A disk that refuses ends the journal, never the session.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from loadtui.measure.custom import Measured
from loadtui.measure.tally import Spread, Tally

VERSION = 1
REDACTED = "•••"


NUMBERS = frozenset({"duration", "response", "late", "positive", "negative"})
"""Fields whose strings are packed numbers, not text."""


def redacted(value: Any, secrets: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """The same JSON-like value with every secret hidden in every text, keys included."""
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, REDACTED)
            return value
        case dict():
            return {
                redacted(key, secrets): item if key in NUMBERS else redacted(item, secrets)
                for key, item in value.items()
            }
        case list() | tuple():
            return [redacted(item, secrets) for item in value]
        case _:
            return value


def varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the high bit says that more follow."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))


def packed(buckets: dict[int, int]) -> str:
    """Buckets as base64 of varints: index deltas and counts in turn, lowest index first."""
    out = bytearray()
    last = 0
    for index in sorted(buckets):
        out += varint(index - last) + varint(buckets[index])
        last = index
    return base64.b64encode(out).decode()


def spread_line(spread: Spread) -> list[Any]:
    """[count, sum µs, lowest µs, highest µs, packed buckets]."""
    return [spread.count, spread.total, spread.low, spread.high, packed(spread.buckets)]


def tally_line(tally: Tally) -> dict[str, Any]:
    """One request name in one second; zero and empty fields are left out."""
    line: dict[str, Any] = {
        "n": tally.requests,
        "failed": tally.failed,
        "cut": tally.cut,
        "in": tally.bytes_in,
        "out": tally.bytes_out,
        "statuses": {str(k): v for k, v in tally.statuses.items()},
        "errors": tally.errors,
        "checks": tally.checks,
        "counters": tally.counters,
    }
    line = {key: value for key, value in line.items() if value}
    if tally.duration.count:
        line["duration"] = spread_line(tally.duration)
        line["phases_sum"] = [phase.total for phase in tally.phases]
    if tally.response.count:
        line["response"] = spread_line(tally.response)
    return line


def metric_line(sums: Measured) -> dict[str, Any]:
    """One custom metric in one second, in its own unit; a trend's buckets count millionths."""
    line: dict[str, Any] = {"type": sums.kind, "n": sums.count, "sum": sums.total}
    line |= {"low": sums.low, "high": sums.high, "last": sums.last, "truthy": sums.truthy}
    if sums.kind == "trend":
        line |= {"positive": packed(sums.positive), "negative": packed(sums.negative)}
    return line


class Journal:
    """One open journal file; `problem` says why it ended early, "" while all is well."""

    def __init__(self, path: Path, secrets: Iterable[str]) -> None:
        """Open (and create) the file, 0600; a failure is kept in `problem`, not raised."""
        self.path, self.problem = path, ""
        self._secrets: tuple[str, ...] = ()
        self.hide(secrets)
        self._fd = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._fd = os.open(path, flags, 0o600)
        except OSError as error:
            self.problem = f"no journal: {path}: {error.strerror}"

    def hide(self, secrets: Iterable[str]) -> None:
        """Hide these from now on, too."""
        known = {secret for secret in (*self._secrets, *secrets) if secret}
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def write(self, kind: str, at: float, fields: dict[str, Any]) -> None:
        """Append one line; after a failed write the journal is closed and `problem` says why."""
        if self._fd < 0:
            return
        plain = redacted(msgspec.to_builtins(fields, str_keys=True), self._secrets)
        data = msgspec.json.encode({"k": kind, "t": round(at, 3), **plain}) + b"\n"
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            self.problem = f"journal ended: {self.path}: {error.strerror}"
            self.close()

    def close(self) -> None:
        """Close the file; further lines are dropped."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
