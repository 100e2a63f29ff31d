from __future__ import annotations

from loadtui.load.turns import Turns


class Waiting:
    """A VU in line; `leaves`: it was drained meanwhile."""

    def __init__(self, *, leaves: bool = False) -> None:
        self.leaves = leaves
        self.due: list[float] = []
        self.nudged = 0

    def start(self, due: float) -> bool:
        if not self.leaves:
            self.due.append(due)
        return not self.leaves

    def nudge(self) -> None:
        self.nudged += 1


def test_without_a_limit_everybody_may_begin() -> None:
    turns = Turns()
    assert all(turns.take(begun) for begun in range(1000))
    assert not turns.is_limited


def test_shared_turns_are_taken_until_none_is_left() -> None:
    turns = Turns()
    turns.limit(left=3)
    assert [turns.take(0) for _ in range(5)] == [True, True, True, False, False]
    assert turns.taken == 3


def test_each_vu_has_turns_of_its_own() -> None:
    turns = Turns()
    turns.limit(each=2)
    assert [turns.take(begun) for begun in (0, 1, 2, 0)] == [True, True, False, True]
    assert turns.taken == 3


def test_a_start_goes_to_who_has_waited_longest_and_is_there() -> None:
    turns, first, gone, last = Turns(), Waiting(), Waiting(leaves=True), Waiting()
    turns.pace()
    for vu in (gone, first, last):
        turns.wait(vu)
    assert turns.hand_over(1.0)
    assert turns.hand_over(2.0)
    assert not turns.hand_over(3.0)
    assert (gone.due, first.due, last.due) == ([], [1.0], [2.0])


def test_fresh_vus_begin_first_and_can_be_passed_over() -> None:
    turns, fresh, other, seasoned = Turns(), Waiting(), Waiting(), Waiting()
    turns.pace()
    for vu in (seasoned, fresh, other):
        turns.wait(vu, is_fresh=vu is not seasoned)
    assert turns.hand_over(1.0)
    assert turns.hand_to_seasoned(2.0)
    assert not turns.hand_to_seasoned(3.0)
    assert turns.hand_to_fresh(3.0)
    assert not turns.hand_to_fresh(4.0)
    assert (fresh.due, seasoned.due, other.due) == ([1.0], [2.0], [3.0])


def test_set_free_nobody_waits_any_more() -> None:
    turns, vu = Turns(), Waiting()
    turns.pace()
    turns.wait(vu)
    turns.free()
    assert (vu.nudged, turns.is_paced) == (1, False)
    assert not turns.hand_over(1.0)
