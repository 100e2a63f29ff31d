from __future__ import annotations

from loadtui.tui.draw.chips import chips
from loadtui.tui.draw.slider import slider
from tests.tui.text import hues, lines

OPTIONS = ("payments", "orders-db", "[b]inventory")


def test_options_wrap_and_know_where_they_are() -> None:
    rows, spots = chips(OPTIONS, 1, 24, focused=True, hue="accent", ground="tile")
    assert [line.split() for line in lines(rows)] == [["payments", "orders-db"], ["[b]inventory"]]
    assert [(row, index) for row, _, _, index in spots] == [(0, 0), (0, 1), (1, 2)]


def test_the_chosen_one_stands_out_with_and_without_focus() -> None:
    focused, _ = chips(OPTIONS, 0, 60, focused=True, hue="fault", ground="tile")
    plain, _ = chips(OPTIONS, 0, 60, focused=False, hue="fault", ground="tile")
    assert hues(focused, "payments") == {"bg"}
    assert hues(plain, "payments") == {"fault"}
    assert hues(plain, "orders-db") == {"quiet"}


def test_a_knob_stands_where_the_value_is() -> None:
    assert lines([slider(0.0, 11, hue="fault", ground="tile")]) == ["●──────────"]
    assert lines([slider(0.5, 11, hue="fault", ground="tile")]) == ["━━━━━●─────"]
    assert lines([slider(9.0, 11, hue="fault", ground="tile")]) == ["━━━━━━━━━━●"]


def test_a_problem_takes_the_rails_place() -> None:
    row = slider(0.5, 30, hue="fault", ground="tile", problem="write a whole number")
    assert lines([row]) == ["✗ write a whole number"]
