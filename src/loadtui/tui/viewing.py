"""Keys that change how a session is looked at: no command about load or faults comes of them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from loadtui.model.command import AnyCommand, Watch
from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.zoom import zoomed
from loadtui.tui.looks import CHARTS, Looks, moved_cursor
from loadtui.tui.only import only

_FEW = 3.0
"""Seconds of a cell up to which a cursor moves by single seconds."""


class Viewing:
    """Actions for a screen that has a snapshot and looks."""

    snapshot: Snapshot
    looks: Looks
    send: Callable[[AnyCommand], None]

    def repaint(self) -> None:
        """Show the same instant as looks now are."""

    def look(self, **changes: object) -> None:
        """Look at it so, from now on."""
        self.looks = msgspec.structs.replace(self.looks, **changes)
        self.repaint()

    @property
    def shown(self) -> Snapshot:
        """What the charts show: the instant at which the display was frozen, or the newest."""
        return self.looks.held or self.snapshot

    @property
    def own(self) -> Snapshot:
        """The same as those requests make it that are looked at."""
        return only(self.shown, self.looks.only)

    def action_next_chart(self) -> None:
        self.look(chart=(self.looks.chart + 1) % len(CHARTS))

    def action_toggle_log(self) -> None:
        self.look(log=not self.looks.log)

    def action_present(self) -> None:
        self.look(presenting=not self.looks.presenting)

    def action_freeze(self) -> None:
        self.look(held=None if self.looks.held is not None else self.snapshot)

    def action_zoom(self, by: int) -> None:
        self.look(zoom=zoomed(self.looks.zoom, by))

    def action_toggle_heat(self) -> None:
        self.show_only(self.looks.only, heat=not self.looks.heat)

    def show_only(self, name: str, *, heat: bool) -> None:
        """Show the requests of that name only ("" for all), as lines or as a heat-map."""
        self.send(Watch(name, heat))
        self.look(only=name, heat=heat)

    def move_cursor(self, cells: int, seconds: float) -> None:
        """Move it by so many cells of a chart, each of which shows `seconds`."""
        by = cells * (round(seconds) if seconds > _FEW else 1)
        self.look(cursor=moved_cursor(self.looks, self.shown, by))
