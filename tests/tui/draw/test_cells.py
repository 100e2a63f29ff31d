from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.draw import cells
from loadtui.tui.draw.cells import pen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders", "orders"),
        ("a\x1b[31mb", "a·[31mb"),
        ("two\nlines\r", "two·lines·"),
        ("right\u202eleft", "right·left"),
        ("e\u0301", "é"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_text_from_outside_is_one_harmless_line(text: str, shown: str) -> None:
    assert cells.clean(text) == shown


@given(st.text(max_size=30), st.integers(0, 30))
def test_fitting_takes_exactly_the_cells_it_was_given(text: str, room: int) -> None:
    assert cells.width(cells.fit(cells.clean(text), room)) == room


@given(st.text(max_size=30), st.integers(0, 30))
def test_cutting_never_takes_more(text: str, room: int) -> None:
    assert cells.width(cells.cut(cells.clean(text), room)) <= room


def test_what_was_cut_says_so() -> None:
    assert cells.cut("latency payments", 8) == "latency…"
    assert cells.cut("订单服务订单", 6) == "订单 …"


def test_neighbours_of_one_pen_are_joined() -> None:
    row = cells.merged([("a", pen()), ("b", pen()), ("", pen("bad")), ("c", pen("bad"))])
    assert row == (("ab", pen()), ("c", pen("bad")))


def test_the_first_text_that_fits_wins_and_the_last_is_cut() -> None:
    assert cells.first_fitting(("virtual users", "VUs"), 5) == "VUs"
    assert cells.first_fitting(("virtual users", "VUs"), 2) == "V…"
