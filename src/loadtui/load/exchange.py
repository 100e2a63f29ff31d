"""One request (one hop) and what came of it: its answer or the kind of its failure, and timings."""

from __future__ import annotations

import re

import msgspec

from loadtui.load.encoding import decode
from loadtui.load.failure import ErrorKind

_END = b"\r\n\r\n"

LOOKED_AT = 16 * 1024
"""Bytes of an answer in which what is special is looked for: no server has headers as long."""

find_special = re.compile(rb"\n(?:set-cookie|content-encoding):", re.IGNORECASE).search
"""Whether an answer sets a cookie or is encoded, as fast as can be told: called for every answer
(bytes, from, to).
"""


class Exchange:
    """What happened to one request; mutable while in flight, then left alone.

    `status` is 0 without an answer, then `error` says the kind and `detail` may hold a sentence.
    `started` and `ended` are `time.perf_counter` seconds. The phases are integer µs and mean what
    k6 means by them: `blocked` is asking for a connection until having one (look-up, dial and TLS
    included), `connecting` and `tls_handshaking` are 0 on a reused connection, `sending` ends when
    the transport took the request, `waiting` with the first byte of the answer, `receiving` with
    its last. Bytes are those of HTTP, without the TLS around them. `head` and `raw` are the answer
    as it came; `body` undoes the content coding on first use, unless `is_plain` says that there is
    none.
    """

    __slots__ = (
        "_headers",
        "_json",
        "_text",
        "blocked",
        "bytes_in",
        "bytes_out",
        "connecting",
        "detail",
        "ended",
        "error",
        "head",
        "is_plain",
        "raw",
        "receiving",
        "sending",
        "started",
        "status",
        "tls_handshaking",
        "waiting",
    )

    def __init__(self, started: float = 0.0) -> None:
        self.started = self.ended = started
        self.status = 0
        self.error: ErrorKind = ""
        self.detail = ""
        self.blocked = self.connecting = self.tls_handshaking = 0
        self.sending = self.waiting = self.receiving = 0
        self.bytes_in = self.bytes_out = 0
        self.head = self.raw = b""
        self.is_plain = False
        self._headers: bytes | None = None
        self._text: bytes | None = None
        self._json: object = msgspec.UNSET

    @property
    def duration_us(self) -> int:
        """Sending + waiting + receiving in µs; after a time-out the full wait, dial included."""
        if self.error in {"timeout", "connect_timeout"}:
            return int((self.ended - self.started) * 1e6)
        return self.sending + self.waiting + self.receiving

    def header(self, name: str) -> str | None:
        """Return the value of a header of the answer, several of one name joined by ", "."""
        if self._headers is None:
            self._headers = final_head(self.head)
        lowered = self._headers.lower()
        sought = f"\r\n{name.lower()}:".encode()
        values: list[bytes] = []
        at = lowered.find(sought)
        while at >= 0:
            start = at + len(sought)
            at = lowered.find(b"\r\n", start)
            values.append(self._headers[start : len(lowered) if at < 0 else at].strip())
            at = lowered.find(sought, start)
        return b", ".join(values).decode("latin-1") if values else None

    @property
    def body(self) -> bytes:
        """The body, decoded; as it came if it cannot be decoded (`json` says why then)."""
        if self._text is None:
            try:
                self._text = self._decoded()
            except ValueError:
                return self.raw
        return self._text

    def json(self) -> object:
        """Return the body read as JSON; raises ValueError with a sentence when it is none."""
        if self._json is msgspec.UNSET:
            text = self._decoded() if self._text is None else self._text
            try:
                self._json = msgspec.json.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise ValueError(f"the body is no JSON: {error}") from None
        return self._json

    def _decoded(self) -> bytes:
        if self.is_plain or not self.raw:
            return self.raw
        coding = self.header("content-encoding")
        return self.raw if coding is None else decode(self.raw, coding)


def final_head(head: bytes) -> bytes:
    """Return the answer's own status line and headers: no 1xx before them, no empty line after.

    Empty while they have not come whole.
    """
    start, end = 0, head.find(_END)
    while end >= 0 and head[start + 8 : start + 10] == b" 1":
        start = end + len(_END)
        end = head.find(_END, start)
    return head[start:end] if end >= 0 else b""
