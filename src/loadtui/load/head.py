"""Requests ready for the wire (pure): built once when constant, cheaply when a value is fresh."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from loadtui import __version__
from loadtui.load.url import Origin, split

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_COMPUTED = frozenset({"content-length", "transfer-encoding"})
_HAVE_BODIES = frozenset({"POST", "PUT", "PATCH"})
_ALWAYS = (
    ("User-Agent", f"loadtui/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate, br"),
)


class Call:
    """One request as bytes: `wire` is `head`, up to and including the empty line, and `body`.

    `timeout`: seconds for the whole request, connecting included. `keeps_body`: whether anybody
    will look at the body of the answer; if not it is counted, not kept. `expects`: the body waits
    for `100 Continue`. Reusable any number of times.
    """

    __slots__ = ("body", "expects", "keeps_body", "method", "origin", "timeout", "wire")

    def __init__(
        self, method: str, origin: Origin, wire: bytes, body: bytes, timeout: float
    ) -> None:
        self.method = method
        self.origin = origin
        self.wire = wire
        self.body = body
        self.timeout = timeout
        self.keeps_body = True
        self.expects = False

    @property
    def head(self) -> bytes:
        """What comes before the body."""
        return self.wire[: len(self.wire) - len(self.body)]

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """Names and values of its headers, each as it was given."""
        return [(name, value[1:]) for name, value in fields_of(self.head)]

    @property
    def target(self) -> str:
        """Path and query as they are sent."""
        return self.wire[: self.wire.index(b"\r")].split(b" ")[1].decode()

    def header(self, name: str) -> str:
        """The value of a header that is sent, the first of its name; "" where there is none."""
        sought = f"\r\n{name.lower()}: ".encode()
        head = self.head
        at = head.lower().find(sought)
        if at < 0:
            return ""
        start = at + len(sought)
        return head[start : head.index(b"\r", start)].decode()

    def replacing(self, name: str, value: str) -> Call:
        """The same call with one header set; name and value are not looked at."""
        first, *lines = self.head[:-4].split(b"\r\n")
        sought = f"{name.lower()}:".encode()
        kept = [line for line in lines if not line.lower().startswith(sought)]
        field = f"{name}: {value}".encode("utf-8", "surrogateescape")
        head = b"\r\n".join([first, *kept, field, b"", b""])
        out = Call(self.method, self.origin, head + self.body, self.body, self.timeout)
        out.keeps_body, out.expects = self.keeps_body, self.expects
        return out


def build_call(
    method: str,
    url: str,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    timeout: float = 60.0,
    *,
    keeps_body: bool = True,
) -> Call:
    """Serialise a request; Host, User-Agent, Accept and Accept-Encoding are added unless given.

    Raises ValueError with a sentence for a URL, method or header that must not be sent: one that
    could smuggle a second request, or a framing header (they are computed from `body`).
    """
    origin, target = split(url)
    opening, may_expect = opening_of(origin, tuple([name for name, _ in headers]))
    length = length_of(method, body)
    text = f"{checked(method)} {target} HTTP/1.1\r\n{opening}{lines_of(headers)}{length}\r\n"
    body = body or b""
    call = Call(method, origin, encoded(text) + body, body, timeout)
    call.keeps_body = keeps_body
    if may_expect and body:
        call.expects = call.header("expect").lower() == "100-continue"
    return call


def fields_of(head: bytes) -> list[tuple[bytes, bytes]]:
    """Names and values of the headers behind the first line of a request or an answer, with the
    spaces that stand around them.
    """
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:] if line]
    return [(name, value) for name, _, value in lines]


def is_token(text: str) -> bool:
    """Whether that can be the name of a method, a header or a subprotocol (RFC 9110, 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def length_of(method: str, body: bytes | None) -> str:
    """The line that tells how long the body is, "" where none is needed."""
    if body is None:
        return "Content-Length: 0\r\n" if method in _HAVE_BODIES else ""
    return f"Content-Length: {len(body)}\r\n"


@lru_cache(maxsize=64)
def checked(method: str) -> str:
    """The method; ValueError with a sentence for one that must not be sent."""
    if not is_token(method) or method == "CONNECT":
        raise ValueError(f"{method!r} is no method that can be sent")
    return method


# The same few sets of names come back for every request of a run.
@lru_cache(maxsize=256)
def opening_of(origin: Origin, names: tuple[str, ...]) -> tuple[str, bool]:
    """The lines that are added, and whether `Expect` is among the names that are given."""
    given = set()
    for name in names:
        if not is_token(name):
            raise ValueError(f"{name!r} is no valid header name")
        given.add(name.lower())
    for name in given & _COMPUTED:
        raise ValueError(f"the header {name} is computed from the body; leave it out")
    added = (("Host", origin.authority), *_ALWAYS)
    lines = [f"{name}: {value}\r\n" for name, value in added if name.lower() not in given]
    return "".join(lines), "expect" in given


def lines_of(headers: Sequence[tuple[str, str]]) -> str:
    """Headers whose names are checked as lines; ValueError with a sentence for a value that would
    bring a line of its own.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers) or "\0" in lines:
        raise ValueError(smuggled(headers))
    return lines


def smuggled(headers: Sequence[tuple[str, str]]) -> str:
    """What is wrong with the first value that holds what ends a header."""
    names = [name for name, value in headers if any(sign in str(value) for sign in "\r\n\0")]
    return f"the value of header {names[0]} holds a line break or NUL"


def encoded(text: str) -> bytes:
    """The text as UTF-8; ValueError with a sentence for what has no such form."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a header holds a character that cannot be sent as UTF-8") from None
