"""What fits where nothing fits: the numbers and the panic key, one a line, the vital ones first."""

from __future__ import annotations

from loadtui.model.snapshot import Snapshot
from loadtui.tui.draw.cells import Hue, Row, Rows, cut, merged, pen, right, words_of
from loadtui.tui.draw.figures import millis, number, percent
from loadtui.tui.draw.head import status
from loadtui.tui.draw.title import title

_SIGNS: dict[Hue, str] = {"bad": "✗", "good": "✓", "fault": "▲"}


def bare(snapshot: Snapshot, cells: int, height: int) -> Rows:
    """Up to nine rows; in few rows panic comes first, then what is broken."""
    panic: Row = (
        (" r", pen("accent", bold=True, key="rearm"))
        if snapshot.panic
        else (" x", pen("bad", bold=True, key="panic")),
        (" re-arm", pen("bad", bold=True, key="rearm"))
        if snapshot.panic
        else (" PANIC", pen("bad", bold=True, key="panic")),
        ("   +", pen("quiet", key="up")),
        (" -", pen("quiet", key="down")),
        (" VUs ", pen("quiet")),
        ("  q", pen("quiet", key="quit")),
        (" quit", pen("quiet", key="quit")),
    )
    numbers = _numbers(snapshot)
    if height >= len(numbers) + 3:
        rows = [title("loadtui", "60×16 for charts", cells, focused=False), *numbers, (), panic]
    else:
        word, hue = status(snapshot)
        rows = [((f" {word}", pen(hue, bold=True)),), panic, *numbers]
    return tuple(_narrow(row, cells) for row in rows)[:height]


def _narrow(row: Row, cells: int) -> Row:
    text = words_of(row)
    shown = cut(text, cells)
    return row if shown == text else merged([(shown, row[0][1])])


def _numbers(snapshot: Snapshot) -> list[Row]:
    now, slo, limit = snapshot.now, snapshot.slo, snapshot.failed_limit
    on = len(snapshot.chaos.on)
    lines: list[tuple[str, str, str, Hue]] = [
        ("VUs", f"{number(snapshot.active)} / {number(snapshot.target)}", "", "quiet"),
        ("req/s", number(now.rate if now.requests else None), "", "quiet"),
        ("p95", millis(now.p95), "ms", _judged(now.p95, slo)),
        ("errors", percent(now.failed), "%", _judged(now.failed, limit)),
        ("faults", number(on), "on", "fault" if on else "quiet"),
    ]
    return [
        (
            (f" {name:<8}", pen("quiet")),
            (right(value, 11), pen("bad" if hue == "bad" else "ink", bold=True)),
            (f" {unit:<3}", pen("quiet")),
            (_SIGNS.get(hue, ""), pen(hue, bold=True)),
        )
        for name, value, unit, hue in lines
    ]


def _judged(value: float | None, limit: float | None) -> Hue:
    if value is None or limit is None:
        return "quiet"
    return "bad" if value > limit else "good"
