"""One plot as text, drawn by plotext 6; nothing else knows that package.

plotext's global figure belongs to nobody and takes the size of whatever terminal it found, so each
plot gets a figure of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from loadtui.outputs.paint import Role
from loadtui.outputs.scale import Sample

_COLOURS: dict[Role, int] = {"latency": 141, "load": 39, "fault": 208, "bad": 203, "quiet": 244}
_BACKGROUND = re.compile(r"\x1b\[48;[\d;]*m")
_LABEL_ROW = 0.94
"""Height of the row of fault numbers, as a share of the scale."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """What one plot shows. `ticks`: position and label, the first and last are the scale's ends.

    `limit`: a horizontal line at that position. `clock`: ticks of the time axis; none: no axis.
    `across`: ends of the axis below, where they are not the first and the last sample's; `joined`:
    whether samples are joined by a line.
    """

    title: str
    role: Role
    samples: Sequence[Sample]
    ticks: Sequence[tuple[float, str]]
    limit: float | None = None
    clock: Sequence[tuple[float, str]] = ()
    across: tuple[float, float] | None = None
    joined: bool = True


Event = tuple[float, str]
"""Session seconds of a vertical line, and what stands at its top ("" for nothing)."""


def draw(
    panel: Panel, events: Sequence[Event], size: tuple[int, int], *, colour: bool, unicode: bool
) -> str:
    """The plot in `size` columns and rows; without `unicode` dots are asterisks."""
    import plotext  # noqa: PLC0415 - 200 ms that only an exit summary pays

    terminal = type(plotext.terminal)()
    terminal.limit(False, False)
    figure = terminal._master  # noqa: SLF001 - plotext offers no other independent figure
    figure.plot_size(*size)
    _frame(plotext, figure, panel)
    for at, label in events:
        figure.line(at, 1, pixel=_pixel(plotext, "fault"), style="dotted")
        if label:
            top = panel.ticks[0][0] + (panel.ticks[-1][0] - panel.ticks[0][0]) * _LABEL_ROW
            text = plotext.colorize(label, _pixel(plotext, "fault"))
            figure.draw(figure.text(at, top, text))
    if panel.limit is not None:
        figure.line(panel.limit, 0, pixel=_pixel(plotext, "bad"), style="dotted")
    marker = plotext.marker("braille" if unicode else "*", _pixel(plotext, panel.role))
    figure.draw(_signal(figure, panel, marker))
    text = str(figure.build().string(colorless=not colour))
    # The ground is the terminal's own: plotext would paint its default white.
    return "\n".join(line.rstrip() for line in _BACKGROUND.sub("", text).splitlines())


def _frame(plotext: Any, figure: Any, panel: Panel) -> None:  # noqa: ANN401 - it has no types
    quiet = _pixel(plotext, "quiet")
    figure.canvas("default")
    figure.axes(pixel=quiet)
    for axis in ("x", "y"):
        figure.axes(active=False, axis=axis, side=1)
        figure.ruler(axis, "both").pixel(quiet)
    figure.axes(active=bool(panel.clock), axis="x", side=0)
    positions, labels = zip(*panel.ticks, strict=True)
    figure.ruler("y", "left").lim(positions[0], positions[-1]).ticks(list(positions), list(labels))
    moments = list(panel.clock)
    ends = panel.across or (panel.samples[0][0], panel.samples[-1][0])
    below = figure.ruler("x", "lower").lim(*ends)
    below.ticks([at for at, _ in moments], [label for _, label in moments])


def _signal(figure: Any, panel: Panel, marker: Any) -> Any:  # noqa: ANN401
    """The samples joined, except across a gap: what was not measured is not drawn."""
    measured = [(i, at, value) for i, (at, value) in enumerate(panel.samples) if value is not None]
    signal = figure.signal([at for _, at, _ in measured], [v for *_, v in measured], marker=marker)
    signal.lines(panel.joined)
    if not panel.joined:
        return signal
    for position in range(1, len(measured)):
        if measured[position][0] != measured[position - 1][0] + 1:
            signal.line(position, False)
    return signal


def _pixel(plotext: Any, role: Role) -> Any:  # noqa: ANN401
    return plotext.pixel(_COLOURS[role])
