"""What weakens a run before it has begun, said on the screen, in the journal and at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from loadtui.model.plan import plan_end
from loadtui.model.scenario import Scenario
from loadtui.model.units import duration

AFTER = 10.0
"""Seconds after a fault in which a system that recovers at once can be seen to: five in a row."""


class Caution(NamedTuple):
    """A few words for the timeline, and what follows from them."""

    what: str
    detail: str


def cautions(scenario: Scenario) -> Iterator[Caution]:
    """Everything that a reader of the figures must know."""
    if not scenario.tls.verify:
        yield Caution("TLS IS NOT VERIFIED", "anybody can answer in the name of the target")
    if scenario.time_scale != 1.0:
        yield Caution(
            "REHEARSAL",
            f"the plan goes {scenario.time_scale:g} times as fast as it is written",
        )
    if scenario.client == "httpx":
        yield Caution(
            "client is httpx",
            "a request costs some 50 times the CPU of http1, and past a few hundred requests/s a "
            "worker measures itself",
        )
    yield from _of_faults(scenario)


def _of_faults(scenario: Scenario) -> Iterator[Caution]:
    end = plan_end(scenario.scenarios)
    for each in scenario.timed:
        if end is not None and (each.until is None or end - each.until < AFTER):
            left = (
                "nothing" if each.until is None else duration(round(max(0.0, end - each.until), 1))
            )
            detail = f"{left} of the plan is left after it, so its recovery may not be seen"
            yield Caution(f"{each.name} ends with the plan", detail)
