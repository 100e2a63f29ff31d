"""What a snapshot says stays said."""

from __future__ import annotations

from loadtui.measure.store import Store
from loadtui.model.command import Watch
from loadtui.model.row import Batch, Row
from loadtui.model.scenario import Scenario
from loadtui.session.load_state import LoadState
from loadtui.session.staff import Staff
from loadtui.session.state import Now, State
from loadtui.session.timeline import Timeline
from loadtui.session.view import Facts, View

FACTS = Facts(
    phase="running",
    staff=Staff(1, is_up=True),
    parts={},
    news="",
    news_number=0,
    journal="",
    origin=0.0,
    load_began=0.0,
    thresholds=(),
    comparisons=(),
    timeline=Timeline(),
)


def test_reports_that_come_later_change_no_snapshot() -> None:
    store, state = Store(), State(load=LoadState())
    view = View(Scenario(name="x", target="http://127.0.0.1", requests=()))
    failing = Row(
        5, "a", 3, failed=1, statuses={200: 2}, errors={"refused": 1}, checks={"is ours": (2, 1)}
    )
    store.ingest(Batch(0, 0, 6.0, 1, 0, (failing,)))
    shown = view.snapshot(state, store, FACTS, Now(6.0, 6.0))
    store.ingest(Batch(0, 1, 6.2, 1, 0, (failing,)))
    assert shown.total.statuses == {200: 2}
    assert shown.total.errors == {"refused": 1}
    assert shown.total.checks == {"is ours": (2, 1)}
    assert view.snapshot(state, store, FACTS, Now(6.5, 6.5)).total.statuses == {200: 4}


def test_what_is_watched_has_its_own_history_with_its_own_reasons() -> None:
    store, state = Store(), State(load=LoadState())
    view = View(Scenario(name="x", target="http://127.0.0.1", requests=()))
    for second in range(5):
        calm = Row(second, "a", 2, statuses={200: 2})
        failing = Row(second, "b", 1, failed=1, errors={"refused": 1})
        store.ingest(Batch(0, second, second + 1.0, 1, 0, (calm, failing)))
    store.refresh(5, 0.0)
    whole = view.snapshot(state, store, FACTS, Now(5.0, 5.0)).history
    assert (whole.name, [p.rate for p in whole.points]) == ("", [3.0] * 5)
    view.watch(Watch("b"))
    named = view.snapshot(state, store, FACTS, Now(5.0, 5.0)).history
    assert (named.name, named.total, named.failed) == ("b", 5, 5)
    assert [(p.rate, p.failed, p.worst) for p in named.points] == [(1.0, 1.0, "refused")] * 5
    assert list(named.reasons) == ["refused"]
    view.watch(Watch())
    assert view.snapshot(state, store, FACTS, Now(5.0, 5.0)).history == whole
