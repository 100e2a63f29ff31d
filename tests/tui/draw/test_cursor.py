from __future__ import annotations

import pytest

from loadtui.model.marker import Marker
from loadtui.tui.draw.axis import axis
from loadtui.tui.draw.cells import row_width, words_of
from loadtui.tui.draw.cursor import cursor_row, under
from loadtui.tui.draw.track import spans

NOW = 200.0
TIME = axis(NOW, 80)
ACT = Marker(number=1, at=150.0, kind="act", what="VUs up", detail="0 → 50")
FAULT = Marker(
    number=2, at=140.0, ended=170.0, kind="fault", what="latency payments", tail="back after 7 s"
)
ON_AXIS = spans((ACT, FAULT), TIME, NOW)


def told(at: float) -> str:
    return words_of(cursor_row(at, NOW, TIME, ON_AXIS, 9, 99))


def test_it_says_when_and_what_happened_there() -> None:
    assert "00:02:30 · −50 s" in told(150.0)
    assert "① VUs up · 0 → 50" in told(150.0)
    assert "② latency payments · back after 7 s" in told(160.0)
    assert "①" not in told(160.0)
    assert told(190.0).split() == ["00:03:10", "·", "−10", "s"]


def test_a_moment_comes_before_a_window_around_it() -> None:
    assert under(ON_AXIS, TIME.cell(150.0)) == (ACT, FAULT)


@pytest.mark.parametrize("at", [80.0, 81.0, 120.0, 150.0, 199.0, 200.0])
@pytest.mark.parametrize("cells", [6, 20, 57, 80])
def test_it_is_as_wide_as_the_chart(at: float, cells: int) -> None:
    time = axis(NOW, cells)
    row = cursor_row(at, NOW, time, spans((ACT, FAULT), time, NOW), 9, 9 + cells + 10)
    assert row_width(row) == 9 + cells + 10
