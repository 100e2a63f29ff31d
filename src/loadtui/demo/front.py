"""What every request to the orders API passes first: its id, its key, and the count of answers."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from loadtui.demo.route import Counts, route_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_ID, _KEY, _JSON = b"x-request-id", b"x-api-key", (b"content-type", b"application/json")
_REFUSAL = b'{"error":"x-api-key is missing or wrong"}'


class Front:
    """An ASGI application around another: echoes x-request-id, asks for x-api-key below /api/."""

    def __init__(self, app: App, api_key: str, counts: Counts) -> None:
        """Guard `app`; every answer is counted in `counts` when its status is sent."""
        self._app, self._key, self._counts = app, api_key.encode(), counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        route = route_of(scope["method"], scope["path"])
        request_id = headers.get(_ID)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counts.add(route, message["status"])
                if request_id is not None:
                    message["headers"] = [*message["headers"], (_ID, request_id)]
            await send(message)

        if scope["path"].startswith("/api/") and not self._knows(headers.get(_KEY)):
            await _refuse(answer)
        else:
            await self._app(scope, receive, answer)

    def _knows(self, key: bytes | None) -> bool:
        return key is not None and hmac.compare_digest(key, self._key)


async def _refuse(send: Send) -> None:
    length = (b"content-length", str(len(_REFUSAL)).encode())
    await send({"type": "http.response.start", "status": 401, "headers": [_JSON, length]})
    await send({"type": "http.response.body", "body": _REFUSAL})
