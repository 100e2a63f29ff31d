"""Toxiproxy's control API: the one module that knows toxiproxy-python.

That package has no time-outs, no error for a status ≥ 500, no update of a toxic, puts names into
paths unquoted, obeys HTTP_PROXY and keeps the server's address in a class. All of it is mended at
one place: the name `requests` inside the package is bound to `_Requests`, which sends through the
adapter that speaks in this thread. So several servers and several threads may be used at once, and
no two threads share a connection. The first call imports the package; this module costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from types import ModuleType
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit

from loadtui.chaos import reply
from loadtui.errors import BadInput, ControlError, ServerLost, ServerStuck
from loadtui.model.toxic import Proxy, Toxic

if TYPE_CHECKING:
    from loadtui.chaos.wire import Answer, Wire


def base_url(text: str) -> str:
    """Return the base URL of what an operator may also write as `host` or `host:port`.

    Raises BadInput for anything that cannot be one; the control API speaks plain HTTP.
    """
    written = text.strip().rstrip("/")
    url = written if "://" in written else f"http://{written}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    named = parts.hostname and not any(each.isspace() for each in written)
    if parts.scheme != "http" or not named or parts.username or parts.query:
        raise BadInput(f"{text!r} is no address of a Toxiproxy", hint="write http://host:port")
    return url if port or "://" in written else f"{url}:8474"


class Toxiproxy:
    """One server's control API. Blocking: call it from a worker thread, never from an event loop.

    Every method is bounded in time and raises ControlError: ServerLost when nothing listens,
    ServerStuck when the answer does not come in time, else with the server's status and words.
    Every write is read back; a server that said yes but reads otherwise raises too (status 200).
    """

    def __init__(self, url: str, *, timeout: float = 3.0) -> None:
        """Speak to the server at `url` (see `base_url`); `timeout`: seconds for one HTTP call."""
        self.url = base_url(url)
        self._timeout = timeout

    def version(self, timeout: float | None = None) -> str:
        """Return the server's version; a stuck server still tells it."""
        with self._speaking(timeout) as package:
            return reply.version(package.api.APIConsumer.get("/version").text)

    def proxies(self, timeout: float | None = None) -> dict[str, Proxy]:
        """Return every proxy with its toxics, by name, within `timeout` seconds altogether."""
        return self.survey(timeout)[0]

    def survey(
        self, timeout: float | None = None
    ) -> tuple[dict[str, Proxy], dict[str, reply.Counted]]:
        """Return `proxies`, and the live counters of a server that has them."""
        with self._speaking(timeout) as package:
            payload = package.api.APIConsumer.get("/proxies").json()
            return reply.proxies(payload), reply.counters(payload)

    def proxy(self, name: str) -> Proxy:
        """Return one proxy with its toxics."""
        with self._speaking() as package:
            return reply.proxy(package.api.APIConsumer.get(f"/proxies/{_quoted(name)}").json())

    def create(self, proxy: Proxy) -> Proxy:
        """Create a proxy and its toxics, in their order; return it with the address it listens on.

        Without `listen` it gets a free port of 127.0.0.1. When the server refuses a toxic, the
        proxy is deleted again.
        """
        for name in (proxy.name, *(toxic.name for toxic in proxy.toxics)):
            _quoted(name)
        with self._speaking() as package:
            package.Toxiproxy().create(
                proxy.upstream, proxy.name, listen=proxy.listen or None, enabled=proxy.enabled
            )
        try:
            for toxic in proxy.toxics:
                self.add_toxic(proxy.name, toxic)
        except (ServerLost, ServerStuck):
            raise
        except ControlError:
            with suppress(ControlError):
                self.delete(proxy.name)
            raise
        return self._read_back(proxy.name, partial(reply.proxy_difference, proxy))

    def delete(self, name: str) -> None:
        """Delete a proxy and its toxics."""
        with self._speaking() as package:
            _proxy(package, name).destroy()
        try:
            self.proxy(name)
        except ControlError as error:
            if error.status == 404:
                return
            raise
        raise _differs(f"{name} is still there")

    def set_enabled(self, name: str, on: bool) -> Proxy:  # noqa: FBT001 - the value itself
        """Enable or disable a proxy; return it."""
        with self._speaking() as package:
            proxy = _proxy(package, name)
            proxy.enable() if on else proxy.disable()
        return self._read_back(name, partial(reply.enabled_difference, on))

    def add_toxic(self, proxy: str, toxic: Toxic) -> Proxy:
        """Add a toxic at the end of its stream's chain; return the proxy."""
        _quoted(toxic.name)
        with self._speaking() as package:
            _proxy(package, proxy).add_toxic(
                type=toxic.type,
                name=toxic.name,
                stream=toxic.stream,
                toxicity=toxic.toxicity,
                attributes=toxic.attributes,
            )
        return self._read_back(proxy, partial(reply.toxic_difference, toxic))

    def update_toxic(self, proxy: str, toxic: Toxic) -> Proxy:
        """Change toxicity and attributes of the toxic of that name; return the proxy.

        Attributes that are not given keep their value; type and stream cannot change. By POST,
        which every version takes (PATCH came with 2.6).
        """
        change = {"toxicity": toxic.toxicity, "attributes": toxic.attributes}
        path = f"/proxies/{_quoted(proxy)}/toxics/{_quoted(toxic.name)}"
        with self._speaking() as package:
            package.api.APIConsumer.post(path, json=change)
        return self._read_back(proxy, partial(reply.toxic_difference, toxic))

    def remove_toxic(self, proxy: str, name: str) -> Proxy:
        """Remove a toxic; return the proxy."""
        with self._speaking() as package:
            _proxy(package, proxy).destroy_toxic(_quoted(name))
        return self._read_back(proxy, partial(reply.absence_difference, name))

    def _read_back(self, name: str, difference: Callable[[Proxy], str]) -> Proxy:
        found = self.proxy(name)
        said = difference(found)
        if said:
            raise _differs(said)
        return found

    @cached_property
    def _wire(self) -> Wire:
        from loadtui.chaos.wire import Wire  # noqa: PLC0415 - loads urllib3

        return Wire(self.url)

    @contextmanager
    def _speaking(self, timeout: float | None = None) -> Iterator[ModuleType]:
        """Give the package, bound to this server while the block runs, and translate its errors."""
        package = _package()
        limit = self._timeout if timeout is None else timeout
        with _REQUESTS.through(partial(self._wire.send, timeout=limit)):
            try:
                yield package
            except package.exceptions.ProxyExists as error:  # the package looked before it asked
                raise ControlError(409, "proxy already exists") from error
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                said = f"an answer of {self.url} could not be understood: {error!r}"
                raise ControlError(0, said) from error


class _Requests:
    """Stands where the package expects the module `requests`."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def through(self, send: Callable[[str, str, object], Answer]) -> Iterator[None]:
        """Let this thread's calls go through `send(method, path, body)` while the block runs."""
        self._here.send = send
        try:
            yield
        finally:
            del self._here.send

    def get(self, url: str, **_: object) -> Answer:
        return self._send("GET", url, None)

    def post(self, url: str, *, json: object = None, **_: object) -> Answer:
        return self._send("POST", url, json)

    def delete(self, url: str) -> Answer:
        return self._send("DELETE", url, None)

    def _send(self, method: str, url: str, body: object) -> Answer:
        # The package puts its own host and port before the path.
        answer: Answer = self._here.send(method, "/" + url.split("/", 3)[3], body)
        return answer


_REQUESTS = _Requests()


class _PackageProxy(Protocol):
    """What we use of toxiproxy-python's Proxy."""

    def destroy(self) -> object: ...
    def enable(self) -> object: ...
    def disable(self) -> object: ...
    def add_toxic(self, **fields: object) -> object: ...
    def destroy_toxic(self, name: str, /) -> object: ...


def _package() -> ModuleType:
    import toxiproxy.api  # noqa: PLC0415 - 150 ms, paid by the first call

    toxiproxy.api.requests = _REQUESTS  # the only patch
    package: ModuleType = toxiproxy
    return package


def _proxy(package: ModuleType, name: str) -> _PackageProxy:
    """Return the package's record of a proxy; it puts the name into paths as it is."""
    proxy: _PackageProxy = package.Proxy(name=_quoted(name), upstream="", listen="", enabled=True)
    return proxy


def _quoted(name: str) -> str:
    """Return a name as one part of a path; raises ControlError for those no path can hold."""
    if "/" in name or name in {"", ".", ".."}:
        said = f"{name!r} is no usable name: the server could create it but never delete it again"
        raise ControlError(400, said)
    return quote(name, safe="")


def _differs(said: str) -> ControlError:
    return ControlError(200, f"{said} (read back after the call)")
