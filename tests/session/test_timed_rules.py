"""Faults that come by themselves: on the plan's clock, through the same effects as by hand."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model import command as c
from loadtui.model.executor import ConstantVus, Entry
from loadtui.model.ledger import Entry as Opened
from loadtui.model.ledger import Lift
from loadtui.model.scenario import FaultPreset, Scenario
from loadtui.model.snapshot import Slot
from loadtui.model.timed import Timed
from loadtui.model.toxic import Proxy, Toxic
from loadtui.session.effect import ApplyChange, Effect, LiftEntry
from loadtui.session.state import Now, State, decide, initial, tick
from tests.support.desk_table import SLOW, Table

PLAN = (Entry("default", ConstantVus(120.0, 5)),)
FAULTS = (
    FaultPreset("slow", "payments", SLOW, at=20.0, lasts=15.0),
    FaultPreset("gone", "payments", at=60.0, lasts=5.0),
    FaultPreset("gone-again", "payments", at=80.0),
)
KEY, DOWN = ("payments", "latency"), ("payments", "down")


class Run(Table):
    """A desk whose plan runs, with a server that takes what it is told."""

    def __init__(self, path: Path, *, begun: bool = True) -> None:
        super().__init__(path, scenarios=PLAN, faults=FAULTS)
        self.toxics: dict[str, Toxic] = {}
        self.enabled, self.refuses = True, ""
        self.opened: dict[int, Opened] = {}
        self._serve()
        if begun:
            self.do(c.StartPlan())
            self.clock.mono += 0.1

    def do(self, command: c.AnyCommand) -> None:
        self._answer(self.desk.command(command))

    def go(self, seconds: float) -> None:
        """Let time pass by quarters of a second, at which the desk ticks."""
        for _ in range(round(seconds * 4)):
            self.clock.mono += 0.25
            self._answer(self.desk.tick()[0])

    def over(self) -> None:
        """Every worker has come to the plan's end."""
        self._answer(self.desk.plan_over())

    def on(self) -> list[str]:
        """What is broken now."""
        return [*self.toxics, *([] if self.enabled else ["down"])]

    def slot(self, fault: str = "latency") -> Slot:
        (proxy,) = self.desk.snapshot().chaos.proxies
        return next(slot for slot in proxy.slots if slot.fault == fault)

    def timed(self, name: str = "slow") -> Timed:
        return next(t for t in self.desk.snapshot().chaos.timed if t.name == name)

    def _answer(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case ApplyChange():
                    self._apply(effect)
                case LiftEntry(entry=entry, why=why):
                    self._lift(entry, why)
                case _:
                    pass

    def _apply(self, call: ApplyChange) -> None:
        if self.refuses:
            self._answer(self.desk.applied(call, None, self.refuses))
            return
        number = len(self.opened) + 1
        self.opened[number] = Opened(number, "http://s", call.change, call.deadline)
        if isinstance(call.change.after, Toxic):
            self.toxics[call.change.toxic] = call.change.after
        else:
            self.enabled = bool(call.change.after)
        self._serve()
        self._answer(self.desk.applied(call, self.opened[number], ""))

    def _lift(self, number: int, why: str) -> None:
        change = self.opened[number].change
        if change.part == "toxic":
            self.toxics.pop(change.toxic)
        else:
            self.enabled = True
        self._serve()
        self._answer(self.desk.lifted([Lift(self.opened[number], "done")], why))

    def _serve(self) -> None:
        proxy = Proxy("payments", "l:1", "u:2", self.enabled, tuple(self.toxics.values()))
        self.desk.saw_server({"payments": proxy}, {})


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_fault_comes_and_goes_by_the_plans_clock(run: Run) -> None:
    assert run.slot().begins == pytest.approx(20, abs=0.5)
    run.go(19.5)
    assert (run.on(), run.slot().on) == ([], False)
    run.go(0.5)
    assert run.toxics == {"latency": SLOW}
    assert run.slot().left == pytest.approx(15, abs=0.5), "the plan lifts it before its ttl"
    run.go(15.5)
    assert run.on() == []
    marker = next(m for m in run.desk.snapshot().markers if m.kind == "fault")
    assert (marker.what, marker.open) == ("latency payments", False)
    assert (marker.ended or 0) - marker.at == pytest.approx(15, abs=0.5)
    assert (run.timed().state, run.timed().marker) == ("over", marker.number)
    assert len(run.desk.snapshot().comparisons) == 1


def test_a_proxy_goes_down_and_up_again_and_down_to_the_plans_end(run: Run) -> None:
    run.go(60.25)
    assert run.on() == ["down"]
    run.go(5.5)
    assert run.on() == []
    run.go(14.5)
    assert run.on() == ["down"]
    run.over()
    assert run.on() == []
    assert [t.state for t in run.desk.snapshot().chaos.timed] == ["over", "over", "over"]


def test_before_the_plan_has_begun_nothing_comes(tmp_path: Path) -> None:
    run = Run(tmp_path, begun=False)
    run.go(30)
    assert run.on() == []
    assert not run.desk.snapshot().chaos.begun
    assert run.slot().begins == 20


def test_a_pause_stops_the_clock_of_a_fault_ahead_and_of_one_that_is_on(run: Run) -> None:
    run.go(10)
    run.do(c.TogglePause())
    run.go(60)
    assert run.slot().begins == pytest.approx(10, abs=0.5)
    run.do(c.TogglePause())
    run.go(11)
    assert run.on() == ["latency"]
    run.do(c.TogglePause())
    run.go(60)
    assert run.on() == ["latency"], "its time stands still"
    run.do(c.TogglePause())
    run.go(15)
    assert run.on() == []


def test_a_long_pause_does_not_outlast_the_time_to_live(run: Run) -> None:
    run.go(21)
    run.do(c.TogglePause())
    run.go(300)
    assert run.on() == []
    run.do(c.TogglePause())
    run.go(30)
    assert run.on() == [], "what ran out is over"


def test_under_a_hand_over_the_plan_the_clock_goes_on_as_that_of_stages(run: Run) -> None:
    run.go(5)
    run.do(c.SetTarget(3))
    run.go(16)
    assert run.on() == ["latency"]


def test_injected_early_by_hand_it_stays_as_long_and_does_not_come_again(run: Run) -> None:
    run.go(2)
    run.do(c.Toggle(*KEY))
    assert run.on() == ["latency"]
    assert run.timed().state == "by hand"
    assert run.slot().left == pytest.approx(15, abs=0.5)
    run.go(16)
    assert run.on() == []
    run.go(40)
    assert run.on() == []
    assert len(run.desk.snapshot().comparisons) == 1


def test_lifted_early_by_hand_it_does_not_come_again(run: Run) -> None:
    run.go(21)
    run.do(c.Toggle(*KEY))
    assert run.on() == []
    run.go(30)
    assert (run.on(), run.timed().state) == ([], "over")


def test_a_fault_that_was_told_how_long_to_stay_is_the_hands(run: Run) -> None:
    run.go(21)
    run.do(c.Adjust(*KEY, 0.5, {"latency": 500, "jitter": 0}, 60.0))
    run.go(30)
    assert run.toxics["latency"].toxicity == 0.5
    run.go(31)
    assert run.toxics == {}


def test_made_stronger_by_hand_it_still_goes_at_its_time(run: Run) -> None:
    run.go(21)
    run.do(c.Strengthen(*KEY, 2))
    assert run.toxics["latency"].attributes["latency"] == 2500
    run.go(14.5)
    assert run.on() == []


def test_what_was_set_up_before_comes_at_its_time(run: Run) -> None:
    run.do(c.Strengthen(*KEY, -2))
    run.go(21)
    assert run.toxics["latency"].attributes["latency"] == 1500


def test_skipped_it_does_not_come_and_can_be_asked_for_again(run: Run) -> None:
    run.do(c.Skip(*KEY))
    assert run.slot().skipped
    assert run.slot().begins is None
    run.go(10)
    run.do(c.Skip(*KEY))
    assert not run.slot().skipped
    run.do(c.Skip(*KEY))
    run.go(30)
    assert run.on() == []
    run.do(c.Skip(*KEY))
    assert run.desk.snapshot().news == "the plan has nothing ahead for latency on payments"


def test_panic_cancels_all_and_re_arming_brings_nothing_back(run: Run) -> None:
    run.go(21)
    run.do(c.Panic())
    run._lift(1, "lifted")
    run.do(c.Rearm())
    run.do(c.HandBack())
    run.go(80)
    assert run.on() == []
    assert [t.state for t in run.desk.snapshot().chaos.timed] == ["over", "skipped", "skipped"]


def test_lifting_everything_by_hand_cancels_what_is_ahead(run: Run) -> None:
    run.do(c.LiftAll())
    run.go(70)
    assert run.on() == []


def test_what_a_hand_has_on_already_is_left_to_it(run: Run) -> None:
    run.do(c.Toggle(*DOWN))
    assert run.timed("gone").state == "by hand"
    run.go(4)
    run.do(c.Toggle(*DOWN))
    run.do(c.Toggle(*DOWN))
    assert run.timed("gone-again").state == "by hand"


def test_a_fault_that_is_on_already_does_not_come_on_top(run: Run) -> None:
    run.do(c.Inject("payments", Toxic("down", "down"), 100.0))
    assert run.timed("gone").state == "by hand"
    run.go(81)
    assert (run.timed("gone-again").state, run.enabled) == ("skipped", False)
    run.go(20)
    assert run.on() == [], "it ends when the hand said so"


def test_a_server_that_is_away_is_tried_for_ten_seconds(run: Run) -> None:
    run.desk.chaos(status="lost", message="nothing listens")
    run.go(25)
    assert run.timed().state == "waiting"
    run._serve()
    run.go(1)
    assert run.on() == ["latency"]
    run.go(10)
    assert run.on() == [], "it goes when the plan says so, however late it came"


def test_a_server_that_stays_away_is_told(run: Run) -> None:
    run.desk.chaos(status="lost", message="nothing listens")
    run.go(31)
    assert (run.timed().state, run.slot().on) == ("failed", False)
    shown = run.desk.snapshot()
    assert shown.markers[-1].what == "slow was not injected"
    assert shown.news == "slow was not injected: Toxiproxy is lost: nothing listens"


def test_a_refused_call_is_told_and_not_tried_again(run: Run) -> None:
    run.refuses = "it is so already on the server"
    run.go(21)
    run.refuses = ""
    run.go(20)
    assert (run.timed().state, run.timed().why) == ("failed", "it is so already on the server")
    assert run.on() == []


def test_a_plan_that_ends_early_leaves_faults_that_never_came(run: Run) -> None:
    run.go(61)
    run.over()
    run.go(30)
    assert run.on() == []
    assert run.timed("gone-again").state == "failed"
    assert run.timed("gone-again").why == "the plan was over before 1m20s"


COMMANDS = st.sampled_from(
    (
        c.Toggle(*KEY), c.Toggle(*DOWN), c.Skip(*KEY), c.Skip(*DOWN), c.LiftAll(), c.Panic(),
        c.Rearm(), c.TogglePause(), c.HandBack(), c.SetTarget(1), c.Strengthen(*KEY, 1),
        c.Adjust(*KEY, 1.0, {"latency": 1}, 9.0), c.Zero(),
    )
)  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 30), COMMANDS), max_size=30))
def test_whatever_hands_do_no_fault_of_the_plan_comes_twice(
    script: list[tuple[float, c.AnyCommand]],
) -> None:
    scenario = Scenario(name="s", target="http://h", scenarios=PLAN, faults=FAULTS)
    state = initial(scenario, step=1, tour=())
    view = {"payments": Proxy("payments", "l:1", "u:2")}
    chaos = msgspec.structs.replace(state.chaos, view=view, status="up")
    state = msgspec.structs.replace(state, chaos=chaos)
    now = 1000.0
    state, _ = decide(state, c.StartPlan(), Now(now, now))
    begun = {"slow": 0, "gone": 0, "gone-again": 0}
    for wait, command in script:
        now += wait
        before = state
        state, effects, _ = tick(state, Now(now, now))
        _count(before, state, begun)
        assert not (state.load.panic and _injects(effects))
        state, _ = decide(state, command, Now(now, now))
    assert max(begun.values()) <= 1


def _count(before: State, after: State, begun: dict[str, int]) -> None:
    for old, new in zip(before.chaos.timed, after.chaos.timed, strict=True):
        begun[new.name] += old.state != "injecting" and new.state == "injecting"


def _injects(effects: tuple[Effect, ...]) -> bool:
    return any(isinstance(each, ApplyChange) for each in effects)
