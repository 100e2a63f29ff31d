"""Which client the VUs of a worker have, as the scenario says."""

from __future__ import annotations

import math
from collections.abc import Callable

from loadtui.load.dialer import Dialer
from loadtui.load.http_client import Client
from loadtui.load.reuse import Reuse
from loadtui.load.sender import Sender
from loadtui.load.throttle import Throttle, Throttled
from loadtui.load.tls import client_context
from loadtui.model.scenario import Scenario


def new_clients(
    scenario: Scenario, dialer: Dialer, throttle: Throttle | None = None
) -> Callable[[], Sender]:
    """Return what makes the client of one VU; raises BadInput for what cannot be used.

    Without a limit of requests there is no `throttle`, and nothing of it between VU and client.
    """
    new_client = _unlimited(scenario, dialer)
    if throttle is None:
        return new_client
    return lambda: Throttled(new_client(), throttle)


def _unlimited(scenario: Scenario, dialer: Dialer) -> Callable[[], Sender]:
    age = math.inf if scenario.max_age is None else scenario.max_age
    reuse = Reuse(scenario.connections, age)
    if scenario.client == "http1":
        return lambda: Client(dialer, reuse)
    from loadtui.load.httpx_client import HttpxClient

    context, name = client_context(scenario.tls), scenario.tls.server_name
    return lambda: HttpxClient(dialer, context, reuse, name)
