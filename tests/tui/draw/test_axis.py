from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.draw.axis import axis, axis_text


@given(st.floats(0, 1e6), st.integers(6, 300))
def test_now_is_in_the_last_cell(now: float, cells: int) -> None:
    assert axis(now, cells).cell(now) == cells - 1


@given(st.floats(120, 1e5), st.floats(0, 3), st.floats(0, 119), st.integers(6, 300))
def test_a_picture_scrolls_by_whole_cells_only(
    now: float, later: float, ago: float, cells: int
) -> None:
    first, second = axis(now, cells), axis(now + later, cells)
    moment = now - ago
    assert (first.dot(moment) - second.dot(moment)) % 2 == 0


def test_the_axis_says_how_long_ago() -> None:
    text = axis_text(9, 100, 10)
    assert text.split() == [["−120", "s"][0], "s", "−90", "−60", "−30", "now"]
    assert text.index("now") + 3 == 9 + 100
    assert "−90" not in axis_text(9, 40, 10)
