"""Say what an answer of Toxiproxy's control API must be, byte for byte, and check it.

`$a` to `$d` in a request or an answer are ports that nobody listens on; `$any` in an answer is any
port. A proxy is compared without the fields that only one of the two servers sends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Any

from tests.support.toxiproxy_pair import Reply, Toxi
from tests.support.toxiproxy_server import free_port

Heads = Mapping[str, str | None]
"""Header names with their values; None is any value."""

_ROUTED: Heads = {"x-toxiproxy-request-id": None}
_PLAIN: Heads = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
JSON: Heads = {"content-type": "application/json", **_ROUTED}
VERSION: Heads = {"content-type": "application/json;charset=utf-8", **_ROUTED}
ERROR: Heads = {**_PLAIN, **_ROUTED}
GONE: Heads = _ROUTED
UNROUTED_TEXT: Heads = _PLAIN
UNROUTED: Heads = {}

_OF_HTTP = {"date", "content-length", "connection", "location"}
_OF_OURS = {"x-toxiproxy-server"}
_PROXY = ("name", "listen", "upstream", "enabled", "toxics")
_XID = re.compile(r"[0-9a-v]{20}")

Given = tuple[str, str]
"""A request that comes first, `METHOD /path` and its body; it must succeed."""


@dataclass(frozen=True)
class Differs:
    """What the embedded server answers where it differs on purpose, and why."""

    status: int
    part: str
    """What its body contains."""
    why: str


@dataclass(frozen=True)
class Case:
    """One request and the answer to it; `answer` is the whole body."""

    name: str
    send: str
    body: str | None
    status: int
    answer: str
    heads: Heads = field(default_factory=lambda: JSON)
    given: tuple[Given, ...] = ()
    headers: Mapping[str, str] | None = None
    embedded: Differs | None = None

    def __str__(self) -> str:
        return self.name


def refused(text: str, status: int) -> str:
    """Write the body of an error."""
    return json.dumps({"error": text, "status": status}, separators=(",", ":")) + "\n"


def proxy(
    name: str, listen: str, upstream: str = "localhost:1", *toxics: str, enabled: bool = True
) -> str:
    """Write a proxy as the servers do, without what only one of them sends."""
    start = go_json({"name": name, "listen": listen, "upstream": upstream, "enabled": enabled})
    return f'{start[:-1]},"toxics":[{",".join(toxics)}]}}'


def toxic(type: str, stream: str, attributes: str, name: str = "", toxicity: str = "1") -> str:
    """Write a toxic as the servers do."""
    name = name or f"{type}_{stream}"
    return (
        f'{{"attributes":{attributes},"name":"{name}","type":"{type}","stream":"{stream}",'
        f'"toxicity":{toxicity}}}'
    )


def go_json(value: object) -> str:
    """Write JSON as Go does: compact, with `<`, `>` and `&` escaped and letters as they are."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _of_both(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if "listen" in found and "upstream" in found and isinstance(found["listen"], str):
        return {key: found[key] for key in found if key in _PROXY}
    return found


def common(text: str) -> str:
    """Return an answer without what only one of the two servers sends."""
    if not text.startswith(("{", "[")) or text.startswith('{"version"'):
        return text
    body = text.removesuffix("\n")
    assert go_json(json.loads(body)) == body, f"not written as Go writes JSON: {body}"
    return go_json(json.loads(body, object_pairs_hook=_of_both)) + text[len(body) :]


async def check(server: Toxi, case: Case) -> Reply:
    """Send a case's requests and compare the last answer, headers included."""
    ports = {name: free_port() for name in "abcd"}

    def filled(text: str) -> str:
        return Template(text).safe_substitute(ports)

    for send, first_body in case.given:
        first = await server.call(send, filled(first_body))
        assert first.status < 300, f"{send} {first_body}: {first.status} {first.text}"
    body = None if case.body is None else filled(case.body)
    reply = await server.call(case.send, body, case.headers)
    if server.embedded and case.embedded is not None:
        assert reply.status == case.embedded.status, reply.text
        assert case.embedded.part in reply.text, reply.text
        check_heads(server, reply, case.heads if case.status == case.embedded.status else ERROR)
        return reply
    wanted = filled(case.answer)
    assert reply.status == case.status, reply.text
    assert _matches(common(reply.text), wanted), f"\ngot    {reply.text}\nwanted {wanted}"
    check_heads(server, reply, case.heads)
    return reply


def _matches(got: str, wanted: str) -> bool:
    pattern = re.escape(wanted).replace(re.escape("$any"), "[1-9][0-9]*")
    return re.fullmatch(pattern, got) is not None


def check_heads(server: Toxi, reply: Reply, heads: Heads) -> None:
    """Compare an answer's headers: none missing, none too many, none twice."""
    got = dict(reply.headers)
    assert len(got) == len(reply.headers), f"a header came twice: {reply.headers}"
    assert "date" in got
    ours = _OF_OURS if server.embedded else set()
    assert set(got) - _OF_HTTP - ours == set(heads), reply.headers
    for name, wanted in heads.items():
        assert wanted is None or got[name] == wanted, (name, got[name])
    if "x-toxiproxy-request-id" in heads:
        assert _XID.fullmatch(got["x-toxiproxy-request-id"]), got["x-toxiproxy-request-id"]
