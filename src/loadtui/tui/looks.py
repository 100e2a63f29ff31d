"""How the operator looks at a session: what only the screen knows and no command changes."""

from __future__ import annotations

import msgspec

from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.bars import Question
from loadtui.tui.draw.charts import ChartName, points_of
from loadtui.tui.draw.zoom import Zoom
from loadtui.tui.keys import KEYS, Key, Keymap

CHARTS: tuple[ChartName, ...] = ("latency", "load", "errors")


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """`chart`, `pane`: which is shown where there is room for one. `held`: the instant a frozen
    display shows. `cursor`: the session second looked at. `only`: the one request name that is
    shown, "" for all; `heat`: latency as a heat-map. `presenting`: for an audience. `question`: the
    screen's own. `table`: the keys that do something.
    """

    chart: int = 0
    pane: int = 0
    log: bool = True
    held: Snapshot | None = None
    cursor: float | None = None
    zoom: Zoom = "2min"
    only: str = ""
    heat: bool = False
    presenting: bool = False
    question: Question | None = None
    keymap: Keymap = {}
    table: tuple[Key, ...] = KEYS


def moved_cursor(looks: Looks, snapshot: Snapshot, by: float) -> float | None:
    """The cursor so many seconds further; past the newest second it is gone."""
    points = points_of(snapshot, looks.zoom)
    if not points:
        return None
    newest, oldest = points[-1].at, points[0].at
    if looks.cursor is None:
        return max(oldest, newest + by) if by < 0 else None
    at = looks.cursor + by
    return None if at > newest else max(oldest, at)
