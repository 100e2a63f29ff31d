"""The strip of thresholds: what each says now, and over the run where that differs; at its right
the processes watched beside the load.
"""

from __future__ import annotations

from loadtui.model.snapshot import Snapshot
from loadtui.model.units import size
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched
from loadtui.tui.draw.cells import Cell, Row, clean, pen, row_width
from loadtui.tui.draw.figures import millis, number, percent


def thresholds(snapshot: Snapshot, cells: int) -> Row:
    """Broken ones first where there is no room for all; the rest are counted.

    Watched processes have at most half of the room; where they have none, only who is gone shows.
    """
    if not snapshot.watched:
        return _thresholds(snapshot, cells)
    right = _watched(snapshot, cells // 2)
    row = _thresholds(snapshot, cells - row_width(right))
    return (*row, (" " * max(0, cells - row_width(row) - row_width(right)), pen()), *right)


def _watched(snapshot: Snapshot, cells: int) -> Row:
    """Full numbers, else memory alone, else only those that are gone."""
    for parts in (3, 1):
        shown = ((each, each.words.split(" · ")[:parts]) for each in snapshot.watched)
        row = tuple(cell for each, words in shown for cell in _process(each, " · ".join(words)))
        if row_width(row) <= cells:
            return row
    gone = (each for each in snapshot.watched if each.gone is not None)
    return tuple(cell for each in gone for cell in _process(each, "gone"))


def _process(each: Watched, words: str) -> tuple[Cell, ...]:
    name = clean(each.name)
    if each.gone is not None:
        hot = pen("bad", "bad-tint", bold=True)
        return (" ", pen()), (f" ✗ {name}  gone ", hot), (" ", pen())
    return (f"  {name}  ", pen("quiet")), (f"{words} ", pen("ink"))


def _thresholds(snapshot: Snapshot, cells: int) -> Row:
    row: list[Cell] = [(" thresholds " if cells >= 90 else "", pen("quiet"))]
    if not snapshot.thresholds:
        return ((" no thresholds set", pen("quiet")),) if cells >= 20 else ()
    ordered = list(snapshot.thresholds)
    if sum(row_width(_chip(each)) for each in ordered) > cells - row_width(row):
        ordered.sort(key=lambda each: each.now_ok is not False)
    left = len(ordered)
    for each in ordered:
        chip, room = _chip(each), cells - row_width(row)
        if row_width(chip) > room - (5 if left > 1 else 0):
            break
        row += chip
        left -= 1
    if left:
        row.append((f"  +{left}", pen("quiet")))
    return tuple(row)


def value(status: ThresholdStatus, number_: float | None) -> str:
    """A threshold's number with its unit."""
    if number_ is None:
        return "–"
    if status.unit == "%":
        return f"{percent(number_)} %"
    if status.unit == "B":
        return size(number_)
    return f"{millis(number_)} ms" if status.unit == "ms" else number(number_, 1 * (number_ < 10))


def _chip(status: ThresholdStatus) -> tuple[Cell, ...]:
    source, now = clean(status.source), value(status, status.now)
    if status.now_ok is False:
        hot = pen("bad", "bad-tint", bold=True)
        return (" ", pen()), (f" ✗ {source}  {now} ", hot)
    judged = status.now_ok if status.now is not None else status.run_ok
    sign = "  ○ " if judged is None else "  ✓ "
    shown = now if status.now is not None else value(status, status.run)
    chip: list[Cell] = [
        (sign, pen("quiet" if judged is None else "good", bold=True)),
        (f"{source}  ", pen("quiet")),
        (shown, pen("ink")),
    ]
    if status.run_ok is False:
        said = f" run ✗ {value(status, status.run)}" if status.now is not None else " ✗"
        chip.append((said, pen("bad")))
    return tuple(chip)
