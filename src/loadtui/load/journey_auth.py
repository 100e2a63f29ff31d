"""`auth=` of a journey's request: a name and a password, or one of httpx's flows."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Protocol

from loadtui.load.exchange import Exchange, final_head
from loadtui.load.head import Call, build_call, fields_of, smuggled

Ask = Callable[[Call, frozenset[int]], Awaitable[Exchange]]
"""Sends a call; the statuses are those that are no failure."""

_COMPUTED = frozenset({"host", "content-length", "transfer-encoding"})
_UNDONE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Flow(Protocol):
    """What httpx calls an `Auth`: it is handed answers, and yields the requests to be sent."""

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:  # noqa: ANN401 - httpx's
        """Yield a request, get its response, until there is nothing left to ask."""


Auth = tuple[str, str] | Flow


async def ask_signed(
    auth: Auth, url: str, call: Call, expected: frozenset[int], ask: Ask
) -> Exchange:
    """Send as often as signing in takes, each time a request of its own; return the last answer.

    A refusal that is the server's way to ask who we are is no failure.
    """
    if isinstance(auth, tuple):
        user, password = auth
        token = b64encode(f"{user}:{password}".encode()).decode()
        return await ask(call.replacing("Authorization", f"Basic {token}"), expected)
    import httpx

    given = httpx.Request(call.method, url, headers=call.fields, content=call.body)
    before = dict(given.headers)
    flow = auth.sync_auth_flow(given)
    request = next(flow)
    while True:
        is_asked_first = "authorization" not in request.headers
        signed = _signed(call, url, before, request)
        exchange = await ask(signed, expected | {401} if is_asked_first else expected)
        if exchange.error:
            flow.close()
            return exchange
        answer = httpx.Response(
            exchange.status,
            headers=[
                (name, value.strip())
                for name, value in fields_of(final_head(exchange.head))
                if name.lower() not in _UNDONE
            ],
            content=exchange.body,
            request=request,
        )
        try:
            request = flow.send(answer)
        except StopIteration:
            return exchange


def _signed(call: Call, url: str, before: dict[str, str], request: Any) -> Call:  # noqa: ANN401
    """The call with the headers that a flow added, or the other request that it makes of it."""
    if request.method != call.method or str(request.url) != url:
        own = request.headers.multi_items()
        kept = [(name, value) for name, value in own if name.lower() not in _COMPUTED]
        return build_call(request.method, str(request.url), kept, request.read(), call.timeout)
    for name, value in request.headers.items():
        if before.get(name) != value:
            if any(sign in value for sign in "\r\n\0"):
                raise ValueError(smuggled([(name, value)]))
            call = call.replacing(name.title(), value)
    return call
