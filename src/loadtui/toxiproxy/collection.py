"""All proxies of the server, by name."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from loadtui.toxiproxy.address import Address
from loadtui.toxiproxy.listener import CannotListen, find
from loadtui.toxiproxy.proxy import Proxy, Surroundings
from loadtui.toxiproxy.settings import Settings
from loadtui.toxiproxy.traffic import Labels, Traffic
from loadtui.toxiproxy.wanted import Wanted


class Taken(Exception):
    """There is a proxy of that name."""


class Gone(Exception):
    """The proxy was deleted, or replaced, while the name of a host was looked up."""


class Collection:
    """Names are resolved first; what follows happens at once, so that nothing needs a lock. Others
    may have changed anything meanwhile: what was known before is looked at again.
    """

    def __init__(self, settings: Settings) -> None:
        seed = secrets.randbits(63) if settings.seed is None else settings.seed
        self.settings = settings
        self._traffic: dict[Labels, Traffic] = {}
        self._around = Surroundings(settings, seed, self._traffic_of)
        self._proxies: dict[str, Proxy] = {}

    @property
    def proxies(self) -> Sequence[Proxy]:
        """All of them."""
        return tuple(self._proxies.values())

    @property
    def traffic(self) -> Sequence[Traffic]:
        """What all proxies have carried, those that are gone too."""
        return tuple(self._traffic.values())

    def get(self, name: str) -> Proxy | None:
        """The proxy of that name."""
        return self._proxies.get(name)

    async def create(self, wanted: Wanted) -> Proxy:
        """Make a proxy and start it unless told not to. Raises Taken or CannotListen."""
        if wanted.name in self._proxies:
            raise Taken
        address = await _at(wanted.listen) if wanted.enabled else None
        if wanted.name in self._proxies:  # made while the name of the host was looked up
            raise Taken
        return self._make(wanted, address)

    async def populate(self, wanted: Wanted) -> Proxy:
        """Make a proxy, or replace the one of that name where its addresses differ; a proxy that
        does not differ is left as it is, enabled or not. Raises CannotListen.
        """
        address = None
        if wanted.name in self._proxies:
            address = await find(wanted.listen)
        elif wanted.enabled:
            address = await _at(wanted.listen)
        found = self._proxies.get(wanted.name)
        if found is not None:
            if found.listen == str(address) and found.upstream == wanted.upstream:
                return found
            self.delete(found)
        return self._make(wanted, address if wanted.enabled else None)

    async def update(self, proxy: Proxy, wanted: Wanted) -> None:
        """Give a proxy other addresses, or switch it; whatever changes an address drops all
        connections. Raises CannotListen: then the proxy is off, at the new address; or Gone.
        """
        address = await find(wanted.listen)
        if not self._has(proxy):
            raise Gone
        if proxy.listen != str(address) or proxy.upstream != wanted.upstream:
            proxy.stop()
            proxy.listen, proxy.upstream = wanted.listen, wanted.upstream
        if not wanted.enabled:
            proxy.stop()
        elif not proxy.enabled:
            proxy.start(address)

    def delete(self, proxy: Proxy) -> None:
        """Stop it and forget it."""
        proxy.stop()
        self._proxies.pop(proxy.name, None)

    async def reset(self) -> None:
        """Start every proxy and remove every toxic. Raises CannotListen, after the rest is done."""
        failure: CannotListen | None = None
        for proxy in self.proxies:
            for toxic in proxy.toxics:
                proxy.remove(toxic)
            try:
                await self._start(proxy)
            except CannotListen as error:
                failure = failure or error
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Stop all of them."""
        for proxy in self.proxies:
            proxy.stop()

    def _has(self, proxy: Proxy) -> bool:
        return self._proxies.get(proxy.name) is proxy

    async def _start(self, proxy: Proxy) -> None:
        if proxy.enabled:
            return
        listen = proxy.listen
        address = await _at(listen)
        if self._has(proxy) and proxy.listen == listen:
            proxy.start(address)

    def _make(self, wanted: Wanted, address: Address | None) -> Proxy:
        proxy = Proxy(wanted.name, wanted.listen, wanted.upstream, self._around)
        if address is not None:
            proxy.start(address)
        self._proxies[wanted.name] = proxy
        return proxy

    def _traffic_of(self, labels: Labels) -> Traffic:
        return self._traffic.setdefault(labels, Traffic(labels))


async def _at(listen: str) -> Address:
    try:
        return await find(listen)
    except CannotListen as error:
        raise CannotListen(f"listen tcp: {error}") from None
