"""Seconds in which a worker missed, on the real screen: a gap in the charts, a timeline's line."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.load.supervised import Lost, Replaced
from loadtui.model import command as c
from loadtui.model.snapshot import Snapshot
from loadtui.tui.application import LoadtuiApp
from tests.support.desk_table import Table
from tests.tui.scripted import ScriptedLink
from tests.tui.text import seen

CHART = 74
"""Columns that the charts take on a screen of 140."""


def interrupted(folder: Path, seconds: float) -> Snapshot:
    """Fifty seconds of load, some without their only worker, and fifty more."""
    table = Table(folder)
    table.desk.command(c.SetTarget(10))
    for _ in range(50):
        table.second(100)
    since = table.clock.mono
    for _ in range(round(seconds * 4)):
        table.clock.mono += 0.25
        table.desk.tick()
    now = table.clock.mono
    table.desk.worker(Lost(0, "was stopped by a signal", since, now, 10, is_replaced=True))
    table.desk.worker(Replaced(0, now + 0.4, 0.4))
    for _ in range(50):
        table.second(100)
    return table.desk.snapshot()


def inked(row: str) -> str:
    """Which columns of a chart's row are drawn, as `#` and blanks."""
    drawn = ("#" if "⠀" < cell <= "⣿" or cell == "█" else " " for cell in row[:CHART])
    return "".join(drawn).strip()


@pytest.mark.parametrize(("seconds", "columns"), [(2.5, 1), (10.0, 5)])
async def test_a_lost_worker_is_a_gap_in_the_charts_and_a_line_of_the_timeline(
    tmp_path: Path, seconds: float, columns: int
) -> None:
    app = LoadtuiApp(ScriptedLink(interrupted(tmp_path, seconds)))
    async with app.run_test(size=(140, 44)) as pilot:
        await pilot.pause()
        screen = seen(app).splitlines()
    latency = next(row for row in screen if row.startswith("      100 ┈"))
    load = [row for row in screen if "████" in row]
    assert len(load) > 2, "neither zero nor a line across"
    for row in (latency, *load):
        before, after = inked(row).split(maxsplit=1)
        hole = len(inked(row)) - len(before) - len(after)
        assert " " not in after, "one gap only"
        assert columns <= hole <= columns + 2
        assert len(before) > 20
        assert len(after) > 20
    assert any("② ✗ worker 0 lost  was stopped by a signal" in row for row in screen)
