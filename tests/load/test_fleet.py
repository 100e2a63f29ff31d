from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from loadtui.load.fleet import Fleet, Orders


def test_the_highest_leave_first_and_come_back_before_anybody_new_starts() -> None:
    fleet = Fleet()
    assert fleet.towards(5, 0.0) == Orders(start=(0, 1, 2, 3, 4))
    assert fleet.towards(3, 1.0) == Orders(drain=(4, 3))
    assert fleet.towards(6, 2.0) == Orders(revive=(3, 4), start=(5,))


def test_one_that_still_drains_is_preferred_to_a_free_slot_below_it() -> None:
    fleet = Fleet()
    fleet.towards(3, 0.0)
    fleet.towards(1, 1.0)
    fleet.ended(1)
    assert fleet.towards(2, 2.0) == Orders(revive=(2,))


def test_a_slot_that_was_cut_is_free_only_when_its_vu_has_ended() -> None:
    fleet = Fleet()
    fleet.towards(2, 0.0)
    fleet.towards(1, 1.0)
    assert fleet.cut() == (1,)
    assert fleet.cut() == ()
    assert fleet.towards(2, 2.0) == Orders(start=(2,))
    fleet.ended(1)
    assert fleet.towards(3, 3.0) == Orders(start=(1,))


def test_only_those_that_drain_for_too_long_are_overdue() -> None:
    fleet = Fleet()
    fleet.towards(3, 0.0)
    fleet.towards(2, 10.0)
    fleet.towards(1, 20.0)
    assert fleet.overdue(15.0) == (2,)
    assert fleet.overdue(15.0) == ()
    assert (fleet.active, fleet.draining) == (1, 2)


class AnyCourse(RuleBasedStateMachine):
    """A model that knows only which VUs exist; whatever happens, orders fit it."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = Fleet()
        self.running: set[int] = set()
        self.draining: set[int] = set()
        self.cut_ones: set[int] = set()
        self.now = 0.0

    @rule(wanted=st.integers(0, 12))
    def retarget(self, wanted: int) -> None:
        self.now += 1.0
        orders = self.fleet.towards(wanted, self.now)
        alive = self.running | self.draining | self.cut_ones
        assert not alive & set(orders.start), "a VU that exists is not started again"
        assert set(orders.revive) <= self.draining
        assert set(orders.drain) <= self.running
        assert not (orders.start and self.draining - set(orders.revive)), "revived first"
        kept = self.running - set(orders.drain)
        if orders.drain:
            assert max(kept, default=-1) < min(orders.drain), "the highest leave first"
        self.draining = (self.draining | set(orders.drain)) - set(orders.revive)
        self.running = kept | set(orders.start) | set(orders.revive)
        assert len(self.running) == wanted

    @rule(index=st.integers(0, 30))
    def a_drained_one_ends(self, index: int) -> None:
        ending = sorted(self.draining | self.cut_ones)
        if ending:
            slot = ending[index % len(ending)]
            self.fleet.ended(slot)
            self.draining.discard(slot)
            self.cut_ones.discard(slot)

    @rule(index=st.integers(0, 30))
    def a_running_one_fails(self, index: int) -> None:
        if self.running:
            slot = sorted(self.running)[index % len(self.running)]
            self.fleet.ended(slot)
            self.running.discard(slot)

    @rule()
    def cut(self) -> None:
        assert set(self.fleet.cut()) == self.draining
        self.cut_ones |= self.draining
        self.draining = set()

    @rule(patience=st.integers(0, 5))
    def grow_impatient(self, patience: int) -> None:
        late = set(self.fleet.overdue(self.now - patience))
        assert late <= self.draining
        self.draining -= late
        self.cut_ones |= late

    @invariant()
    def the_counts_agree(self) -> None:
        assert self.fleet.active == len(self.running)
        assert self.fleet.draining == len(self.draining) + len(self.cut_ones)


TestAnyCourse = AnyCourse.TestCase
