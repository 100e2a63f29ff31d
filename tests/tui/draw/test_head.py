from __future__ import annotations

import msgspec
import pytest

from loadtui.tui.draw.cells import row_width, words_of
from loadtui.tui.draw.head import head, status
from tests.tui.states import snapshot
from tests.tui.story import steady


def said(state: str, cells: int = 160) -> str:
    return words_of(head(snapshot(state), cells)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("idle", "○ IDLE"),
        ("starting", "◌ STARTING"),
        ("steady", "● RUNNING"),
        ("fault", "▲ FAULT ON"),
        ("panic", "■ PANIC"),
    ],
)
def test_the_state_in_a_word(state: str, word: str) -> None:
    assert status(snapshot(state))[0] == word
    assert said(state).startswith(f" {word} ")


def test_while_setup_runs_that_is_the_state() -> None:
    assert status(msgspec.structs.replace(snapshot("idle"), phase="setup"))[0] == "◌ SETUP"


def test_a_fault_is_the_news_with_its_countdown() -> None:
    assert "latency on payments, 2 000 ms ±100, lifts in 4:40" in said("fault")


def test_a_short_line_keeps_the_fault_rather_than_the_address() -> None:
    assert "http://" in said("fault")
    short = said("fault", 90)
    assert "latency on payments, 2 000 ms ±100, lifts in 4:40" in short
    assert "http://" not in short


def test_after_the_lift_the_outcome_is_the_news_for_a_minute() -> None:
    assert "③ latency payments: p95 2" in said("after")
    assert "back in its baseline band after 7 s" in said("after")
    later = words_of(head(steady().snapshot(markers=snapshot("after").markers, at=300.0), 160))
    assert "baseline" not in later


def test_without_news_the_server_is_named() -> None:
    assert "toxiproxy 2.12.0 :8474 (ours)" in said("steady")


def test_a_frozen_display_says_so() -> None:
    assert " FROZEN " in words_of(head(snapshot("steady"), 120, frozen=True))


@pytest.mark.parametrize("cells", range(0, 200, 3))
def test_the_line_is_as_wide_as_it_may_be(cells: int) -> None:
    for state in ("fault", "after", "steady"):
        row = head(snapshot(state), cells)
        assert row_width(row) <= max(cells, 14)


def test_names_from_outside_are_text() -> None:
    row = head(steady().snapshot(name="[b]o\x1brders", target_url="http://x/[/]"), 160)
    assert "[b]o·rders" in words_of(row)
    assert "http://x/[/]" in words_of(row)


def test_a_rehearsal_says_so_where_there_is_room() -> None:
    rehearsal = msgspec.structs.replace(snapshot("steady"), time_scale=60.0)
    assert "REHEARSAL ×60" in words_of(head(rehearsal, 100))
    assert "REHEARSAL" not in words_of(head(rehearsal, 60))


def test_a_fault_of_the_plan_is_news_ten_seconds_before_it_comes() -> None:
    chaos = snapshot("steady").chaos
    first, *rest = chaos.proxies

    def shown(begins: float, cells: int = 120, *, begun: bool = True) -> str:
        slot = msgspec.structs.replace(first.slots[0], begins=begins)
        proxy = msgspec.structs.replace(first, slots=(slot, *first.slots[1:]))
        soon = msgspec.structs.replace(chaos, proxies=(proxy, *rest), begun=begun)
        return words_of(head(msgspec.structs.replace(snapshot("steady"), chaos=soon), cells))

    assert "latency on payments comes in 0:09" in shown(9.4)
    assert "fault in 0:09" in shown(9.4, 44)
    assert "comes in" not in shown(11.0)
    assert "comes in" not in shown(9.4, begun=False), "the plan's clock stands still"
