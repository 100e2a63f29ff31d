"""What the flags make of the file's plan."""

from __future__ import annotations

import pytest

from loadtui.cli.planned import Asked, plan
from loadtui.errors import BadInput
from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    Manual,
    RampingVus,
    SharedIterations,
    Stage,
)


def one(executor: Executor) -> tuple[Entry, ...]:
    return (Entry("default", executor),)


STAGES = (Stage(60, 5), Stage(30, 0))
CONSTANT = ConstantVus(30, 10)


@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        ((), Asked(), SharedIterations(1, 1)),
        ((), Asked(vus=5, duration=30), ConstantVus(30, 5)),
        ((), Asked(iterations=10), SharedIterations(1, 10)),
        ((), Asked(vus=50, iterations=10), SharedIterations(10, 10)),
        ((), Asked(iterations=10, duration=5), SharedIterations(1, 10, 5)),
        ((), Asked(stages=STAGES), RampingVus(STAGES, 1)),
        ((), Asked(vus=3, stages=STAGES), RampingVus(STAGES, 3)),
        (one(CONSTANT), Asked(), CONSTANT),
        (one(CONSTANT), Asked(duration=5), ConstantVus(5, 10)),
        (one(CONSTANT), Asked(iterations=20), SharedIterations(10, 20)),
        (one(Manual(25)), Asked(), SharedIterations(25, 25)),
    ],
)
def test_flags_win_over_the_file_and_without_a_screen_every_plan_ends(
    known: tuple[Entry, ...], asked: Asked, expected: Executor
) -> None:
    assert plan(known, asked, headless=True) == one(expected)


@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        ((), Asked(), ()),
        ((), Asked(vus=5), one(Manual(5))),
        (one(Manual(25)), Asked(), one(Manual(25))),
        (one(Manual(25)), Asked(vus=4), one(Manual(4))),
    ],
)
def test_on_the_screen_a_plan_need_not_end(
    known: tuple[Entry, ...], asked: Asked, expected: tuple[Entry, ...]
) -> None:
    assert plan(known, asked, headless=False) == expected


def test_several_scenarios_stay_as_the_file_has_them() -> None:
    both = (Entry("a", CONSTANT), Entry("b", CONSTANT))
    assert plan(both, Asked(), headless=True) == both
    with pytest.raises(BadInput, match="2 scenarios"):
        plan(both, Asked(duration=3), headless=True)


@pytest.mark.parametrize(
    ("known", "asked", "said"),
    [
        ((), Asked(vus=3), "--vus without an end"),
        ((), Asked(stages=STAGES, duration=3), "--stage says how long"),
        (one(ConstantRate(5, 3, 1, 1)), Asked(vus=3), "--vus 3 alone, and the file has a load"),
        (one(CONSTANT), Asked(vus=3), "--duration 30s, --iterations or --stage"),
        (one(Manual(25)), Asked(vus=3), "--vus 3 alone, and the file has a load"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(
    known: tuple[Entry, ...], asked: Asked, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        plan(known, asked, headless=True)
