"""A chart of the stack: remembers its scales, and draws only what moved."""

from __future__ import annotations

import msgspec
from textual import events

from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.axis import Axis, axis
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.chart import LEFT, RIGHT, Feed, Scales, chart
from loadtui.tui.draw.charts import ChartName, Chosen, hint, limit, points, spec
from loadtui.tui.draw.zoom import note as zoom_note
from loadtui.tui.draw.zoom import seconds_of
from loadtui.tui.looks import Looks
from loadtui.tui.widgets.pane import Pane


class ChartPane(Pane):
    """Draws one of the three charts."""

    def __init__(self, name: ChartName) -> None:
        super().__init__(id=name)
        self.chart_name = name
        self._scales: Scales = (None, None)
        self._look: object = None
        self._feed: Feed | None = None

    def feed(
        self, snapshot: Snapshot, looks: Looks, chosen: Chosen, *, tabs: str, with_axis: bool
    ) -> None:
        """Show this instant; `tabs`: which chart of how many, where only one is shown."""
        is_latency = self.chart_name == "latency"
        logarithmic = looks.log and is_latency
        what = spec(self.chart_name, snapshot)
        span = seconds_of(looks.zoom, snapshot.at)
        scale = ("log" if logarithmic else "lin") if is_latency else ""
        feed = Feed(
            now=snapshot.at,
            points=points(self.chart_name, snapshot, looks.zoom),
            markers=snapshot.markers,
            limit=limit(self.chart_name, snapshot),
            hint=hint(self.chart_name, snapshot, chosen),
            cursor=looks.cursor,
            log=logarithmic,
            names=is_latency or bool(tabs),
            show_axis=with_axis,
            note=zoom_note(looks.zoom, scale, tabs),
            span=span,
            heat=snapshot.history.heat if looks.heat and is_latency else None,
        )
        self._look_afresh((looks.zoom, looks.only, looks.heat, logarithmic))
        self._feed = feed

        def draw(cells: int, height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            shown = msgspec.structs.replace(feed, focused=focused)
            rows, self._scales = chart(what, shown, cells, height, self._scales)
            return rows

        self.show(draw, (what, msgspec.structs.replace(feed, now=self._moved(feed))))

    def _look_afresh(self, look: object) -> None:
        """Scales remember themselves for as long as the same is looked at in the same way."""
        if look != self._look:
            self._look, self._scales = look, (None, None)

    def _axis(self, feed: Feed) -> Axis:
        return axis(feed.now, max(1, self.size.width - LEFT - RIGHT), feed.span)

    def _moved(self, feed: Feed) -> float:
        """What of the time can be seen: charts scroll by whole cells, a cursor's age by seconds."""
        first = self._axis(feed).first
        return first if feed.cursor is None else first + int(feed.now) * 1e6

    def moment(self, x: int) -> float | None:
        """The session second at a column, None beside the axis or where nothing was measured."""
        if (feed := self._feed) is None or not feed.points:
            return None
        time = self._axis(feed)
        if not 0 <= x - LEFT < time.cells:
            return None
        at = time.moment(x - LEFT)
        return max(feed.points[0].at, min(at, feed.points[-1].at))

    @property
    def seconds_a_cell(self) -> float:
        """How much time one cell shows."""
        return 2 / self._axis(self._feed).per if self._feed is not None else 1.0

    async def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        await self.press("zoom-in")

    async def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        await self.press("zoom-out")

    def on_resize(self) -> None:
        self._scales = (None, None)
        super().on_resize()
