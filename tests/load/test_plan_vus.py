"""k6's own vectors for ramping-vus, and what must hold for any stages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.plan import Share
from loadtui.load.plan_vus import VuPlan
from loadtui.model.executor import ConstantVus, Manual, RampingVus, Stage

STAGES = st.lists(
    st.builds(Stage, st.sampled_from([0, 0.5, 1, 3, 7.3, 60]), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)

WHOLE_SECONDS = [4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3, 4]
LONG = {float(at): vus for at, vus in enumerate(WHOLE_SECONDS)} | {19.9: 4, 20.0: 1, 23.0: 0}


def ramp(start: int, text: str) -> VuPlan:
    pairs = (part.split("s→") for part in text.split(","))
    stages = tuple(Stage(float(seconds), int(target)) for seconds, target in pairs)
    return VuPlan(RampingVus(stages, start_vus=start))


@pytest.mark.parametrize(
    ("start", "stages", "counts"),
    [
        (0, "2s→2,2s→0,2s→2,2s→0", {0: 0, 1: 1, 2: 2, 3: 1, 4: 0, 5: 1, 6: 2, 7: 1, 8: 0}),
        (3, "2s→5", {0: 3, 1: 4, 1.99: 4, 2: 0}),
        (3, "2s→5,1s→5", {0: 3, 1: 4, 2: 5}),
        (2, "0s→5,2s→3,1s→3", {0: 5, 0.5: 5, 1: 4, 1.5: 4, 2: 3}),
        (
            4,
            "2s→6,5s→1,4s→5,4s→1,3s→4,2s→4,0s→1,3s→1",
            LONG,
        ),
    ],
)
def test_vus_follow_k6_vectors(start: int, stages: str, counts: dict[float, int]) -> None:
    plan = ramp(start, stages)
    assert {moment: plan.vus_at(moment) for moment in counts} == counts


def test_the_line_is_rounded_down_on_the_way_up_and_up_on_the_way_down() -> None:
    assert ramp(0, "10s→1").vus_at(9.99) == 0
    assert ramp(1, "10s→0").vus_at(9.99) == 1


def test_a_constant_count_holds_from_the_beginning_to_the_end() -> None:
    plan = VuPlan(ConstantVus(duration=30, vus=4))
    assert [plan.vus_at(at) for at in (-1, 0, 29.999, 30)] == [0, 4, 4, 0]
    assert (plan.next_change(-5), plan.next_change(0), plan.next_change(30)) == (0, 30, None)


def test_a_manual_count_never_changes_by_itself() -> None:
    plan = VuPlan(Manual(vus=3))
    assert plan.vus_at(1e9) == 3
    assert plan.next_change(0) is None


def changes(plan: VuPlan) -> list[tuple[float, int]]:
    out, moment = [(0.0, plan.vus_at(0))], plan.next_change(0)
    while moment is not None:
        out.append((moment, plan.vus_at(moment)))
        moment = plan.next_change(moment)
        assert len(out) < 2000
    return out


@given(st.integers(0, 40), STAGES)
def test_nothing_changes_between_two_changes(start: int, stages: list[Stage]) -> None:
    plan = VuPlan(RampingVus(tuple(stages), start_vus=start))
    steps = changes(plan)
    moments = [moment for moment, _ in steps]
    assert moments == sorted(set(moments))
    for (begin, count), (end, _) in pairwise(steps):
        assert plan.vus_at((begin + end) / 2) == count
    assert steps[-1][1] == 0


@given(st.integers(0, 40), STAGES)
def test_within_a_stage_the_count_moves_by_one_at_a_time(start: int, stages: list[Stage]) -> None:
    plan = VuPlan(RampingVus(tuple(stages), start_vus=start))
    ends, gone = set(), 0.0
    for stage in stages:
        gone += stage.duration
        ends.add(gone)
    for (_, before), (moment, after) in pairwise(changes(plan)):
        assert abs(after - before) <= 1 or moment in ends


@given(st.integers(0, 40), STAGES, st.floats(0, 400), st.integers(1, 7))
def test_workers_shares_add_up_at_every_moment(
    start: int, stages: list[Stage], moment: float, workers: int
) -> None:
    count = VuPlan(RampingVus(tuple(stages), start_vus=start)).vus_at(moment)
    shares = [Share(index, workers).of(count) for index in range(workers)]
    assert sum(shares) == count
    assert max(shares) - min(shares) <= 1
