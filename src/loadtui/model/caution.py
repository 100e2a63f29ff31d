"""What weakens a run before it has begun, said on the screen, in the journal and at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from loadtui.model.scenario import Scenario


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
