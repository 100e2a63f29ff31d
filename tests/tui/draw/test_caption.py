from __future__ import annotations

import msgspec
import pytest

from loadtui.model.marker import Marker
from loadtui.tui.draw.caption import caption
from loadtui.tui.draw.cells import row_width
from tests.tui.states import snapshot
from tests.tui.text import lines


def test_a_fault_that_is_on_is_what_everybody_reads() -> None:
    first = lines(caption(snapshot("fault"), 80, 2))[0]
    assert first.startswith(" ③   latency payments  2")
    assert first.endswith("● on")


def test_after_the_lift_its_outcome_is_told_rather_than_a_threshold_that_followed() -> None:
    first, second = lines(caption(snapshot("after"), 80, 2))
    assert "③" in first
    assert "back in its baseline band after" in second


def test_an_act_after_the_lift_is_newer() -> None:
    what = snapshot("after")
    act = Marker(number=8, at=what.at - 1, kind="act", what="VUs up", detail="10 → 20")
    shown = lines(caption(msgspec.structs.replace(what, markers=(*what.markers, act)), 80, 2))
    assert shown[0].startswith(" ⑧   VUs up  10 → 20")


def test_before_anything_happened_it_says_so() -> None:
    assert "Nothing has happened yet" in lines(caption(snapshot("idle"), 80, 2))[0]


@pytest.mark.parametrize("cells", [0, 1, 9, 40])
def test_no_size_breaks_it(cells: int) -> None:
    rows = caption(snapshot("fault"), cells, 2)
    assert len(rows) == 2
    assert all(row_width(row) <= max(cells, 16) for row in rows)
