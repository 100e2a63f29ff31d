"""Header names and values: what may be sent, and what must never be written anywhere (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from loadtui.errors import BadInput
from loadtui.model.text import Text

Headers = tuple[tuple[str, Text], ...]

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_BAD_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_IN_COOKIE = re.compile(r"[\s\x00-\x1f\x7f;,]")
_SECRET = re.compile(
    r"authorization|cookie|token|secret|passw|credential|api[-_]?key|private[-_]?key", re.IGNORECASE
)
_COMPUTED = frozenset({"content-length", "transfer-encoding"})
_SHORTEST_SECRET = 4
"""Hiding every "1" or "abc" would make a report unreadable and protects nothing."""


def check_name(name: str) -> None:
    """Raises BadInput for a name that no server accepts or that is computed for each request."""
    if _TOKEN.fullmatch(name) is None:
        raise BadInput(f"{name!r} is not a header name", hint="use letters, digits and -")
    if name.lower() in _COMPUTED:
        raise BadInput(f"the header {name} is computed", hint="leave it out")


def check_value(name: str, value: Text) -> None:
    """Raises BadInput where a constant part of a value would end the header or cannot be sent."""
    for part in value.parts:
        if not isinstance(part, str):
            continue
        if found := _BAD_IN_VALUE.search(part):
            code = f"U+{ord(found.group()):04X}"
            raise BadInput(
                f"the header {name} holds the control character {code}", hint="remove it"
            )
        if not part.isascii():
            raise BadInput(f"the header {name} is not ASCII", hint="percent-encode its value")


def check_cookie(name: str, value: Text) -> None:
    """Raises BadInput for a cookie that would end its header or begin another cookie."""
    if _TOKEN.fullmatch(name) is None:
        raise BadInput(f"{name!r} is not a cookie name", hint="use letters, digits, - and _")
    for part in value.parts:
        if isinstance(part, str) and (_BAD_IN_COOKIE.search(part) or not part.isascii()):
            hint = "percent-encode it"
            raise BadInput(f"the cookie {name} holds a character that ends a cookie", hint=hint)


def check_method(method: str) -> str:
    """The method in capitals; raises BadInput for what is none or cannot be loaded."""
    if _TOKEN.fullmatch(method) is None:
        raise BadInput(f"{method!r} is not a method", hint="write GET, POST, PUT, PATCH or DELETE")
    if method.upper() == "CONNECT":
        raise BadInput("CONNECT opens a tunnel and cannot be loaded", hint="use another method")
    return method.upper()


def merged(*layers: Headers) -> Headers:
    """Headers of all layers; a later layer's own win, names compared without case."""
    out: dict[str, tuple[str, Text]] = {}
    for layer in layers:
        own: dict[str, tuple[str, Text]] = {name.lower(): (name, value) for name, value in layer}
        out.update(own)
    return tuple(out.values())


def has(headers: Headers, name: str) -> bool:
    """Whether a header of that name is there, compared without case."""
    return any(own.lower() == name for own, _ in headers)


def looks_secret(name: str) -> bool:
    """Whether a header or variable of that name holds what nobody should read."""
    return _SECRET.search(name) is not None


def secrets(headers: Iterable[tuple[str, Text]], variables: Mapping[str, str]) -> tuple[str, ...]:
    """Constant values of secret-looking headers (also without their scheme) and variables."""
    found = {value for name, value in variables.items() if looks_secret(name)}
    for name, text in headers:
        if looks_secret(name) and text.is_constant:
            value = "".join(part for part in text.parts if isinstance(part, str))
            found |= {value, value.partition(" ")[2]}
    return tuple(sorted(each for each in found if len(each) >= _SHORTEST_SECRET))
