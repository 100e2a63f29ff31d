from __future__ import annotations

import pytest

from loadtui.tui.draw import charts
from loadtui.tui.draw.ascii import ASCII
from loadtui.tui.draw.bare import bare
from loadtui.tui.draw.bars import bars
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.chaos import chaos_head, chaos_panel
from loadtui.tui.draw.chart import Feed, chart
from loadtui.tui.draw.comparison import comparison
from loadtui.tui.draw.endpoints import Table, endpoints
from loadtui.tui.draw.footer import footer
from loadtui.tui.draw.head import head
from loadtui.tui.draw.help import help_rows
from loadtui.tui.draw.thresholds import thresholds
from loadtui.tui.draw.tile import tile
from loadtui.tui.draw.tiles import tiles
from loadtui.tui.draw.timeline import timeline
from loadtui.tui.keys import shown
from loadtui.tui.looks import CHARTS
from tests.tui.states import NAMES, snapshot
from tests.tui.text import page


def everything(state: str) -> list[Rows]:
    what = snapshot(state)
    above = chaos_head(what.chaos, "", 60, focused=False)
    out: list[Rows] = [
        (head(what, 160), thresholds(what, 160), footer(shown(), 200)[0]),
        bars(what, None, 120, tall=True, panel=False),
        chaos_panel(what.chaos, None, 60, 20, head=above, focused=False).rows,
        timeline(what.markers, "", 0, 60, 20, focused=False).rows,
        comparison(what, 0, "", 60, 12, focused=False),
        endpoints(what, Table(), 100, 6),
        bare(what, 50, 12),
        help_rows({}, 76),
        *(tile(each, 30, 5) for each in tiles(what)),
    ]
    for name in CHARTS:
        feed = Feed(now=what.at, points=what.points, markers=what.markers, names=True, cursor=40.0)
        out.append(chart(charts.spec(name, what), feed, 90, 12, (None, None))[0])
    return out


@pytest.mark.parametrize("state", NAMES)
def test_every_sign_has_one_of_ascii(state: str) -> None:
    for rows in everything(state):
        text = page(rows)
        plain = text.translate(ASCII)
        assert plain.isascii(), {ch for ch in plain if not ch.isascii()}
        assert len(plain) == len(text)
