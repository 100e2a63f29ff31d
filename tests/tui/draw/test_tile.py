from __future__ import annotations

import pytest

from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.digits import big
from loadtui.tui.draw.tile import Tile, tile
from tests.tui.text import hues, lines, page

P95 = Tile(
    titles=("p95 latency", "p95"),
    value="2\u00a0276",
    unit="ms",
    notes=("4.6× the SLO of 500 ms", "4.6× SLO"),
    state="bad",
    edge="p95",
)


def test_a_broken_limit_turns_the_whole_tile_and_has_a_sign() -> None:
    rows = tile(P95, 30, 3)
    assert {hand.bg for row in rows for _, hand in row} == {"bad-tint"}
    assert "✗" in lines(rows)[0]
    assert hues(rows, "▌") == {"bad"}


def test_the_first_note_that_fits_is_shown() -> None:
    assert "4.6× the SLO of 500 ms" in page(tile(P95, 30, 3))
    assert "4.6× SLO" in page(tile(P95, 14, 3))


def test_big_figures_where_there_is_room() -> None:
    tall = lines(tile(P95, 30, 5))
    assert len(tall) == 5
    assert "█▀" in tall[1] or "▀▀█" in tall[1]
    assert "ms" in tall[0]
    assert "2\u00a0276" in page(tile(P95, 16, 5)), "too narrow for figures: the plain number"


@pytest.mark.parametrize("cells", [0, 1, 2, 3, 5, 8, 13, 21, 34])
@pytest.mark.parametrize("height", [1, 3, 5])
def test_no_size_breaks_a_tile(cells: int, height: int) -> None:
    rows = tile(P95, cells, height)
    if cells >= 4:
        assert all(row_width(row) <= cells + 3 for row in rows)


def test_figures_are_three_rows_of_equal_width() -> None:
    rows = big("1\u00a0234.5")
    assert len({len(row) for row in rows}) == 1
    assert big("–") == ("   ", "▀▀▀", "   ")
