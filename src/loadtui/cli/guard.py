"""The first of three looks at a target's address: here, before anything starts.

The other two are in the workers: at every connection and at every redirect, on the resolved
address that the socket then connects to.
"""

from __future__ import annotations

import shlex
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import msgspec

from loadtui.chaos.server import probe
from loadtui.chaos.toxiproxy import base_url
from loadtui.errors import BadInput, TargetRefused
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


def check_targets(scenario: Scenario, command: Sequence[str], *, lookup: Resolve = resolve) -> None:
    """Refuse a target off loopback that nobody allowed.

    The message repeats `command` with the missing flag. Raises TargetRefused, or BadInput for a
    name that does not resolve.
    """
    for host in hosts_of(scenario):
        try:
            addresses = lookup(host)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise BadInput(f"{host} does not resolve: {why}", hint="check the URL's host") from None
        refused = [a for a in addresses if not is_allowed(host, a, scenario.guard.allow)]
        if refused:
            again = shlex.join(["loadtui", *command, "--allow", host])
            raise TargetRefused(
                f"{host} ({refused[0]}) is not on this machine, and nobody allowed it",
                hint=f"if you may load it:  {again}",
            )


def check_toxiproxy(named: str) -> None:
    """Refuse a Toxiproxy that somebody named and that does not answer; "" names none."""
    if not named:
        return
    found = probe(base_url(named))
    if found.state == "absent":
        raise BadInput(
            f"no Toxiproxy answers at {named}",
            hint="start one there, or leave the address out: one is found or started",
        )
    if found.state == "foreign":
        raise BadInput(found.text, hint="name the control API of a Toxiproxy, as http://host:8474")
    if found.state == "stuck":
        raise BadInput(
            f"the Toxiproxy at {named} accepts connections but does not answer",
            hint="restart it (a known deadlock of the original server, its issue 558)",
        )


def with_flags(
    scenario: Scenario,
    *,
    allow: Sequence[str],
    max_vus: int | None,
    duration: float | None,
    insecure: bool = False,
) -> Scenario:
    """The scenario with the guard's flags in force; raises BadInput for a duration past the
    ceiling. `insecure`: whatever certificate a server shows will do.
    """
    guard = msgspec.structs.replace(
        scenario.guard,
        allow=(*scenario.guard.allow, *allow),
        max_vus=max_vus or scenario.guard.max_vus,
    )
    if duration is not None and duration > guard.max_duration:
        raise BadInput(
            f"--duration {duration:g} s is past guard.max_duration {guard.max_duration:g} s",
            hint="raise max_duration in the scenario's guard",
        )
    tls = msgspec.structs.replace(scenario.tls, verify=scenario.tls.verify and not insecure)
    return msgspec.structs.replace(scenario, guard=guard, tls=tls)
