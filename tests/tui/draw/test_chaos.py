from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.model.snapshot import Chaos, ProxyStatus, Slot
from loadtui.model.toxic import Toxic
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.chaos import Choice, chaos_head, chaos_panel
from tests.tui.states import NAMES, snapshot
from tests.tui.text import hues, lines, page

FIRST: Choice = ("payments", "latency")


def panel(chaos: Chaos, cells: int = 62, height: int = 16, choice: Choice | None = FIRST) -> str:
    head = chaos_head(chaos, "", cells, focused=True)
    picture = chaos_panel(chaos, choice, cells, height, head=head, focused=True)
    return page(picture.rows).replace("\u00a0", " ")


def one(**fields: object) -> Chaos:
    toxic = Toxic("latency", "latency", "downstream", 0.25, {"latency": 300, "jitter": 0})
    slot = msgspec.structs.replace(Slot("latency", toxic, on=False), **fields)
    proxy = ProxyStatus("payments", "127.0.0.1:1", "10.0.0.9:2", slots=(slot,))
    return Chaos(state="up", proxies=(proxy,))


def test_what_is_on_is_switched_on_with_its_share_and_its_time_left() -> None:
    text = panel(snapshot("fault").chaos)
    assert "━● latency    ↓ 2 000 ms ±100" in text
    assert "100 %  4:40" in text
    assert "○─ timeout" in text
    assert text.splitlines()[0].endswith("1 on · toxiproxy 2.12.0 :8474 (ours)")


def test_loopback_addresses_are_short_and_others_whole() -> None:
    text = panel(one())
    assert ":1 → 10.0.0.9:2" in text


def test_a_share_below_all_is_always_said() -> None:
    assert "25 %" in panel(one())


def test_somebody_elses_fault_is_named_as_such() -> None:
    assert "not ours" in panel(one(on=True))
    assert "not ours" not in panel(one(on=True, ours=True, left=9.0))


def test_a_call_under_way_and_one_that_failed_are_said() -> None:
    assert "injecting…" in panel(one(busy="injecting"))
    assert "✗ 409: toxic exists" in panel(one(trouble="409: toxic exists"))


@pytest.mark.parametrize(
    ("chaos", "words"),
    [
        (Chaos(), "No Toxiproxy, so no faults."),
        (Chaos(), "loadtui toxiproxy"),
        (Chaos(state="none", message="go is missing"), "go is missing"),
        (Chaos(state="starting"), "Toxiproxy is starting…"),
        (Chaos(state="stuck", restartable=True), "#558)\n R restarts it"),
        (Chaos(state="stuck"), "control API stuck (upstream issue #558)"),
        (Chaos(state="lost"), "Toxiproxy is gone: nothing listens"),
        (Chaos(state="up", blocked="the watchdog is dead"), "no new faults: the watchdog is dead"),
    ],
)
def test_how_the_server_fares(chaos: Chaos, words: str) -> None:
    assert words in panel(chaos)


def test_a_stuck_server_still_shows_what_is_on() -> None:
    assert "━● latency" in panel(snapshot("stuck").chaos)


@given(cells=st.integers(0, 120), height=st.integers(0, 30), state=st.sampled_from(NAMES))
def test_no_size_breaks_the_panel(cells: int, height: int, state: str) -> None:
    chaos = snapshot(state).chaos
    head = chaos_head(chaos, "v  timeline", cells, focused=False)
    picture = chaos_panel(chaos, FIRST, cells, height, head=head, focused=False)
    assert len(picture.rows) <= max(height, 0)
    assert all(row_width(row) <= max(cells, 24) for row in picture.rows)


@pytest.mark.parametrize("choice", [("payments", "latency"), ("inventory", "down")])
def test_the_choice_is_in_view_however_low_the_panel(choice: Choice) -> None:
    head = chaos_head(snapshot("fault").chaos, "", 60, focused=True)
    picture = chaos_panel(snapshot("fault").chaos, choice, 60, 6, head=head, focused=True)
    assert choice in picture.choices.values()
    assert "more row" in lines(picture.rows)[-1] or choice == ("inventory", "down")


def test_names_from_outside_are_text() -> None:
    slot = Slot("[/]\x07", Toxic("[/]\x07", "odd", "upstream", 1.0, {"[b]": "\x1b[2J"}), on=True)
    proxy = ProxyStatus("[red]\n", "[::1]:9", "x", slots=(slot,))
    text = panel(Chaos(state="up", proxies=(proxy,)), choice=None)
    assert "[red]·" in text
    assert "[/]·" in text
    assert not any(ch < " " for ch in text.replace("\n", ""))


def test_a_fault_that_is_on_is_orange() -> None:
    head = chaos_head(snapshot("fault").chaos, "", 62, focused=True)
    rows = chaos_panel(snapshot("fault").chaos, None, 62, 16, head=head, focused=True).rows
    assert "fault" in hues(rows, "latency")
    assert hues(rows, "4:40") == {"fault"}


def test_a_fault_of_the_plan_counts_down_to_its_time() -> None:
    assert "in 1:20" in panel(snapshot("timed").chaos)
    assert "0:12" in panel(snapshot("timed").chaos)
    waiting = msgspec.structs.replace(one(begins=80.0), begun=False)
    assert "at 1:20" in panel(waiting), "the plan has not begun"


def test_a_skipped_one_says_so() -> None:
    assert "skipped" in panel(snapshot("timed").chaos)


@pytest.mark.parametrize("cells", [30, 38, 46, 62, 90])
def test_its_time_is_seen_at_every_width(cells: int) -> None:
    text = panel(snapshot("timed").chaos, cells, 20)
    assert all(words in text for words in ("in 1:20", "0:12", "skipped"))
    assert text.splitlines()[0].startswith("─ chaos") or "chaos" in text.splitlines()[0]


def test_the_head_says_how_many_are_planned() -> None:
    assert "1 on, 1 planned" in panel(snapshot("timed").chaos)
