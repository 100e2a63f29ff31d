"""One headline number: label, value, note. A broken limit turns the whole tile."""

from __future__ import annotations

from typing import Literal

import msgspec

from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, first_fitting, fit, pen, width
from loadtui.tui.draw.digits import HEIGHT, HUGE, big, huge
from loadtui.tui.draw.figures import NBSP

State = Literal["", "good", "warn", "bad"]
_SIGNS: dict[State, str] = {"": "", "good": "✓", "warn": "▲", "bad": "✗"}


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """Of `titles` and `notes` the first that fits is shown; `edge`: the colour of its series."""

    titles: tuple[str, ...]
    value: str
    unit: str = ""
    notes: tuple[str, ...] = ("",)
    state: State = ""
    edge: Hue = "line"

    @property
    def ground(self) -> Hue:
        """The tile's own background."""
        return "bad-tint" if self.state == "bad" else "tile"


def tile(what: Tile, cells: int, height: int) -> Rows:
    """Three rows, or five or seven with larger figures where they fit."""
    pad = 2 if cells >= 26 else 1
    room = cells - pad - 2
    if room < 1:
        return ((_edge(what),),) * height
    figures = _figures(what.value, room, height)
    middle: list[list[Cell]]
    if figures:
        hand = pen("bad" if what.state == "bad" else "ink", what.ground, bold=True)
        middle = [[(line, hand)] for line in figures]
        label = _label(what, room, "" if what.unit.startswith("/ ") else f" {what.unit}")
    else:
        middle = [_value(what, room)]
        label = _label(what, room, "")
    note = first_fitting(what.notes, room)
    hue: Hue = "bad" if what.state == "bad" else "quiet"
    lines = [label, *middle, [(note, pen(hue, what.ground))]]
    return tuple(_framed(what, line, cells, pad) for line in lines)[: max(3, height)]


def _figures(value: str, room: int, height: int) -> tuple[str, ...]:
    """The largest figures that fit, without the gaps between thousands if need be; () for none."""
    plain = value.replace(NBSP, "")
    sizes = ((HUGE, huge), (HEIGHT, big))
    drawn = (draw(text) for rows, draw in sizes if height >= rows + 2 for text in (value, plain))
    return next((each for each in drawn if each and width(each[0]) <= room), ())


def _edge(what: Tile) -> Cell:
    hue: Hue = what.state if what.state in {"bad", "warn"} else what.edge
    return ("▌", pen(hue, what.ground))


def _label(what: Tile, room: int, unit: str) -> list[Cell]:
    mark = f"  {_SIGNS[what.state]}" if what.state else ""
    title = first_fitting(what.titles, room - len(mark) - len(unit))
    hue: Hue = what.state or "quiet"
    return [
        (title + unit, pen("quiet", what.ground)),
        (mark, pen(hue, what.ground, bold=True)),
    ]


def _value(what: Tile, room: int) -> list[Cell]:
    hue: Hue = "bad" if what.state == "bad" else "ink"
    cells = [(what.value, pen(hue, what.ground, bold=True))]
    if width(what.value) + len(what.unit) < room:
        cells.append((f"\u00a0{what.unit}", pen("quiet", what.ground)))
    return cells


def _framed(what: Tile, line: list[Cell], cells: int, pad: int) -> Row:
    used = sum(width(text) for text, _ in line)
    blank = pen("ink", what.ground)
    space = (" " * max(0, cells - 1 - pad - used), blank)
    return (_edge(what), (fit("", pad), blank), *line, space)
