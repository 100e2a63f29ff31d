"""The cookies of one VU (pure): what a server sets and what goes back to it (RFC 6265)."""

from __future__ import annotations

import math
import re
from calendar import timegm
from collections.abc import Iterable
from email.utils import parsedate_tz
from ipaddress import ip_address
from typing import NamedTuple

from loadtui.load.exchange import final_head
from loadtui.load.url import Origin

MOST = 180
"""Cookies a VU keeps, a browser's limit for one site; past it the oldest goes."""
LONGEST = 4096
"""Characters of name and value together; a longer cookie is refused, as browsers do."""

_MARK = b"set-cookie:"

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class _Cookie(NamedTuple):
    name: str
    value: str
    domain: str
    path: str
    is_host_only: bool
    is_secure: bool
    expires: float


class Jar:
    """Cookies kept until they expire; times are Unix seconds.

    Without a list of public suffixes, a `Domain` of one label is refused and any other parent of
    the host is believed. Session cookies last as long as the jar.
    """

    __slots__ = ("_cookies",)

    def __init__(self) -> None:
        """Empty."""
        self._cookies: dict[tuple[str, str, str], _Cookie] = {}

    def __len__(self) -> int:
        return len(self._cookies)

    def keep(self, lines: Iterable[str], origin: Origin, target: str, now: float) -> None:
        """Take the values of `Set-Cookie` headers that answered a request for `target`."""
        for line in lines:
            cookie = _parsed(line, origin.host, target, now)
            if cookie is None:
                continue
            key = (cookie.name, cookie.domain, cookie.path)
            if cookie.expires <= now:
                self._cookies.pop(key, None)
                continue
            if key not in self._cookies and len(self._cookies) >= MOST:
                del self._cookies[next(iter(self._cookies))]
            self._cookies[key] = cookie

    def header(self, origin: Origin, target: str, now: float, given: str = "") -> str:
        """The value of `Cookie` for a request, "" for none.

        `given`: the request's own cookies; they come first and win over kept ones of their name.
        """
        own = {each.partition("=")[0].strip() for each in given.split(";")}
        path = target.partition("?")[0]
        fitting = [
            each
            for each in self._cookies.values()
            if each.expires > now and each.name not in own and _fits(each, origin, path)
        ]
        # The longest path first; of equal ones the oldest, which is how they lie here.
        fitting.sort(key=lambda cookie: -len(cookie.path))
        pairs = [f"{each.name}={each.value}" for each in fitting]
        return "; ".join([given, *pairs] if given else pairs)


def set_cookies(head: bytes) -> list[str]:
    """The values of the `Set-Cookie` headers of an answer."""
    return [
        line[len(_MARK) :].decode("utf-8", "surrogateescape")
        for line in final_head(head).split(b"\r\n")
        if line[: len(_MARK)].lower() == _MARK
    ]


def _fits(cookie: _Cookie, origin: Origin, path: str) -> bool:
    if cookie.is_secure and origin.scheme != "https":
        return False
    if origin.host != cookie.domain and (
        cookie.is_host_only or not _is_below(origin.host, cookie.domain)
    ):
        return False
    start = cookie.path
    return path == start or (
        path.startswith(start) and (start.endswith("/") or path[len(start)] == "/")
    )


def _parsed(line: str, host: str, target: str, now: float) -> _Cookie | None:
    """One cookie; None for what a browser would refuse (RFC 6265, 5.2 and 5.3)."""
    pair, *fields = line.split(";")
    name, sign, value = (each.strip() for each in pair.partition("="))
    if not sign or not name or len(name) + len(value) > LONGEST or _CONTROL.search(pair):
        return None
    attributes: dict[str, str] = {}
    for field in fields:
        key, _, text = field.partition("=")
        attributes[key.strip().lower()] = text.strip()
    domain = attributes.get("domain", "").removeprefix(".").lower()
    is_parent = bool(domain) and domain != host
    if is_parent and ("." not in domain or not _is_below(host, domain)):
        return None
    path = attributes.get("path", "")
    return _Cookie(
        name,
        value,
        domain or host,
        path if path.startswith("/") else _default_path(target),
        not domain,
        "secure" in attributes,
        _expiry(attributes, now),
    )


def _is_below(host: str, domain: str) -> bool:
    return host.endswith(f".{domain}") and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _default_path(target: str) -> str:
    """The folder of a request target (RFC 6265, 5.1.4)."""
    return target.partition("?")[0].rpartition("/")[0] or "/"


def _expiry(attributes: dict[str, str], now: float) -> float:
    """When a cookie ends; `Max-Age` wins over `Expires`, and what cannot be read is ignored."""
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return now + min(int(age[:12]), 10**10) if int(age[:12]) > 0 else -math.inf
    date = parsedate_tz(attributes.get("expires", ""))
    if date is None:
        return math.inf
    try:
        return float(timegm(date[:6])) - (date[9] or 0)
    except (ValueError, OverflowError):
        return math.inf
