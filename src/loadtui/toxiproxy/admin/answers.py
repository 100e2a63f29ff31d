"""Answers of the control API, headers included, as the original server gives them."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from loadtui.toxiproxy import encode
from loadtui.toxiproxy.proxy import Proxy

SERVER = {"X-Toxiproxy-Server": "loadtui"}
"""In every answer: who speaks, since the version is the one whose API is served."""

VERSION = "2.12.0"
_ID = "0123456789abcdefghijklmnopqrstuv"
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}


def request_id() -> str:
    """Twenty marks that no other answer has."""
    return "".join(secrets.choice(_ID) for _ in range(20))


def bare(status: int, body: str = "", headers: dict[str, str] | None = None) -> Response:
    """An answer of the router: without a request's identity."""
    response = Response(body.encode(), status, {**(headers or {}), **SERVER})
    if status == 204:
        del response.headers["content-length"]
    return response


def routed(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    """An answer of a handler."""
    return bare(status, body, {**(headers or {}), "X-Toxiproxy-Request-Id": request_id()})


def page(status: int, body: str) -> Response:
    """JSON."""
    return routed(status, body, {"Content-Type": "application/json"})


def gone() -> Response:
    """Done; nothing to show."""
    return routed(204, "")


def error(text: str, status: int) -> Response:
    """An error; the original calls its JSON text, and so do we."""
    return routed(status, encode.error(text, status) + "\n", _PLAIN)


def not_found() -> Response:
    """A path that leads nowhere."""
    return bare(404, "404 page not found\n", _PLAIN)


def not_for_browsers() -> Response:
    """Pages of strangers must not steer this server."""
    return routed(403, "User agent not allowed\n", _PLAIN)


def proxy(value: Proxy) -> str:
    """One proxy, with the live counters that the original lacks."""
    sums = {name: tally.sent for name, tally in value.traffic.tallies.items()}
    return (
        f'{{"name":{encode.text(value.name)},"listen":{encode.text(value.listen)},'
        f'"upstream":{encode.text(value.upstream)},"enabled":{str(value.enabled).lower()},'
        f'"Logger":{{}},"toxics":{encode.toxics(value.toxics)},'
        f'"connections":{value.open},"accepted":{value.accepted},'
        f'"bytes":{{"upstream":{sums["upstream"]},"downstream":{sums["downstream"]}}}}}'
    )
