"""What each call of the control API does."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy import encode
from loadtui.toxiproxy.admin import answers
from loadtui.toxiproxy.bodies import (
    Refused,
    decode,
    read_change,
    read_population,
    read_proxy,
    read_toxic,
    read_toxic_change,
)
from loadtui.toxiproxy.collection import Collection, Gone, Taken
from loadtui.toxiproxy.listener import CannotListen
from loadtui.toxiproxy.proxy import Proxy
from loadtui.toxiproxy.scanner import Json
from loadtui.toxiproxy.traffic import exposition
from loadtui.toxiproxy.wanted import Wanted

LARGEST = 16 * 1024 * 1024
"""Bytes of a body that is taken at all."""
AT_ONCE = 16 * 1024
"""Bytes of a body that is read without making everybody else wait noticeably."""


class Handlers:
    """The calls, over one collection. Each raises Refused for an answer that is an error."""

    def __init__(self, collection: Collection) -> None:
        self._all = collection

    # -- proxies -----------------------------------------------------------------------------------
    async def list_proxies(self, _request: Request) -> Response:
        """All proxies, by name."""
        pages = {proxy.name: answers.proxy(proxy) for proxy in self._all.proxies}
        return answers.page(200, encode.named(pages))

    async def create(self, request: Request) -> Response:
        """Make a proxy."""
        try:
            made = await self._all.create(read_proxy(await _sent(request)))
        except Taken:
            raise Refused("proxy already exists", 409) from None
        return answers.page(201, answers.proxy(made))

    async def show(self, request: Request) -> Response:
        """One proxy."""
        return answers.page(200, answers.proxy(self._proxy(request)))

    async def change(self, request: Request) -> Response:
        """Other addresses, on or off."""
        self._proxy(request)
        sent = await _sent(request)
        proxy = self._proxy(request)
        before = Wanted(proxy.name, proxy.listen, proxy.upstream, proxy.enabled)
        try:
            await self._all.update(proxy, read_change(sent, before))
        except Gone:
            raise _no_proxy() from None
        return answers.page(200, answers.proxy(proxy))

    async def delete(self, request: Request) -> Response:
        """A proxy goes, with its connections."""
        self._all.delete(self._proxy(request))
        return answers.gone()

    async def populate(self, request: Request) -> Response:
        """Many proxies at once; errors say which are there already."""
        done: list[Proxy] = []
        try:
            for wanted in read_population(await _sent(request)):
                proxy = await self._all.populate(wanted)
                done.append(proxy)
        except Refused as error:
            return _populated(error.status, encode.error(error.text, error.status), done)
        except CannotListen as error:
            return _populated(500, encode.error(str(error), 500), done)
        return _populated(201, "{}", done)

    async def reset(self, _request: Request) -> Response:
        """Everything on, no toxic anywhere."""
        await self._all.reset()
        return answers.gone()

    # -- toxics ------------------------------------------------------------------------------------
    async def list_toxics(self, request: Request) -> Response:
        """The toxics of a proxy."""
        return answers.page(200, encode.toxics(self._proxy(request).toxics))

    async def add(self, request: Request) -> Response:
        """A toxic goes to the end of its chain."""
        self._proxy(request)
        sent = await _sent(request)
        proxy = self._proxy(request)
        taken = frozenset(toxic.name for toxic in proxy.toxics)
        toxic = read_toxic(sent, taken, strict=self._all.settings.strict)
        proxy.add(toxic)
        return answers.page(200, encode.toxic(toxic))

    async def show_toxic(self, request: Request) -> Response:
        """One toxic."""
        return answers.page(200, encode.toxic(self._toxic(request)))

    async def change_toxic(self, request: Request) -> Response:
        """Other values; what is not given stays."""
        self._toxic(request)
        sent = await _sent(request)
        proxy, before = self._proxy(request), self._toxic(request)
        after = read_toxic_change(sent, before, strict=self._all.settings.strict)
        proxy.update(after)
        return answers.page(200, encode.toxic(after))

    async def remove(self, request: Request) -> Response:
        """A toxic goes."""
        self._proxy(request).remove(self._toxic(request))
        return answers.gone()

    # -- the server --------------------------------------------------------------------------------
    async def version(self, _request: Request) -> Response:
        """The version whose API this is."""
        head = {"Content-Type": "application/json;charset=utf-8"}
        return answers.routed(200, f'{{"version": "{answers.VERSION}"}}\n', head)

    async def metrics(self, _request: Request) -> Response:
        """The counters, for Prometheus."""
        head = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return answers.routed(200, exposition(self._all.traffic), head)

    def _proxy(self, request: Request) -> Proxy:
        found = self._all.get(request.path_params["proxy"])
        if found is None:
            raise _no_proxy()
        return found

    def _toxic(self, request: Request) -> Toxic:
        found = self._proxy(request).toxic(request.path_params["toxic"])
        if found is None:
            raise Refused("toxic not found", 404)
        return found


def _no_proxy() -> Refused:
    return Refused("proxy not found", 404)


def _populated(status: int, start: str, done: list[Proxy]) -> Response:
    listed = f"[{','.join(answers.proxy(proxy) for proxy in done)}]" if done else "null"
    comma = "" if start == "{}" else ","
    return answers.page(status, f'{start[:-1]}{comma}"proxies":{listed}}}')


async def _sent(request: Request) -> Json:
    """What a request says; a long one is read on a thread, for the traffic goes on meanwhile."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused(f"request body is larger than {LARGEST} bytes", 413)
    if len(body) <= AT_ONCE:
        return decode(bytes(body))
    return await asyncio.to_thread(decode, bytes(body))
