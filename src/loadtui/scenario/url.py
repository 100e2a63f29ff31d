"""URLs of requests, checked before the first one is sent (pure).

A relative URL continues the target's path, as httpx's `base_url` does: `/api` on
`http://host/v1` is `http://host/v1/api`.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import quote, unquote

from loadtui.errors import BadInput
from loadtui.model.text import Text, Variable, joined

_LEGAL = "%/?#[]@!$&'()*+,;=:-._~"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f]")
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?")
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d+(?:[/?]|\Z)")
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>.*))?", re.DOTALL)
_UNIX = "http+unix"
_LONGEST_SOCKET = 103
_EXAMPLE = "http://127.0.0.1:3000"


def absolute(url: Text, target: str = "") -> Text:
    """The URL that is sent, joined to `target` where it is relative, its variables escaped.

    Raises:
        BadInput: for anything that no request can be sent to, or whose host is not fixed.
    """
    url = url.escaped("url")
    head = url.parts[0] if url.parts else ""
    if isinstance(head, Variable):
        raise BadInput(
            "a url cannot begin with a value that is fresh for each request",
            hint="its host must be known before the first one: begin with / or http://",
        )
    for part in url.parts:
        if isinstance(part, str):
            _check_characters(part)
    if _SCHEME.match(head):
        return _checked(head, url)
    _check_relative(head, target)
    joint = target if head.startswith("?") else f"{target.rstrip('/')}/"
    start = joint + head.lstrip("/")
    return _checked(start, Text((start, *url.parts[1:])))


def _check_relative(head: str, target: str) -> None:
    if not head:
        raise BadInput("the url is empty", hint="write at least /")
    if head.startswith("//") or _HOST_AND_PORT.match(head):
        hint = f"write http://{head.lstrip('/')}"
        raise BadInput(f"the url {head!r} has no scheme", hint=hint)
    if not target:
        hint = f"add target: {_EXAMPLE}, or write http://{head.lstrip('/')} if it names its host"
        raise BadInput(f"the url {head!r} is relative and there is no target", hint=hint)


def base(target: str) -> str:
    """The target with its path and without a last slash, ready to be continued.

    Raises:
        BadInput: for what `absolute` refuses, and for a query.
    """
    if "?" in target:
        hint = "put the query into the urls of the requests"
        raise BadInput("the target has a query", hint=hint)
    return str(absolute(Text((target,) if target else ())).parts[0]).rstrip("/")


def origin(url: str) -> str:
    """Scheme and authority of an absolute URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{re.split('[/?]', rest, maxsplit=1)[0]}"


def _check_characters(part: str) -> None:
    if found := _SPACE_OR_CONTROL.search(part):
        written = quote(found.group())
        what = "a space" if found.group() == " " else "a control character"
        raise BadInput(f"the url holds {what}", hint=f"write {written} for it, or remove it")
    if "#" in part:
        hint = "leave it out, or write %23"
        raise BadInput("the url has a fragment (#…), which is never sent", hint=hint)


def _checked(head: str, url: Text) -> Text:
    """The URL with scheme and authority checked; `head` is its first, constant part."""
    found = _SCHEME.match(head)
    scheme = found[1].lower() if found else ""
    if found is None or not found[2]:
        rest = head[found.end() :] if scheme in {"http", "https"} and found else head
        hint = f"write http://{rest.lstrip('/')}"
        raise BadInput(f"the url {head!r} has no scheme", hint=hint)
    if scheme not in {"http", "https", _UNIX}:
        raise BadInput(f"the scheme {scheme} cannot be loaded", hint="use http:// or https://")
    authority, slash, path = _cut(head[found.end() :])
    if not slash and len(url.parts) > 1:
        raise BadInput(
            "host and port cannot be fresh for each request",
            hint="end them with / before the first such value",
        )
    host = _socket(authority) if scheme == _UNIX else _authority(authority)
    start = f"{scheme}://{host}"
    path = path if path.startswith("/") else f"/{path}"
    tail = (quote(p, safe=_LEGAL) if isinstance(p, str) else p for p in (path, *url.parts[1:]))
    return joined(start, Text(tuple(tail)))


def _cut(rest: str) -> tuple[str, str, str]:
    for at, character in enumerate(rest):
        if character in "/?":
            return rest[:at], character, rest[at:]
    return rest, "", ""


def _socket(text: str) -> str:
    """The path of a unix socket, which stands escaped where a host would."""
    path = unquote(text)
    if not path.startswith("/") or _SPACE_OR_CONTROL.search(path):
        hint = "escape its absolute path: http+unix://%2Frun%2Fapp.sock/orders"
        raise BadInput(f"{text!r} is not the path of a socket", hint=hint)
    if len(path.encode()) > _LONGEST_SOCKET:
        hint = "link it from a shorter path"
        raise BadInput(f"the path of the socket is longer than {_LONGEST_SOCKET} bytes", hint=hint)
    return quote(path, safe="")


def _authority(text: str) -> str:
    if "@" in text:
        hint = "send them in an authorization header"
        raise BadInput("the url holds a user name or password", hint=hint)
    found = _AUTHORITY.fullmatch(text)
    host = found["host"] if found else ""
    if not host:
        raise BadInput("the url names no host", hint=f"write it as {_EXAMPLE}/path")
    _check_host(host)
    port = found["port"] if found else None
    if port is None or port == "":
        return host
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):
        raise BadInput(f"the port {port!r} does not exist", hint="ports go from 1 to 65535")
    return f"{host}:{int(port)}"


def _check_host(host: str) -> None:
    if host.startswith("["):
        try:
            IPv6Address(host[1:-1])
        except ValueError:
            hint = "write it as [::1]"
            raise BadInput(f"{host!r} is not an IPv6 address", hint=hint) from None
        return
    if not host.isascii():
        try:
            hint = f"write {host.encode('idna').decode()}"
        except UnicodeError:
            hint = "write it in ASCII"
        raise BadInput(f"the host {host} is not ASCII", hint=hint)
    if _HOST.fullmatch(host) is None:
        raise BadInput(f"{host!r} is not a host name", hint="check its spelling")
