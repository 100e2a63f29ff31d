"""Where an answer ends, and whether its connection lives on (pure)."""

from __future__ import annotations

from collections.abc import Callable

from loadtui.load.exchange import Exchange, final_head

HEAD_LIMIT = 256 * 1024
"""Bytes that status line and headers may have, those of 1xx answers before them included."""

CONTINUE = 1.0
"""Seconds to wait for `100 Continue` before a body is sent unasked, as curl does."""

BODY_LIMIT = 32 * 1024 * 1024
"""Bytes an answer may have for its body to be kept; larger ones are counted and timed, not kept."""


class HeadOnly:
    """What the parser calls for an answer that ends with its headers."""

    __slots__ = ("_ended",)

    def __init__(self, ended: Callable[[], None]) -> None:
        """`ended`: called when the headers are whole."""
        self._ended = ended

    def on_headers_complete(self) -> None:
        """The parser's own name for it."""
        self._ended()


def keeps_alive(exchange: Exchange) -> bool:
    """Whether the server will take another request on the connection of this answer."""
    wish = (exchange.header("connection") or "").lower()
    return "close" not in wish and (b"HTTP/1.1" in exchange.head or "keep-alive" in wish)


def ends_with_connection(exchange: Exchange) -> bool:
    """Whether the end of the connection is the end of the body (RFC 9112, 6.3, item 8)."""
    if not final_head(exchange.head) or exchange.header("content-length") is not None:
        return False
    codings = exchange.header("transfer-encoding") or ""
    return codings.rpartition(",")[2].strip().lower() != "chunked"
