from __future__ import annotations

import msgspec
import pytest

from loadtui.model.command import Confirm, Decline, KeepLeftovers, LiftLeftovers, Quit
from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.bars import Question, bars, question
from loadtui.tui.draw.cells import row_width
from tests.tui.states import snapshot
from tests.tui.text import page

OWN = Question("Quit? The load stops.", "quit", "stay", (Quit(),))


def drawn(
    what: Snapshot, own: Question | None = None, cells: int = 120, *, panel: bool = True
) -> str:
    return page(bars(what, own, cells, tall=False, panel=panel))


def test_a_latched_panic_says_what_it_did_and_how_to_go_on() -> None:
    text = drawn(snapshot("panic"))
    assert "■ PANIC LATCHED" in text
    assert "load stopped · 1 fault lifted, verified" in text
    assert "r re-arm" in text
    assert len(bars(snapshot("panic"), None, 120, tall=True, panel=True)) == 3


def test_a_question_names_its_two_keys() -> None:
    text = drawn(snapshot("question"))
    assert "Raise to 600 VUs? That is past half of max_vus 1000." in text
    assert "y yes" in text
    assert "esc no" in text


def test_the_screens_own_question_comes_first() -> None:
    text = drawn(snapshot("question"), OWN)
    assert "Quit?" in text
    assert "Raise" not in text


def test_each_question_has_its_commands() -> None:
    asked = question(snapshot("question"), None)
    assert asked is not None
    assert (asked.if_yes, asked.if_no) == ((Confirm(),), (Decline(),))
    left = question(snapshot("leftovers"), None)
    assert left is not None
    assert (left.if_yes, left.if_no) == ((LiftLeftovers(),), (KeepLeftovers(),))
    assert question(snapshot("steady"), None) is None


def test_leftovers_are_named_by_place() -> None:
    text = drawn(snapshot("leftovers"))
    assert "1 fault of an earlier session may still be on: payments/latency." in text


def test_a_stuck_server_is_said_here_only_where_the_panel_cannot() -> None:
    assert "stuck (upstream issue #558)" in drawn(snapshot("stuck"), panel=False)
    assert drawn(snapshot("stuck"), panel=True) == ""


def test_the_tour_speaks() -> None:
    text = drawn(snapshot("tour"))
    assert "watch p95 cross the SLO" in text
    assert "d ends the tour" in text


def test_a_long_caption_is_told_in_whole() -> None:
    words = " ".join(f"word{count}" for count in range(24))
    long = msgspec.structs.replace(snapshot("tour"), caption=words)
    text = drawn(long, cells=90)
    assert len(text.splitlines()) > 1
    assert "word23" in text
    assert "…" not in text


def test_a_long_question_is_cut_and_its_keys_stay() -> None:
    long = msgspec.structs.replace(snapshot("question"), question="Raise? " * 40)
    assert drawn(long, cells=60).endswith("y yes  ·  esc no")


@pytest.mark.parametrize("cells", [0, 1, 5, 20, 40, 80])
def test_no_width_breaks_a_bar(cells: int) -> None:
    for state in ("panic", "question", "leftovers", "tour"):
        rows = bars(snapshot(state), None, cells, tall=True, panel=False)
        assert all(row_width(row) <= max(cells, 40) for row in rows)
