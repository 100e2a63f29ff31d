from __future__ import annotations

from loadtui.tui.looks import Looks, moved_cursor
from tests.tui.states import snapshot


def test_the_cursor_starts_before_now_and_leaves_past_it() -> None:
    what = snapshot("fault")
    newest = what.points[-1].at
    assert moved_cursor(Looks(), what, -1) == newest - 1
    assert moved_cursor(Looks(), what, 1) is None
    assert moved_cursor(Looks(cursor=newest), what, 1) is None
    assert moved_cursor(Looks(cursor=40.0), what, 1) == 41.0


def test_the_cursor_stays_on_the_chart() -> None:
    what = snapshot("fault")
    oldest = what.points[0].at
    assert moved_cursor(Looks(cursor=oldest), what, -1) == oldest
