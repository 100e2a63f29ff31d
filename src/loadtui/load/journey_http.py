"""`vu.http`: requests in httpx's words, on the VU's own connections."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, TypedDict, Unpack
from urllib.parse import urlencode

from loadtui.load.exchange import Exchange
from loadtui.load.head import Call
from loadtui.load.journey_auth import Auth, ask_signed
from loadtui.load.journey_call import NONE, write
from loadtui.load.prepared_journey import PreparedJourney, encoded
from loadtui.load.response import Response
from loadtui.load.values import Values
from loadtui.measure.recorder import Series
from loadtui.model.tags import NO_TAGS, Tags

Pairs = Mapping[str, Any] | Sequence[tuple[str, Any]]
"""Names and values of a query or a form; a value that is a list is repeated."""

Expected = int | Iterable[int]
"""Statuses that are not failures: 404, `[201, 409]`, `range(200, 500)`."""

SUCCESS = frozenset(range(200, 400))
"""Statuses that are no failure unless a request says otherwise (k6)."""

_ID = re.compile(
    r"/(?:\d+|[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|[0-9a-f]{16,})(?=/|$)"
)
_BODIES = ("content", "data", "json")
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


class Options(TypedDict, total=False):
    """What a request may say beyond its method and URL.

    `timeout`: seconds for the whole request. `name`: what its records are called; the default is
    the method and the path, with `${id}` for numbers and UUIDs in it. `auth`: a name and a password
    (basic), or one of httpx's flows, such as `httpx.DigestAuth`.
    """

    params: Pairs
    headers: Mapping[str, str]
    content: bytes | str
    data: Pairs
    json: Any
    name: str
    tags: Mapping[str, object]
    timeout: float
    expect: Expected
    follow_redirects: bool
    auth: Auth


class Engine(Protocol):
    """The VU behind it, which sends, waits and records."""

    async def ask(
        self, call: Call, series: Series, expected: frozenset[int], *, follows: bool
    ) -> Exchange:
        """Send once load is not held, one request at a time."""


class Context:
    """Where in an iteration the journey is: what its records are tagged with."""

    __slots__ = ("group", "last", "tags")

    def __init__(self) -> None:
        """Outside of any group."""
        self.group = ""
        self.tags: dict[str, Any] = {}
        self.last: Series | None = None

    @property
    def marks(self) -> Tags:
        """The VU's tags and its group's path."""
        group = (("group", self.group),) if self.group else NO_TAGS
        return group if not self.tags else (*group, *self.tags.items())


class Http:
    """Sends requests. A failed one never raises: its status is 0, and `error` says why."""

    __slots__ = ("_context", "_engine", "_journey", "_values")

    def __init__(
        self, engine: Engine, journey: PreparedJourney, values: Values, context: Context
    ) -> None:
        """Nothing is sent yet."""
        self._engine, self._journey, self._values = engine, journey, values
        self._context = context

    def get(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """GET."""
        return self._send("GET", url, options)

    def post(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """POST."""
        return self._send("POST", url, options)

    def put(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """PUT."""
        return self._send("PUT", url, options)

    def patch(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """PATCH."""
        return self._send("PATCH", url, options)

    def delete(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """DELETE."""
        return self._send("DELETE", url, options)

    def head(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """HEAD."""
        return self._send("HEAD", url, options)

    def options(self, url: str, **options: Unpack[Options]) -> Coroutine[Any, Any, Response]:
        """OPTIONS."""
        return self._send("OPTIONS", url, options)

    def request(
        self, method: str, url: str, **options: Unpack[Options]
    ) -> Coroutine[Any, Any, Response]:
        """Any method."""
        return self._send(method.upper(), url, options)

    async def _send(self, method: str, url: str, options: Options) -> Response:
        journey, context = self._journey, self._context
        body, kind = content_of(options)
        own = options.get("headers") or NONE
        if (params := options.get("params")) is not None:
            url = with_query(url, params)
        start = journey.calls.start(method, url, kind, own)
        timeout = options.get("timeout") or journey.timeout
        call = write(start, method, own, body, timeout, self._values)
        name = options.get("name") or name_of(method, url)
        series = journey.series(method, name, context.marks, options.get("tags"))
        expect = options.get("expect")
        expected = SUCCESS if expect is None else _statuses(expect)
        follows = options.get("follow_redirects") is not False
        if (auth := options.get("auth")) is None:
            exchange = await self._engine.ask(call, series, expected, follows=follows)
        else:
            exchange = await ask_signed(
                auth,
                start.url,
                call,
                expected,
                lambda call, expected: self._engine.ask(call, series, expected, follows=follows),
            )
        context.last = series
        return Response(exchange, start.url, series)


@lru_cache(maxsize=1024)
def name_of(method: str, url: str) -> str:
    """Method and path template: without host and query, `${id}` for numbers and UUIDs."""
    _, scheme, rest = url.partition("://")
    path = url if not scheme else "/" + rest.partition("/")[2]
    path = path.partition("?")[0].partition("#")[0]
    return f"{method} {_ID.sub('/${id}', path) or '/'}"


def content_of(options: Options) -> tuple[bytes | None, str]:
    """The body and its content type, "" for none."""
    if "json" in options:
        if "content" in options or "data" in options:
            given = [each for each in _BODIES if each in options]
            raise ValueError(f"a request has one body, here are {' and '.join(given)}")
        return encoded(options["json"]), _JSON
    content = options.get("content")
    if (data := options.get("data")) is not None:
        if content is not None:
            raise ValueError("a request has one body, here are content and data")
        return urlencode(data, doseq=True).encode(), _FORM
    return (content.encode() if isinstance(content, str) else content), ""


def with_query(url: str, params: Pairs) -> str:
    """The URL with these behind the query that it has."""
    head, mark, fragment = url.partition("#")
    joint = "&" if "?" in head else "?"
    query = urlencode(params, doseq=True)
    return f"{head}{joint if query else ''}{query}{mark}{fragment}"


def _statuses(expect: Expected) -> frozenset[int]:
    if isinstance(expect, int):
        return frozenset((expect,))
    return expect if isinstance(expect, frozenset) else frozenset(expect)
