"""What Toxiproxy's answers mean (pure): payloads to values, and whether a write took effect.

The server keeps toxicity as a 32-bit float, adds the attributes that a toxic was sent without and
drops those it does not know; comparing allows for the first two and reports the third. Each
`*_difference` returns a sentence for people, "" for no difference.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

from msgspec import Struct, ValidationError, convert

from loadtui.errors import ControlError
from loadtui.model.toxic import Attribute, Proxy, Toxic

_VERSION = re.compile(r'"version"\s*:\s*"([^"]*)"|\A([\w.+-]{1,40})\Z')
_PORT = re.compile(r":0*([1-9]\d*)\Z")
_Pairs = Iterable[tuple[str, Attribute, Attribute]]


def version(text: str) -> str:
    """Return the version from any of its forms: JSON, 2.6.0's broken JSON, 2.5's plain text."""
    found = _VERSION.search(text.strip())
    if found is None:
        raise _not_understood(text)
    return str(found[1] or found[2])


def proxies(payload: object) -> dict[str, Proxy]:
    """Return the proxies of GET /proxies by name; raises ControlError for anything else."""
    try:
        return {name: _proxy(one) for name, one in convert(payload, dict[str, _Proxy]).items()}
    except ValidationError as error:
        raise _not_understood(payload) from error


class Counted(Struct, frozen=True):
    """Counters of one proxy: connections open now, bytes passed on in both directions so far."""

    connections: int
    bytes: int


def counters(payload: object) -> dict[str, Counted]:
    """Return the live counters of GET /proxies by name; the original server has none."""
    try:
        found = convert(payload, dict[str, _Live])
    except ValidationError:
        return {}
    return {
        name: Counted(each.connections, sum(each.bytes.values())) for name, each in found.items()
    }


class _Live(Struct):
    connections: int
    bytes: dict[str, int]


def proxy(payload: object) -> Proxy:
    """Return one proxy; unknown fields are ignored, missing ones raise ControlError."""
    try:
        return _proxy(convert(payload, _Proxy))
    except ValidationError as error:
        raise _not_understood(payload) from error


class _Toxic(Struct):
    name: str
    type: str
    stream: str = "downstream"
    toxicity: float = 1.0
    attributes: dict[str, object] | None = None


class _Proxy(Struct):
    name: str
    listen: str
    upstream: str
    enabled: bool
    toxics: list[_Toxic] | None = None


def _proxy(one: _Proxy) -> Proxy:
    toxics = tuple(map(_toxic, one.toxics or ()))
    return Proxy(one.name, one.listen, one.upstream, one.enabled, toxics)


def _toxic(one: _Toxic) -> Toxic:
    attributes = {name: _attribute(value) for name, value in (one.attributes or {}).items()}
    return Toxic(one.name, one.type, one.stream, one.toxicity, attributes)


def _attribute(value: object) -> Attribute:
    """Return plain values as they come; a nested one, which no known type has, as its JSON."""
    return value if isinstance(value, Attribute) else json.dumps(value)


def reason(status: int, text: str) -> str:
    """Return the server's own words for a refusal; its JSON errors are labelled text/plain."""
    try:
        return str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return " ".join(text.split())[:200] or f"status {status} without a word"


def same_toxic(wanted: Toxic, found: Toxic) -> bool:
    """Whether a toxic reads as wanted; it may have attributes that were not asked for."""
    return not _difference(wanted.name, _toxic_pairs(wanted, found))


def toxic_difference(wanted: Toxic, found: Proxy) -> str:
    """Say what differs between a toxic as sent and as its proxy reads."""
    toxic = found.toxic(wanted.name)
    if toxic is None:
        return f"toxic {wanted.name} is not there"
    return _difference(wanted.name, _toxic_pairs(wanted, toxic))


def absence_difference(name: str, found: Proxy) -> str:
    """Say that a removed toxic is still there."""
    return f"toxic {name} is still there" if found.toxic(name) else ""


def enabled_difference(wanted: bool, found: Proxy) -> str:  # noqa: FBT001 - the value itself
    """Say that a proxy is not enabled, or not disabled, as wanted."""
    return _difference(found.name, [("enabled", wanted, found.enabled)])


def proxy_difference(wanted: Proxy, found: Proxy) -> str:
    """Say what differs between a proxy as sent and as read.

    The server resolves `listen`: only its port is compared, unless that was left to the server.
    """
    pairs: list[tuple[str, Attribute, Attribute]] = [
        ("upstream", wanted.upstream, found.upstream),
        ("enabled", wanted.enabled, found.enabled),
    ]
    if _port(wanted.listen) not in {"", _port(found.listen)}:
        pairs.append(("listen", wanted.listen, found.listen))
    toxics = (toxic_difference(toxic, found) for toxic in wanted.toxics)
    return _difference(wanted.name, pairs) or next(filter(None, toxics), "")


def _port(address: str) -> str:
    found = _PORT.search(address)
    return found[1] if found else ""


def _toxic_pairs(wanted: Toxic, found: Toxic) -> _Pairs:
    yield "type", wanted.type, found.type
    yield "stream", wanted.stream, found.stream
    yield "toxicity", wanted.toxicity, found.toxicity
    for name, value in wanted.attributes.items():
        yield name, value, found.attributes.get(name)


def _difference(name: str, pairs: _Pairs) -> str:
    for what, wanted, found in pairs:
        if not _equal(wanted, found):
            return f"{name}: asked for {what} {wanted}, the server says {found}"
    return ""


def _equal(one: Attribute, other: Attribute) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6)  # a 32-bit float keeps seven digits
    return one == other


def _not_understood(payload: object) -> ControlError:
    shown = " ".join(str(payload).split())[:80]
    return ControlError(0, f"this does not look like Toxiproxy: it answered {shown!r}")
