"""A chart of the stack: remembers its scales, and draws only what moved."""

from __future__ import annotations

import msgspec

from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.axis import axis
from loadtui.tui.draw.cells import Rows
from loadtui.tui.draw.chart import LEFT, RIGHT, Feed, Scales, chart
from loadtui.tui.draw.charts import ChartName, Chosen, hint, limit, points, spec
from loadtui.tui.looks import Looks
from loadtui.tui.widgets.pane import Pane


class ChartPane(Pane):
    """Draws one of the three charts."""

    def __init__(self, name: ChartName) -> None:
        super().__init__(id=name)
        self.chart_name = name
        self._scales: Scales = (None, None)

    def feed(
        self, snapshot: Snapshot, looks: Looks, chosen: Chosen, *, tabs: str, with_axis: bool
    ) -> None:
        """Show this instant; `tabs`: which chart of how many, where only one is shown."""
        logarithmic = looks.log and self.chart_name == "latency"
        unit = "ms · log" if logarithmic else "ms" if self.chart_name == "latency" else ""
        what = spec(self.chart_name, snapshot)
        feed = Feed(
            now=snapshot.at,
            points=points(self.chart_name, snapshot),
            markers=snapshot.markers,
            limit=limit(self.chart_name, snapshot),
            hint=hint(self.chart_name, snapshot, chosen),
            cursor=looks.cursor,
            log=logarithmic,
            names=self.chart_name == "latency" or bool(tabs),
            show_axis=with_axis,
            note=tabs or unit,
        )

        def draw(cells: int, height: int, focused: bool) -> Rows:  # noqa: FBT001 - a Draw
            shown = msgspec.structs.replace(feed, focused=focused)
            rows, self._scales = chart(what, shown, cells, height, self._scales)
            return rows

        self.show(draw, (what, msgspec.structs.replace(feed, now=self._moved(feed))))

    def _moved(self, feed: Feed) -> float:
        """What of the time can be seen: charts scroll by whole cells, a cursor's age by seconds."""
        first = axis(feed.now, max(1, self.size.width - LEFT - RIGHT)).first
        return first if feed.cursor is None else first + int(feed.now) * 1e6

    def on_resize(self) -> None:
        self._scales = (None, None)
        super().on_resize()
