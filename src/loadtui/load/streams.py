"""What WebSockets and event streams of a worker's journeys stand on; nothing until one is asked
for.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec

from loadtui.load.dialer import Dialer
from loadtui.load.tls import client_context
from loadtui.model.scenario import Scenario


class NotInstalled(RuntimeError):
    """A package that only these need is not there."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__(f"{what} need the package {package}; pip install 'loadtui[streams]'")


class Streams:
    """How to reach whom: the worker's dialer, and the scenario's TLS and client."""

    def __init__(self, dialer: Dialer, scenario: Scenario) -> None:
        """Nothing is imported yet."""
        self.dialer = dialer
        self.server_name = scenario.tls.server_name
        self.is_direct = scenario.client == "http1"
        self._tls = scenario.tls
        self._loaded: set[str] = set()

    async def load(self, module: str) -> None:
        """Import one of our modules beside the loop: it takes 0.1 s, once in a process, for which
        the journey's line would be blamed as one that blocks.
        """
        if module not in self._loaded:
            await asyncio.get_running_loop().run_in_executor(None, import_module, module)
            self._loaded.add(module)

    @cached_property
    def context(self) -> ssl.SSLContext:
        """TLS of event streams: httpcore puts its own protocols into it, so it is nobody else's."""
        return client_context(self._tls)


def require(what: str, package: str) -> None:
    """Raise NotInstalled when the package is not there; it is not imported yet."""
    if package not in sys.modules and find_spec(package) is None:
        raise NotInstalled(what, package.replace("_", "-"))
