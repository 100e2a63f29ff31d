"""What a `faulty_session` does to `payments`, as its server shows it."""

from __future__ import annotations

from loadtui.chaos.toxiproxy import Toxiproxy
from loadtui.model.toxic import Proxy
from tests.support.faulty_session import SLOW, TIGHT, TIGHTER


def are_on(proxy: Proxy) -> bool:
    """Whether all its faults are on."""
    return proxy.toxics == (TIGHTER, SLOW) and not proxy.enabled


def restored(client: Toxiproxy) -> bool:
    """Whether everything is as it was found."""
    (proxy,) = client.proxies().values()
    return proxy.toxics == (TIGHT,) and proxy.enabled
