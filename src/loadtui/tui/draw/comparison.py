"""Before, during and after a fault: numbers with how many requests they come from, and recovery."""

from __future__ import annotations

import msgspec

from loadtui.model.snapshot import Comparison, Snapshot, Stats
from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, clean, cut, pen
from loadtui.tui.draw.figures import circled, millis, number, percent
from loadtui.tui.draw.title import title

NAME = "before / during / after"


class _Metric(msgspec.Struct, frozen=True):
    """One line: `rank` 1 stays longest in a short pane."""

    name: str
    field: str
    unit: str
    rank: int


_METRICS = (
    _Metric("requests", "requests", "n", 1),
    _Metric("p50", "p50", "ms", 4),
    _Metric("p95", "p95", "ms", 1),
    _Metric("p99", "p99", "ms", 5),
    _Metric("req/s", "rate", "", 3),
    _Metric("errors", "failed", "%", 2),
    _Metric("checks", "checks", "%", 6),
)


def comparison(
    snapshot: Snapshot, back: int, tabs: str, cells: int, height: int, *, focused: bool
) -> Rows:
    """The pane for the newest fault, or the one `back` faults before it."""
    found = snapshot.comparisons
    if not found:
        head = title(NAME, tabs, cells, focused=focused)
        words: Row = (("  no fault yet", pen("quiet")),)
        if snapshot.chaos.state == "up":
            press = pen("fault", bold=True, key="toggle")
            words += ((": choose one, press ", pen("quiet")), ("space", press))
        return head, words
    this = found[max(0, len(found) - 1 - back)]
    note = tabs or f"{circled(this.marker)} {clean(this.what)}"
    head = title(NAME, note, cells, focused=focused)
    room = height - 3
    used = sorted(_METRICS, key=lambda m: m.rank)[: max(0, room)]
    lines = [_line(m, this, snapshot, cells) for m in _METRICS if m in used and _known(m, this)]
    gap: list[Row] = [()] if len(lines) < room else []
    return (head, _titles(cells), *lines, *gap, _state(this, cells))[:height]


def _widths(cells: int) -> tuple[int, int]:
    """Of the names, and of each column."""
    return (9, 12) if cells >= 52 else (9, max(7, (cells - 15) // 3))


def _titles(cells: int) -> Row:
    names, column = _widths(cells)
    texts = "".join(f"{word:>{column}}" for word in ("before", "during", "after"))
    return ((f" {'':<{names - 1}}{texts}", pen("quiet")),)


def _known(metric: _Metric, this: Comparison) -> bool:
    return metric.field != "checks" or this.before.checks is not None


def _value(stats: Stats, field: str) -> str:
    if field == "requests":
        return f"n={number(stats.requests)}" if stats.requests else "–"
    value: float | None = getattr(stats, field)
    if field in {"failed", "checks"}:
        return percent(value)
    return number(value) if field == "rate" else millis(value)


def _line(metric: _Metric, this: Comparison, snapshot: Snapshot, cells: int) -> Row:
    names, column = _widths(cells)
    lead = metric.field == "p95"
    row: list[Cell] = [(f" {metric.name:<{names - 1}}", pen("quiet"))]
    for stats in (this.before, this.during, this.after):
        hue = _hue(stats, metric.field, snapshot)
        row.append((f"{_value(stats, metric.field):>{column}}", pen(hue, bold=lead)))
    unit = "" if metric.unit == "n" else metric.unit
    row.append((f" {unit:<3}", pen("quiet")))
    if lead and this.before.p95 and this.during.p95 and cells >= 56:
        times = this.during.p95 / this.before.p95
        digits = 0 if times >= 100 else 1 if times >= 1 else 2
        row.append((f"×{times:.{digits}f}", pen("ink", bold=True)))
    return tuple(row)


def _hue(stats: Stats, field: str, snapshot: Snapshot) -> Hue:
    """Red where a limit is broken; quiet for counts."""
    if field == "requests":
        return "quiet"
    broken_p95 = field == "p95" and snapshot.slo and (stats.p95 or 0) > snapshot.slo
    limit = snapshot.failed_limit
    broken_failed = field == "failed" and limit is not None and (stats.failed or 0) > limit
    return "bad" if broken_p95 or broken_failed else "ink"


def _state(this: Comparison, cells: int) -> Row:
    text, hue = _words(this)
    return ((f" {cut(text, cells - 1)}", pen(hue, bold=True)),)


def _words(this: Comparison) -> tuple[str, Hue]:
    match this.state:
        case "on":
            marked = " · before: the marked baseline" if this.baseline_marked else ""
            return f"▲ the fault is on{marked}", "fault"
        case "measuring":
            return "… lifted; not back inside the baseline band yet", "quiet"
        case "recovered":
            seconds = f"{this.recovery or 0:.0f} s"
            return f"✓ back inside the baseline band after {seconds}", "good"
        case "not recovered":
            return "✗ not back inside the baseline band", "bad"
        case "no baseline":
            return "– no load before the fault: nothing to compare with", "quiet"
        case _:
            return f"■ {clean(this.state)}", "quiet"
