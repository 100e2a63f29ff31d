"""A caption as in films: what happened last and what came of it, for those far from the screen."""

from __future__ import annotations

from loadtui.model.marker import Marker
from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, clean, cut, pen, row_width
from loadtui.tui.draw.figures import circled
from loadtui.tui.draw.head import FRESH, tail_hue
from loadtui.tui.draw.track import HUES

GROUND: Hue = "raise"


def caption(snapshot: Snapshot, cells: int, height: int) -> Rows:
    """What happened, and below it the outcome; a fault that is on goes before what came later."""
    told = _told(snapshot)
    if told is None:
        return (_filled([(" Nothing has happened yet.", pen("quiet", GROUND))], cells),)
    hue = HUES[told.kind]
    on = "  ● on" if told.open and told.kind == "fault" else ""
    sign: Cell = (f" {circled(told.number)} ", pen("bg", hue, bold=True))
    room = max(0, cells - row_width([sign]) - len(on) - 2)
    words = f"{clean(told.what)}  {clean(told.detail)}".rstrip()
    first = [sign, (f"  {cut(words, room)}", pen("ink", GROUND, bold=True))]
    rows = [_filled([*first, (on, pen("fault", GROUND, bold=True))], cells)]
    outcome = " · ".join(clean(text) for text in (told.outcome, told.tail) if text)
    if outcome:
        come = tail_hue(told.tail) if told.tail else "ink"
        words = cut(outcome, max(0, cells - 6))
        rows.append(_filled([(f"     {words}", pen(come, GROUND, bold=True))], cells))
    rows += [_filled([], cells)] * (height - len(rows))
    return tuple(rows[:height])


def _told(snapshot: Snapshot) -> Marker | None:
    """A fault that is on, else what was done or ended last; a threshold only where that is old."""
    markers = snapshot.markers
    if on := [each for each in markers if each.open and each.kind == "fault"]:
        return on[-1]
    done = [each for each in markers if each.kind not in {"good", "bad"}]
    last = max(done, key=_moment, default=None)
    if last is not None and snapshot.at - _moment(last) < FRESH:
        return last
    return markers[-1] if markers else None


def _moment(marker: Marker) -> float:
    return marker.at if marker.ended is None else marker.ended


def _filled(row: list[Cell], cells: int) -> Row:
    return (*row, (" " * max(0, cells - row_width(row)), pen(bg=GROUND)))
