"""Where a scenario's requests would go, and whether that is allowed, before anything starts.

The first of three looks at a target's address. The other two are in the workers: at every
connection and at every redirect, on the resolved address that the socket then connects to.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from loadtui.errors import BadInput
from loadtui.load.guard import is_allowed
from loadtui.model.scenario import Scenario

Resolve = Callable[[str], Sequence[str]]


def resolve(host: str) -> Sequence[str]:
    """Every address of a host name; raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return sorted({str(entry[4][0]) for entry in found})


def hosts_of(scenario: Scenario) -> list[str]:
    """The hosts that a scenario names in constant parts of its URLs, the target's first."""
    urls = [
        scenario.target,
        *("".join(p for p in r.url.parts[:1] if isinstance(p, str)) for r in scenario.all_requests),
    ]
    # The path of a unix socket stands in a host's place: it is this machine, and is not looked up.
    hosts = [urlsplit(url).hostname for url in urls if not url.startswith("http+unix:")]
    return list(dict.fromkeys(host for host in hosts if host))


def stranger(scenario: Scenario, lookup: Resolve = resolve) -> tuple[str, str] | None:
    """The first host off loopback that nobody allowed, and its address; None where there is none.

    Raises BadInput for a name that does not resolve.
    """
    for host in hosts_of(scenario):
        try:
            addresses = lookup(host)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise BadInput(f"{host} does not resolve: {why}", hint="check the URL's host") from None
        for address in addresses:
            if not is_allowed(host, address, scenario.guard.allow):
                return host, address
    return None
