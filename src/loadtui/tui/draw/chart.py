"""One chart as rows: marker strip, scale, fault bands, areas, lines, labels, time axis.

The look is decided in few rules: grid below limit below marks below areas below lines; labels at
the right end, pushed apart; the first row belongs to the name of a fault that has just begun.
"""

from __future__ import annotations

import msgspec

from loadtui.model.history import Heat, Point
from loadtui.model.marker import Marker
from loadtui.tui.draw import heat
from loadtui.tui.draw.axis import SPAN, Axis, axis, axis_text
from loadtui.tui.draw.cells import (
    Cell,
    Hue,
    Row,
    Rows,
    merged,
    pen,
    right,
    row_width,
    shortened,
    width,
)
from loadtui.tui.draw.cursor import cursor_row
from loadtui.tui.draw.figures import circled, number
from loadtui.tui.draw.ground import Ground
from loadtui.tui.draw.plot import Plot
from loadtui.tui.draw.scale import Scale, decades, linear
from loadtui.tui.draw.series import Series, point_at
from loadtui.tui.draw.track import is_window, spans, strip

LEFT, RIGHT = 9, 10
"""Cells of the scale at the left, and of the labels at the right."""


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """What never changes about a chart. `floor`: the least top of its scale.

    `ceiling`: what no value is above.
    """

    name: str
    unit: str
    series: tuple[Series, ...]
    right_unit: str = ""
    floor: float = 1.0
    ceiling: float = float("inf")


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn. `limit`: a value with its words; `hint`: rows for a chart without data;
    `cursor`: the session second that the operator looks at; `span`: seconds that the axis shows;
    `heat`: a heat-map instead of lines.
    """

    now: float
    points: tuple[Point, ...]
    markers: tuple[Marker, ...]
    limit: tuple[float, str] | None = None
    hint: Rows = ()
    cursor: float | None = None
    log: bool = False
    names: bool = False
    show_axis: bool = True
    note: str = ""
    focused: bool = False
    span: float = SPAN
    heat: tuple[Heat, ...] | None = None


Scales = tuple[Scale | None, Scale | None]
"""Left and right, as drawn last: a scale remembers itself so that it does not breathe."""


def chart(spec: Spec, feed: Feed, cells: int, height: int, before: Scales) -> tuple[Rows, Scales]:
    """The chart in that many cells and rows, and its scales for the next time."""
    across = cells - LEFT - RIGHT
    if across < 6 or height < 2:
        return (_title(spec, feed),), before
    time = axis(feed.now, across, feed.span)
    if height < 3:
        feed = msgspec.structs.replace(feed, show_axis=False)
    return _Canvas(spec, feed, time, height - 1 - feed.show_axis, before).rows()


def _title(spec: Spec, feed: Feed) -> Row:
    return ((f" {spec.name} ", pen("accent" if feed.focused else "ink", bold=True)),)


class _Canvas:
    """One drawing of one chart."""

    def __init__(self, spec: Spec, feed: Feed, time: Axis, rows: int, before: Scales) -> None:
        self.spec, self.feed, self.time, self.height = spec, feed, time, max(1, rows)
        self.plot = Plot(time.cells, self.height)
        self.spans = spans(feed.markers, time, feed.now)
        self.heat = heat.shown(feed.heat, time) if feed.heat is not None else ()
        self.series = [s for s in spec.series if not s.spare or self._has_room_for_spare]
        self.left = self._left_scale(before[0])
        self.right = self._right_scale(before[1])
        self.cut = self.plot.level(self.left.unit(feed.limit[0])) if feed.limit else -1
        self.labels: list[tuple[int, str, Hue, bool]] = []
        # Zero errors are something: a chart is empty only where nothing was measured.
        self._measured = False

    @property
    def _has_room_for_spare(self) -> bool:
        return self.feed.log and self.height >= 8

    def rows(self) -> tuple[Rows, Scales]:
        self._measured = bool(self.heat)
        for series in self.series:
            if self.height >= 6 or series.thick or series.area or not self.feed.limit:
                self._draw(series)
        body = self._body() if self._measured else self._hinted()
        out = [self._head(), *body[: self.height]]
        if self.feed.show_axis:
            out.append(self._time())
        return tuple(out), (self.left, self.right)

    @property
    def _points(self) -> tuple[Point, ...]:
        """Those on the axis: what has left it has no say in the scales."""
        return tuple(point for point in self.feed.points if self.time.dot(point.at) >= 0)

    # -- scales --------------------------------------------------------------------------------
    def _left_scale(self, before: Scale | None) -> Scale:
        values = [v for s in self.series if not s.right for v in s.values(self._points)]
        if self.feed.heat is not None:
            values = heat.ends(self.heat)
        limit = self.feed.limit[0] if self.feed.limit else 0.0
        if self.feed.log:
            least = min([*values, *([limit] if limit > 0 else []), 100.0])
            return decades(least, max([*values, limit]), self.height, before)
        most = max([*values, self.spec.floor, limit * 1.25])
        return linear(most, self.height, before, self.spec.ceiling)

    def _right_scale(self, before: Scale | None) -> Scale | None:
        series = [s for s in self.spec.series if s.right]
        if not series:
            return None
        values = [v for s in series for v in s.values(self._points)]
        return linear(max([*values, self.spec.floor]), self.height, before)

    # -- lines and areas -----------------------------------------------------------------------
    def _draw(self, series: Series) -> None:
        scale = self.right if series.right and self.right is not None else self.left
        steps = list(series.steps(self.feed.points, self.time))
        if not steps:
            return
        self._measured = True
        if self.feed.heat is not None:
            self._label(series, scale)
            return
        if series.area:
            self.plot.area(steps, scale.unit, lambda v: series.hue if v >= series.calm else "quiet")
        else:
            cut = self.cut if series.thick else -1
            level, unit = self.plot.level, scale.unit
            self.plot.line(
                [(column, level(unit(value)), joined) for column, value, joined in steps],
                lambda row: "bad" if row < cut else series.hue,
                thick=series.thick,
            )
        self._label(series, scale)

    def _label(self, series: Series, scale: Scale) -> None:
        point = point_at(self.feed.points, self.feed.cursor)
        value = None if point is None else series.value(point)
        told = series.told if self.feed.cursor is not None else ""
        if point is None or value is None or not (series.label or told):
            return
        calm = value < series.calm
        text = series.calm_label if calm else series.label or told
        if not text or (series.area and value <= 0 and series is not self.spec.series[0]):
            return
        limit = self.feed.limit[0] if self.feed.limit else None
        hot = series.thick and limit is not None and value > limit
        hue: Hue = "bad" if hot else "quiet" if calm else series.ink or series.hue
        digits = 1 if series.digits and value < 10 else 0
        words = text.format(number(value, digits), worst=point.worst or "failed")
        row = self.plot.level(scale.unit(value)) >> 2
        self.labels.append((row, words, hue, series.thick))

    def _settled(self) -> dict[int, Cell]:
        """Labels pushed apart, in the order of their values."""
        ends = list(self.labels)
        if self.feed.limit:
            ends.append((self.cut >> 2, self.feed.limit[1], "limit", False))
        out: dict[int, Cell] = {}
        for index, (wanted, text, hue, bold) in enumerate(sorted(ends, key=lambda end: end[0])):
            row = max(0, min(wanted, self.height - (len(ends) - index)))
            while row in out and row < self.height - 1:
                row += 1
            out[row] = (f" {text:<{RIGHT - 1}}", pen(hue, bold=bold))
        return out

    # -- rows ----------------------------------------------------------------------------------
    def _head(self) -> Row:
        rule = pen("accent" if self.feed.focused else "line")
        title = pen("accent" if self.feed.focused else "ink", bold=True)
        marks = strip(self.spans, self.time.cells, rule, names=self.feed.names)
        note = f" {self.feed.note:<{RIGHT - 1}}"[:RIGHT]
        return merged(
            [(f" {self.spec.name:<{LEFT - 1}}"[:LEFT], title), *marks, (note, pen("quiet"))]
        )

    def _body(self) -> list[Row]:
        ground = Ground(
            self.plot,
            self.spans,
            chart=self.spec.name,
            limit=self.cut >> 2 if self.feed.limit else None,
            cursor=None if self.feed.cursor is None else self.time.cell(self.feed.cursor),
        )
        grid = self._ticks(self.left, self.spec.unit)
        far = self._ticks(self.right, self.spec.right_unit) if self.right else {}
        hue = next((s.hue for s in self.spec.series if s.right), "quiet")
        labels = self._settled()
        warm = heat.counts(self.heat, self.time, self._row)
        most = heat.warmest(warm)
        out = []
        for row in range(self.height):
            middle = ground.row(row, is_tick=row in grid)
            if warm:
                heat.overlay(middle, row, warm, most, self.cut >> 2 if self.feed.limit else None)
            if row == 0:
                self._name_young_fault(middle)
            text = right(grid.get(row, ""), LEFT - 1) + " "
            end = labels.get(row, (f" {far.get(row, ''):<{RIGHT - 1}}", pen(hue)))
            out.append(merged([(text, pen("quiet")), *middle, end]))
        return out

    def _row(self, value: float) -> int:
        return self.plot.level(self.left.unit(value)) >> 2

    def _ticks(self, scale: Scale, unit: str) -> dict[int, str]:
        ticks = {self.plot.level(scale.unit(v)) >> 2: text for v, text in scale.ticks}
        if ticks and len(ticks[min(ticks)] + unit) < LEFT:
            ticks[min(ticks)] += unit
        return ticks

    def _name_young_fault(self, middle: list[Cell]) -> None:
        """A bar too short for its name gets it in the first row, ending at now."""
        young = next((s for s in self.spans if s.marker.open and is_window(s.marker)), None)
        if young is None or not self.feed.names:
            return
        name = young.marker.short or young.marker.what
        text = f"{circled(young.marker.number)} {name}"
        start = self.time.cells - len(text)
        if width(name) + 4 <= young.last - young.first or start < 0 or width(text) != len(text):
            return
        spare = {series.hue for series in self.series if series.spare}
        top = zip(self.plot.bits[0], self.plot.owner[0], strict=True)
        if any(bits and owner not in spare for bits, owner in list(top)[start:]):
            return
        for at, ch in enumerate(text, start):
            tint: Hue | None = "fault-tint" if at >= young.first else None
            middle[at] = (ch, pen("fault", tint, bold=True))

    def _time(self) -> Row:
        cells, at = self.time.cells, self.feed.cursor
        if at is None:
            return ((axis_text(LEFT, cells, RIGHT, self.feed.span), pen("quiet")),)
        return cursor_row(at, self.feed.now, self.time, self.spans, LEFT, LEFT + cells + RIGHT)

    def _hinted(self) -> list[Row]:
        """Words in an empty chart: no scale to claim, and never a blank pane."""
        room = LEFT + self.time.cells + RIGHT
        hint = [shortened(row, room) for row in self.feed.hint[: self.height]]
        widest = max(map(row_width, hint), default=0)
        blank: Row = ((" " * room, pen()),)
        out = [blank] * self.height
        pad = (" " * max(0, min(LEFT + (self.time.cells - widest) // 2, room - widest)), pen())
        top = (self.height - len(hint)) // 2
        out[top : top + len(hint)] = [(pad, *row) for row in hint]
        return out
