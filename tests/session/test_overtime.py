"""What ends without a word: the dead man's switch, and what it says before."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.model import command as c
from loadtui.model.executor import ConstantVus, Entry
from loadtui.model.ledger import Change
from loadtui.model.ledger import Entry as Opened
from loadtui.model.scenario import Guard
from loadtui.model.toxic import Proxy
from loadtui.session.effect import ApplyChange, Effect, LiftEverything
from loadtui.session.state import Now
from tests.support.desk_table import SLOW, Table

LIMIT = 100.0
PLAN = (Entry("default", ConstantVus(3600.0, 5)),)


class Desk(Table):
    """A desk whose operator may fall asleep."""

    def __init__(self, path: Path, limit: float | None = LIMIT, *, plan: bool = False) -> None:
        scenarios = PLAN if plan else ()
        super().__init__(path, guard=Guard(dead_man=limit), scenarios=scenarios)
        self.desk.saw_server({"payments": Proxy("payments", "127.0.0.1:1", "127.0.0.1:2")}, {})

    def press(self, command: c.AnyCommand) -> list[Effect]:
        self.touch()
        return self.desk.command(command)

    def touch(self) -> None:
        self.desk.overtime.touch(self.clock.mono)

    def inject(self) -> None:
        for effect in self.press(c.Inject("payments", SLOW, ttl=3600.0)):
            if isinstance(effect, ApplyChange):
                self.on(effect.change)

    def on(self, change: Change) -> None:
        now: Now = self.clock()
        opened = Opened(1, "http://127.0.0.1:8474", change, now.wall + 3600.0)
        self.desk.applied(ApplyChange(("payments", "latency"), change, 0.0), opened, "")

    def later(self, seconds: float) -> list[Effect]:
        self.clock.mono += seconds
        return self.desk.tick()[0]


def test_load_by_hand_goes_to_zero_where_nobody_is(tmp_path: Path) -> None:
    table = Desk(tmp_path)
    table.press(c.SetTarget(5))
    table.later(LIMIT - 1)
    assert table.desk.state.load.target == 5
    assert LiftEverything() in table.later(2.0)
    assert table.desk.state.load.target == 0
    shown = table.desk.snapshot()
    assert shown.news == "no key for 1m40s: faults lifted, load to zero (guard.dead_man)"
    assert [each.what for each in shown.markers[-2:]] == ["no key for 1m40s", "to zero"]


@pytest.mark.parametrize("limit", [LIMIT, None])
def test_any_key_begins_anew_and_without_a_limit_nothing_happens(
    limit: float | None, tmp_path: Path
) -> None:
    table = Desk(tmp_path, limit)
    table.press(c.SetTarget(5))
    for _ in range(4):
        assert LiftEverything() not in table.later(LIMIT * 0.9)
        if limit is not None:
            table.touch()
    assert table.desk.state.load.target == 5


def test_it_is_said_before(tmp_path: Path) -> None:
    table = Desk(tmp_path)
    table.press(c.SetTarget(5))
    table.later(80.0)
    assert table.desk.snapshot().dead_man == pytest.approx(20.0)
    table.touch()
    assert table.desk.snapshot().dead_man == pytest.approx(LIMIT)
    table.press(c.Zero())
    assert table.desk.snapshot().dead_man is None


def test_a_plan_goes_on_and_an_idle_screen_stays(tmp_path: Path) -> None:
    table = Desk(tmp_path, plan=True)
    assert LiftEverything() not in table.later(LIMIT * 2)
    table.press(c.StartPlan())
    assert LiftEverything() not in table.later(LIMIT * 2)
    assert table.desk.state.load.is_wanted


def test_a_fault_is_lifted_and_the_plan_goes_on(tmp_path: Path) -> None:
    table = Desk(tmp_path, plan=True)
    table.press(c.StartPlan())
    table.inject()
    assert LiftEverything() in table.later(LIMIT + 1)
    assert table.desk.state.load.is_wanted
    # Once, and again only after as long: lifting takes its time.
    assert LiftEverything() not in table.later(1.0)
