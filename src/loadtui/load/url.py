"""URLs taken apart (pure): the origin a connection belongs to, and the target it is asked for."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin

UNIX = "http+unix"
"""The scheme of HTTP over a unix socket, whose path stands, escaped, where a host would."""

_PARTS = re.compile(r"(https?|http\+unix)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WITH_ORIGIN = re.compile(r"(https?|http\+unix)://[^/?#]+/[^#]*", re.IGNORECASE)
_LONGEST_SOCKET = 103
"""Bytes that every system takes for the path of a socket."""
_AUTHORITY = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]+))(?::(\d{0,5}))?")
_HOST = re.compile(r"[a-z0-9._-]+")
_CLEAN_TARGET = re.compile(r"/[!$-;=?-\[\]_a-z~]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LEFT_ALONE = "!$%&'()*+,-./:;=?@[]_~"


class Origin(NamedTuple):
    """Scheme, host and port: what one kept-alive connection serves.

    `scheme` is "http" or "https", `host` lower case, an IPv6 address without brackets; or `scheme`
    is `UNIX`, `host` the path of a socket and `port` 0.
    """

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """`host[:port]` as the Host header wants it, the scheme's own port left out."""
        if self.scheme == UNIX:
            return "localhost"
        host = f"[{self.host.partition('%')[0]}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"

    def __str__(self) -> str:
        where = quote(self.host, safe="") if self.scheme == UNIX else self.authority
        return f"{self.scheme}://{where}"


def split(url: str) -> tuple[Origin, str]:
    """Return origin and request target (path and query, never empty, escaped where it must be).

    Raises ValueError with a sentence for anything but a plain http, https or http+unix URL.
    """
    parts = _PARTS.fullmatch(url)
    if parts is None:
        raise ValueError(f"{url!r} is no http:// or https:// URL")
    scheme, authority, target = parts.groups()
    return _origin(scheme, authority), _escaped(target)


def names_origin(start: str) -> bool:
    """Whether whatever follows the start of a URL belongs to its target."""
    return _WITH_ORIGIN.fullmatch(start) is not None


def is_clean(target: str) -> bool:
    """Whether a request target can be sent as it is."""
    return _CLEAN_TARGET.fullmatch(target) is not None


def join(origin: Origin, target: str, reference: str) -> str:
    """Return the absolute URL that `reference` means at `target` of `origin` (RFC 3986, 5)."""
    if origin.scheme != UNIX:
        return urljoin(f"{origin}{target}", reference)
    if _WITH_SCHEME.match(reference) or reference.startswith("//"):
        return urljoin("http:", reference)
    return f"{origin}{urljoin(target, reference)}"


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


# Few origins, many requests: a URL with fresh values in its path costs one look-up here.
@lru_cache(maxsize=256)
def _origin(scheme: str, authority: str) -> Origin:
    if scheme.lower() == UNIX:
        return Origin(UNIX, socket_path(authority), 0)
    if "@" in authority:
        # Also what a URL made to look like another host is built with.
        raise ValueError("a URL with user name or password is not accepted; send a header instead")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise ValueError(f"{authority!r} is no host, or has no valid port")
    literal, name, port = parts.groups()
    scheme = scheme.lower()
    host = _name(name) if literal is None else _literal(literal)
    number = int(port) if port else _default_port(scheme)
    if not 0 < number < 65536:
        raise ValueError(f"port {number} is not between 1 and 65535")
    return Origin(scheme, host, number)


def socket_path(authority: str) -> str:
    """The path that stands escaped in a URL; ValueError with a sentence for what is none."""
    path = unquote(authority)
    if not path.startswith("/") or _CONTROL.search(path):
        raise ValueError(f"{authority!r} is no path of a socket; write http+unix://%2Frun%2Fa.sock")
    if len(path.encode()) > _LONGEST_SOCKET:
        raise ValueError(f"the socket's path is longer than {_LONGEST_SOCKET} bytes")
    return path


def _literal(text: str) -> str:
    try:
        return str(IPv6Address(unquote(text)))
    except AddressValueError:
        raise ValueError(f"[{text}] is no IPv6 address") from None


def _name(text: str) -> str:
    host = text.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueError(f"{text!r} is no valid host name") from None
    if _HOST.fullmatch(host) is None:
        raise ValueError(f"{text!r} is no valid host name")
    return host


def _escaped(target: str) -> str:
    if is_clean(target):
        return target
    if _CONTROL.search(target) is not None:
        raise ValueError(f"the path {target!r} holds a control character")
    if not target.startswith("/"):
        target = f"/{target}"
    return quote(target, safe=_LEFT_ALONE)
