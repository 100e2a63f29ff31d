"""The large chart: any number of the session against time, or against any other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from loadtui.model.snapshot import Snapshot
from loadtui.session.explore import Wish, explored, turned
from loadtui.tui.draw.cells import Hue, Rows
from loadtui.tui.draw.explore import body, heading, keys
from loadtui.tui.export import as_svg, as_text, write
from loadtui.tui.widgets.pane import Pane

REFRESH = 1.0
"""Seconds between two drawings: plotext takes its time."""
_HUES: dict[str, Hue] = {"latency": "p95", "load": "accent", "bad": "bad"}


class ExploreScreen(ModalScreen[None]):
    """Draws on a thread of its own, so that keys never wait for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,g", "dismiss", show=False),
        Binding("up", "turn(0, -1)", show=False),
        Binding("down", "turn(0, 1)", show=False),
        Binding("left", "turn(-1, 0)", show=False),
        Binding("right", "turn(1, 0)", show=False),
        Binding("l", "scale", show=False),
        Binding("w", "write", show=False),
    ]

    def __init__(self, shown: Callable[[], Snapshot], folder: Path) -> None:
        super().__init__()
        self._shown, self._folder = shown, folder
        self._wish = Wish()
        self._drawn: tuple[Wish, str] = (self._wish, "")
        self._busy = self._again = False

    def compose(self) -> ComposeResult:
        yield Pane(id="explore-head", can_focus=False)
        yield Pane(id="explore-body")
        yield Pane(id="explore-keys", can_focus=False)

    def on_mount(self) -> None:
        self.set_interval(REFRESH, self.draw)
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw the newest numbers; one drawing at a time, and one more where somebody waits."""
        self._heads()
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._work(self._shown(), self._wish, tuple(self.query_one("#explore-body").size))

    @work(thread=True, exit_on_error=False)
    def _work(self, shown: Snapshot, wish: Wish, size: tuple[int, int]) -> None:
        text = explored(shown, wish, size)
        if self.is_attached:
            self.app.call_from_thread(self._done, wish, text)

    def _done(self, wish: Wish, text: str) -> None:
        self._busy, again, self._again = False, self._again, False
        self._drawn = (wish, text)
        self.query_one("#explore-body", Pane).show(
            lambda cells, height, _: body(text, _HUES[wish.up.role], cells, height)
        )
        if again:
            self.draw()

    def _heads(self) -> None:
        wish, history = self._wish, self._shown().history
        self.query_one("#explore-head", Pane).show(
            lambda cells, *_: (
                heading(history, wish.up.name, wish.along.name, cells, log=wish.log),
            )
        )
        self.query_one("#explore-keys", Pane).show(lambda cells, *_: (keys(cells),))

    def action_turn(self, along: int, up: int) -> None:
        self._wish = turned(self._wish, along=along, up=up)
        self.draw()

    def action_scale(self) -> None:
        self._wish = Wish(along=self._wish.along, up=self._wish.up, log=not self._wish.log)
        self.draw()

    def action_write(self) -> None:
        wish, text = self._drawn
        cells, height = self.query_one("#explore-body").size
        history = self._shown().history
        head = heading(history, wish.up.name, wish.along.name, cells, log=wish.log)
        rows: Rows = (head, *body(text, _HUES[wish.up.role], cells, height))
        stem = re.sub(r"[^a-z0-9]+", "-", f"explore {wish.up.name} {wish.along.name}".lower())
        try:
            paths = write(
                self._folder,
                stem.strip("-"),
                as_text(rows),
                as_svg(rows, "loadtui", cells, self.app.theme_variables),
            )
        except OSError as error:
            words = f"The chart cannot be written here: {error.strerror}."
            self.app.notify(words, severity="warning", markup=False)
            return
        self.app.notify(f"Written: {paths[0].name} and {paths[1].name}.", markup=False)
