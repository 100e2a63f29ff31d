from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest

from loadtui.demo.scenario import FAULTS, demo_scenario
from loadtui.demo.tour import headless, tour
from loadtui.model.command import AnyCommand, Cue, Inject, LiftAll, SetTarget

TOUR = tour(resilience=True)
FRAGILE = tour(resilience=False)
SCRIPTS = [TOUR, FRAGILE, headless(30.0), headless(120.0)]


def when(cues: Iterable[Cue], kind: type[AnyCommand]) -> list[float]:
    return [cue.at for cue in cues for command in cue.commands if isinstance(command, kind)]


@pytest.mark.parametrize("cues", SCRIPTS)
def test_a_script_moves_forward_and_leaves_no_fault(cues: tuple[Cue, ...]) -> None:
    times = [cue.at for cue in cues]
    assert times == sorted(set(times))
    assert times[0] == 0.0
    assert max(when(cues, Inject)) < max(when(cues, LiftAll))


@pytest.mark.parametrize("cues", SCRIPTS)
def test_a_fault_that_a_script_leaves_behind_lifts_by_itself(cues: tuple[Cue, ...]) -> None:
    for cue in cues:
        for command in cue.commands:
            if isinstance(command, Inject):
                lifted = next(at for at in when(cues, LiftAll) if at > cue.at)
                # Later than the script, so that the script's own lift is what the timeline shows.
                assert command.ttl is not None
                assert lifted - cue.at < command.ttl <= 90.0


def test_the_fault_of_the_tour_has_a_row_in_the_panel() -> None:
    injected = next(c for cue in TOUR for c in cue.commands if isinstance(c, Inject))
    assert (injected.proxy, injected.toxic) in [(fault.proxy, fault.toxic) for fault in FAULTS]


@pytest.mark.parametrize("cues", [TOUR, FRAGILE])
def test_the_tour_lasts_about_ninety_seconds_and_always_says_what_happens(
    cues: tuple[Cue, ...],
) -> None:
    assert 80.0 <= cues[-1].at <= 100.0
    assert all(cue.caption for cue in cues)
    assert max(len(cue.caption) for cue in cues) <= 190
    assert max(later.at - cue.at for cue, later in itertools.pairwise(cues)) <= 15.0


def test_a_breaker_is_shown_only_where_there_is_one() -> None:
    assert any("breaker" in cue.caption for cue in TOUR)
    assert not any("breaker" in cue.caption or "503" in cue.caption for cue in FRAGILE)


def test_no_target_of_the_tour_waits_for_a_confirmation() -> None:
    targets = [c.target for cue in TOUR for c in cue.commands if isinstance(c, SetTarget)]
    assert max(targets) <= demo_scenario().guard.max_vus / 2


def test_a_headless_demo_breaks_payments_for_the_middle_third() -> None:
    cues = headless(60.0)
    assert when(cues, Inject) == [20.0]
    assert when(cues, LiftAll) == [40.0]
    assert max(when(cues, SetTarget)) < 20.0
