from __future__ import annotations

import pytest

from loadtui.model.history import History
from loadtui.tui.draw.cells import row_width
from loadtui.tui.draw.explore import body, heading, keys
from tests.tui.states import snapshot
from tests.tui.text import hues, page


def test_dots_faults_and_scales_have_their_colours() -> None:
    rows = body("50┤ ⡠⠔ ┊ ③\n  └──┬──", "p95", 12, 5)
    assert hues(rows, "⡠⠔") == {"p95"}
    assert hues(rows, "┊") == hues(rows, "③") == {"fault"}
    assert hues(rows, "└──┬──") == {"quiet"}


def test_it_says_of_what_and_how_long() -> None:
    what = snapshot("after").history
    told = page([heading(what, "p95 ms", "time", 120, log=True)])
    assert told == " p95 ms, log against time   whole session, 00:01:52 · 112 points"
    named = heading(History("get_[b]order\x1b"), "p95 ms", "time", 120, log=False)
    assert " p95 ms of get_[b]order· against time" in page([named])


@pytest.mark.parametrize("cells", [0, 5, 20, 60, 200])
def test_no_width_breaks_it(cells: int) -> None:
    what = snapshot("after").history
    assert row_width(heading(what, "p95 ms", "time", cells, log=False)) <= cells
    assert row_width(keys(cells)) <= cells
    assert all(row_width(row) <= cells for row in body("x" * 80, "p95", cells, 3))
