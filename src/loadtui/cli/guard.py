"""What is refused before anything starts: targets nobody allowed, a Toxiproxy that is none."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import msgspec

from loadtui.chaos.server import probe
from loadtui.chaos.toxiproxy import base_url
from loadtui.errors import BadInput, TargetRefused
from loadtui.model.plan import plan_end
from loadtui.model.scenario import Scenario
from loadtui.model.units import duration as words
from loadtui.session.targets import Resolve, resolve, stranger


def check_targets(scenario: Scenario, command: Sequence[str], *, lookup: Resolve = resolve) -> None:
    """Refuse a target off loopback that nobody allowed.

    The message repeats `command` with the missing flag. Raises TargetRefused, or BadInput for a
    name that does not resolve.
    """
    if (found := stranger(scenario, lookup)) is not None:
        host, address = found
        again = shlex.join(["loadtui", *command, "--allow", host])
        raise TargetRefused(
            f"{host} ({address}) is not on this machine, and nobody allowed it",
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


def check_faults(scenario: Scenario) -> None:
    """Refuse a fault that comes after the plan, as flags may have made it, or stays too long."""
    end, ttl = plan_end(scenario.scenarios), scenario.guard.ttl
    for each in scenario.timed:
        if end is not None and each.at >= end:
            raise BadInput(
                f"the fault {each.name} comes after {words(each.at)}, but the plan is over after"
                f" {words(end)}",
                hint="make the plan longer, or take the fault out of the scenario",
            )
        if each.lasts is not None and each.lasts > ttl:
            raise BadInput(
                f"the fault {each.name} stays {words(each.lasts)}, past guard.ttl {words(ttl)}",
                hint="shorten it, or raise guard.ttl in the scenario",
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
