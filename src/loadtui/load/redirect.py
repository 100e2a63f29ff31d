"""Where an answer sends the client next (pure): the call of the following hop, or none."""

from __future__ import annotations

from loadtui.load.exchange import Exchange
from loadtui.load.head import Call, build_call
from loadtui.load.url import Origin, join, split

_CHANGING = frozenset({301, 302, 303})
_KEEPING = frozenset({307, 308})
_OF_A_BODY = frozenset({"content-type", "content-encoding", "content-language", "content-location"})
_OF_AN_ORIGIN = frozenset({"host", "authorization", "proxy-authorization", "cookie", "cookie2"})


def next_call(call: Call, exchange: Exchange) -> Call | None:
    """Return the call that follows a redirecting answer, None for any other answer.

    As in k6: 301, 302 and 303 turn all but GET and HEAD into a GET without body, 307 and 308 repeat
    the call. What belongs to an origin (Host, credentials, cookies) does not cross to another. The
    next hop has what is left of the time-out. Raises ValueError with a sentence for a Location
    that cannot be followed.
    """
    location = exchange.header("location") if exchange.status in _CHANGING | _KEEPING else None
    if not location:
        return None
    line, *lines = call.head.decode().removesuffix("\r\n\r\n").split("\r\n")
    url, crosses = _goal(call.origin, line.split(" ")[1], location)
    changes = exchange.status in _CHANGING and call.method not in {"GET", "HEAD"}
    dropped = {"content-length"}
    dropped |= _OF_A_BODY if changes else set()
    dropped |= _OF_AN_ORIGIN if crosses else set()
    return build_call(
        "GET" if changes else call.method,
        url,
        [header for header in map(_field, lines) if header[0].lower() not in dropped],
        None if changes else call.body or None,
        max(0.0, call.timeout - (exchange.ended - exchange.started)),
        keeps_body=call.keeps_body,
    )


def _goal(origin: Origin, target: str, location: str) -> tuple[str, bool]:
    # Headers are read as Latin-1; a Location in UTF-8 is common all the same.
    reference = location.encode("latin-1").decode("utf-8", "replace")
    try:
        url = join(origin, target, reference)
        return url, split(url)[0] != origin
    except ValueError as error:
        raise ValueError(f"the redirect to {reference!r} cannot be followed: {error}") from None


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name, value
