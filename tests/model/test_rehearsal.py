"""A plan in less time."""

from __future__ import annotations

import msgspec

from loadtui.model.caution import cautions
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Manual,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.model.rehearsal import rehearsed
from loadtui.model.scenario import Scenario

ENTRIES = (
    Entry("a", RampingVus((Stage(120, 50), Stage(0, 0)))),
    Entry("b", ConstantVus(60, 5), start_time=30, graceful_stop=30),
    Entry("c", ConstantRate(5, 60, 1, 1)),
    Entry("d", SharedIterations(1, 5, 600)),
    Entry("e", Manual(5)),
    Entry("f", Manual(5, 60)),
)
WRITTEN = Scenario(name="x", target="http://h", scenarios=ENTRIES)


def test_sixty_times_as_fast_a_minute_is_a_second() -> None:
    made = rehearsed(WRITTEN, 60)
    assert made.scenarios == (
        Entry("a", RampingVus((Stage(2, 50), Stage(0, 0)))),
        Entry("b", ConstantVus(1, 5), start_time=0.5, graceful_stop=30),
        Entry("c", ConstantRate(5, 1, 1, 1)),
        Entry("d", SharedIterations(1, 5, 10)),
        Entry("e", Manual(5)),
        Entry("f", Manual(5, 1)),
    )


def test_a_rehearsal_says_that_it_is_one() -> None:
    said = [each.what for each in cautions(rehearsed(WRITTEN, 60))]
    assert said == ["REHEARSAL"]
    assert rehearsed(WRITTEN, 1.0) == WRITTEN
    assert not list(cautions(WRITTEN))


def test_what_a_server_must_keep_is_not_shortened() -> None:
    slow = msgspec.structs.replace(WRITTEN, connect_timeout=9.0)
    assert rehearsed(slow, 60).connect_timeout == 9.0
