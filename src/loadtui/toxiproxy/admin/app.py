"""The control API as an ASGI application: paths, methods, and who may not call."""

from __future__ import annotations

import posixpath
import time
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from loadtui.toxiproxy.admin import answers
from loadtui.toxiproxy.admin.handlers import Handlers
from loadtui.toxiproxy.bodies import Refused
from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.listener import CannotListen
from loadtui.toxiproxy.log import debugging, say

Handler = Callable[[Request], Awaitable[Response]]
ANY = "*"


class Methods:
    """One path: a handler a method; any other method is refused without a word."""

    def __init__(self, **handlers: Handler) -> None:
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.monotonic()
        request = Request(scope, receive)
        handler = self._handlers.get(request.method, self._handlers.get(ANY))
        response = answers.bare(405) if handler is None else await _answer(handler, request)
        if debugging():
            _note(request, response, time.monotonic() - began)
        await response(scope, receive, send)


async def _answer(handler: Handler, request: Request) -> Response:
    if request.headers.get("user-agent", "").startswith("Mozilla/"):
        return answers.not_for_browsers()
    try:
        return await handler(request)
    except Refused as refused:
        return answers.error(refused.text, refused.status)
    except CannotListen as failure:
        return answers.error(str(failure), 500)
    except ClientDisconnect:  # nobody will hear the answer
        return answers.bare(400)


def _note(request: Request, response: Response, seconds: float) -> None:
    say(
        10,
        "",
        request_id=response.headers.get("x-toxiproxy-request-id", ""),
        method=request.method,
        url=request.url.path,
        user_agent=request.headers.get("user-agent", ""),
        status=response.status_code,
        size=len(response.body),
        duration=round(seconds * 1000, 3),
    )


class CleanPaths:
    """Sends whoever asks for `//a` or `/b/../a` to `/a`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and (clean := _clean(scope["path"])) != scope["path"]:
            query = scope["query_string"].decode("latin-1")
            where = quote(clean, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")
            await answers.bare(301, headers={"Location": where})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _clean(path: str) -> str:
    cleaned = posixpath.normpath("/" + path.lstrip("/"))
    return f"{cleaned}/" if path.endswith("/") and cleaned != "/" else cleaned


async def _nowhere(_request: Request, _error: Exception) -> Response:
    return answers.not_found()


def application(collection: Collection) -> ASGIApp:
    """All paths, over one collection."""
    do = Handlers(collection)
    one, toxics = "/proxies/{proxy}", "/proxies/{proxy}/toxics"
    table = {
        "/version": Methods(GET=do.version),
        "/reset": Methods(POST=do.reset),
        "/populate": Methods(POST=do.populate),
        "/proxies": Methods(GET=do.list_proxies, POST=do.create),
        one: Methods(GET=do.show, POST=do.change, PATCH=do.change, DELETE=do.delete),
        toxics: Methods(GET=do.list_toxics, POST=do.add),
        f"{toxics}/{{toxic}}": Methods(
            GET=do.show_toxic, POST=do.change_toxic, PATCH=do.change_toxic, DELETE=do.remove
        ),
    }
    if collection.settings.metrics:
        table["/metrics"] = Methods(**{ANY: do.metrics})
    app = Starlette(
        routes=[Route(path, methods) for path, methods in table.items()],
        exception_handlers={404: _nowhere},
    )
    app.router.redirect_slashes = False
    return CleanPaths(app)
