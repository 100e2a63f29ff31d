"""The strip of thresholds: what each says now, and over the run where that differs."""

from __future__ import annotations

from loadtui.model.snapshot import Snapshot
from loadtui.model.verdict import ThresholdStatus
from loadtui.tui.draw.cells import Cell, Row, clean, pen, row_width
from loadtui.tui.draw.figures import millis, number, percent


def thresholds(snapshot: Snapshot, cells: int) -> Row:
    """Broken ones first where there is no room for all; the rest are counted."""
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
