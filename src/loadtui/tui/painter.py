"""Hands every pane its part of a snapshot."""

from __future__ import annotations

from functools import partial

import msgspec
from textual.screen import Screen

from loadtui.model.snapshot import Snapshot
from loadtui.tui import keys
from loadtui.tui.draw.bare import bare
from loadtui.tui.draw.bars import bars
from loadtui.tui.draw.caption import caption
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.comparison import comparison
from loadtui.tui.draw.head import head
from loadtui.tui.draw.thresholds import thresholds
from loadtui.tui.draw.tile import Tile, tile
from loadtui.tui.draw.tiles import NAMES, tiles
from loadtui.tui.looks import CHARTS, Looks
from loadtui.tui.only import only, told_apart
from loadtui.tui.widgets.chaos import ChaosPane
from loadtui.tui.widgets.chart import ChartPane
from loadtui.tui.widgets.endpoints import EndpointsPane
from loadtui.tui.widgets.footer import FooterPane
from loadtui.tui.widgets.pane import Pane
from loadtui.tui.widgets.scroll import ScrollPane
from loadtui.tui.widgets.timeline import TimelinePane

PLACES = {
    "chaos": "chaos",
    "timeline": "timeline",
    "comparison": "comparison",
    "endpoints-slot": "endpoints",
}
"""Panes that take turns where space is short, with the names of their tabs."""


TALL = ("-tall", "-roomy", "-high")
"""From 30 rows on."""
ROOMY = ("-roomy", "-high")
"""From 38 rows on: timeline and comparison both have room at the right."""


def paint(screen: Screen[None], snapshot: Snapshot, looks: Looks) -> None:
    """Everything that is visible; safety is never frozen, numbers and charts may be."""
    shown = only(looks.held or snapshot, looks.only)
    screen.set_class(looks.presenting, "-presenter")
    small = screen.has_class("-small")
    tabs = _take_turns(screen, looks, small=small)
    _safety(screen, snapshot, looks, tabs)
    _tiles(screen, shown)
    screen.query_one("#caption", Pane).show(lambda cells, height, _: caption(shown, cells, height))
    _charts(screen, shown, looks, small=small)
    _tables(screen, told_apart(looks.held or snapshot, looks.only), looks, tabs)
    footer = keys.shown(looks.keymap, table=looks.table)
    screen.query_one(FooterPane).feed(
        tuple(entry for entry in footer if _makes_sense(entry.keys[0].id, snapshot, screen))
    )


def places(screen: Screen[None]) -> list[str]:
    """The ids of the panes that take turns at this size; the others have a place of their own."""
    if screen.has_class("-small"):
        return list(PLACES)
    roomy = any(map(screen.has_class, ROOMY))
    if not screen.has_class("-full"):
        return ["timeline", "endpoints-slot"] if roomy else list(PLACES)[1:]
    if screen.has_class("-low"):
        return list(PLACES)[1:]
    return [] if roomy else ["timeline", "comparison"]


def _take_turns(screen: Screen[None], looks: Looks, *, small: bool) -> dict[str, str]:
    """Which panes are behind others; → the tabs in each pane's head."""
    for index, name in enumerate(CHARTS):
        screen.query_one(f"#{name}").set_class(
            small and index != looks.chart % len(CHARTS), "unshown"
        )
    turning = places(screen)
    front = turning[looks.pane % len(turning)] if turning else ""
    for place in PLACES:
        # In the widest layout the table has its place at the left, not among these.
        unplaced = place == "endpoints-slot" and place not in turning
        screen.query_one(f"#{place}").set_class(
            unplaced or (place in turning and place != front), "behind"
        )
    tabs, sign = dict.fromkeys(PLACES, ""), keys.sign_of("pane", looks.keymap)
    for place in turning:
        tabs[place] = f"{sign}  " + " · ".join(PLACES[other] for other in turning if other != place)
    return tabs


def _safety(screen: Screen[None], snapshot: Snapshot, looks: Looks, tabs: dict[str, str]) -> None:
    own = looks.question
    frozen = None if looks.held is None else snapshot.at - looks.held.at
    told = msgspec.structs.replace(snapshot, target_url="") if looks.presenting else snapshot
    screen.query_one("#head", Pane).show(
        lambda cells, _height, _focused: (head(told, cells, frozen=frozen, only=looks.only),)
    )
    tall = any(map(screen.has_class, TALL))
    above, panel = screen.query_one("#bars", Pane), screen.query_one(ChaosPane)
    # What `v` hides and what is too small has no size to speak of.
    visible = panel.display and not screen.has_class("-tiny") and not screen.has_class("-flat")

    def draw(cells: int) -> Rows:
        rows = bars(snapshot, own, cells, tall=tall, panel=visible)
        return rows[: max(1, screen.size.height // 4)]

    count = len(draw(screen.size.width))
    if above.display != bool(count) or above.size.height != count:
        above.styles.height, above.display = count, bool(count)
    above.show(lambda cells, _height, _focused: draw(cells))
    panel.feed(snapshot.chaos, tabs["chaos"])
    screen.query_one("#bare", Pane).show(lambda cells, height, _: bare(snapshot, cells, height))


def _tiles(screen: Screen[None], snapshot: Snapshot) -> None:
    def draw(what: Tile, cells: int, height: int, _focused: bool) -> Rows:  # noqa: FBT001
        return tile(what, cells, height)

    for name, what in zip(NAMES, tiles(snapshot), strict=True):
        screen.query_one(f"#tile-{name}", Pane).show(partial(draw, what), what)


def _charts(screen: Screen[None], snapshot: Snapshot, looks: Looks, *, small: bool) -> None:
    high = screen.has_class("-high")
    chosen, sign = screen.query_one(ChaosPane).chosen, keys.sign_of("chart", looks.keymap)
    for index, chart in enumerate(screen.query(ChartPane)):
        if chart.display:
            chart.feed(
                snapshot,
                looks,
                chosen,
                tabs=f"{sign} {index + 1}/{len(CHARTS)}" if small else "",
                with_axis=small or chart.id == "errors" or (chart.id == "latency" and high),
            )


def _tables(screen: Screen[None], snapshot: Snapshot, looks: Looks, tabs: dict[str, str]) -> None:
    screen.query_one(TimelinePane).feed(snapshot.markers, tabs["timeline"])
    screen.query_one("#comparison", ScrollPane).feed(
        lambda offset, cells, height, focused: comparison(
            snapshot, offset, tabs["comparison"], cells, height, focused=focused
        ),
        limit=len(snapshot.comparisons) - 1,
    )
    screen.query_one("#endpoints").styles.height = max(5, min(len(snapshot.endpoints) + 2, 9))
    for place in ("endpoints", "endpoints-slot"):
        screen.query_one(f"#{place}", EndpointsPane).feed(
            snapshot, tabs["endpoints-slot"], looks.only
        )
    screen.query_one("#thresholds", Pane).show(
        lambda cells, _height, _focused: (thresholds(snapshot, cells),)
    )


def _makes_sense(key: str, snapshot: Snapshot, screen: Screen[None]) -> bool:
    """Whether a key belongs into the footer now."""
    match key:
        case "chart":
            return screen.has_class("-small")
        case "pane":
            return bool(places(screen))
        case "tour":
            return snapshot.has_tour
        case _:
            return True
