"""Between httpx and the network: pools of one VU, directly or through the environment's proxies."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import cast
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from loadtui.load.dialer import Dialer
from loadtui.load.failure import Failure
from loadtui.load.httpx_net import Net, NoConnectionError
from loadtui.load.url import UNIX, Origin

_KEPT = 4
"""Idle connections a VU keeps."""


class Transport(httpx.AsyncBaseTransport):
    """Takes an `origin`, a `target` and a `trace` beside each request.

    As everywhere in Python, `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say who goes
    through which proxy. The guard looks at the proxy's address, and at the target's as well, which
    the proxy would reach for us.
    """

    def __init__(
        self, dialer: Dialer, net: Net, context: ssl.SSLContext | None, *, is_direct: bool = False
    ) -> None:
        """`context`: shared by the VUs of a worker, None where nothing speaks TLS.
        `is_direct`: HTTP/1.1 past any proxy.
        """
        self._dialer, self._net, self._context = dialer, net, context
        self._is_direct = is_direct
        self._pools: dict[str, httpcore.AsyncConnectionPool] = {}

    def reset(self) -> None:
        """Begin with no connection."""
        self._pools = {}
        self._net.abort()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send over a pool; raises httpcore's exceptions, OSError and NoConnectionError."""
        origin = cast("Origin", request.extensions["origin"])
        proxy = "" if self._is_direct else _proxy_for(origin)
        if proxy:
            await self._guard(origin.host)
        host = "localhost" if origin.scheme == UNIX else origin.host
        url = httpcore.URL(
            scheme="http" if origin.scheme == UNIX else origin.scheme,
            host=host,
            port=origin.port or None,
            target=request.extensions["target"],
        )
        response = await self._pool(origin, proxy).handle_async_request(
            httpcore.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=cast("httpx.AsyncByteStream", request.stream),
                extensions={"trace": request.extensions["trace"]},
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def _guard(self, host: str) -> None:
        found = await self._dialer.addresses(host)
        # A name that only the proxy can look up is fine when it is allowed by name.
        if isinstance(found, Failure) and not (
            found.kind == "dns" and self._dialer.allows_name(host)
        ):
            raise NoConnectionError(found)

    def _pool(self, origin: Origin, proxy: str) -> httpcore.AsyncConnectionPool:
        path = origin.host if origin.scheme == UNIX else None
        key = path or proxy
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = self._new_pool(path, proxy)
        return pool

    def _new_pool(self, path: str | None, proxy: str) -> httpcore.AsyncConnectionPool:
        if not proxy:
            return httpcore.AsyncConnectionPool(
                ssl_context=self._context,
                http2=not self._is_direct,
                uds=path,
                max_keepalive_connections=_KEPT,
                network_backend=self._net,
            )
        found = httpx.Proxy(proxy)
        return httpcore.AsyncHTTPProxy(
            proxy_url=httpcore.URL(
                scheme=found.url.raw_scheme,
                host=found.url.raw_host,
                port=found.url.port,
                target=found.url.raw_path,
            ),
            proxy_auth=found.raw_auth,
            ssl_context=self._context,
            http2=True,
            max_keepalive_connections=_KEPT,
            network_backend=self._net,
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


def _proxy_for(origin: Origin) -> str:
    """The URL of the proxy that stands before an origin, "" for none."""
    if origin.scheme == UNIX:
        return ""
    proxies = getproxies()
    proxy = proxies.get(origin.scheme) or proxies.get("all") or ""
    if not proxy or proxy_bypass(f"{origin.host}:{origin.port}"):
        return ""
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise NoConnectionError(
            Failure("unreachable", f"{proxy.partition(':')[0]} proxies are not supported")
        )
    return proxy
