"""The table of endpoints: the last 10 s in numbers, p95 of the last 60 s as a small picture."""

from __future__ import annotations

import msgspec

from loadtui.model.snapshot import Endpoint, Snapshot
from loadtui.tui.draw.cells import Cell, Hue, Pen, Row, Rows, clean, fit, pen, right, width
from loadtui.tui.draw.figures import millis, percent, rate
from loadtui.tui.draw.title import title

_BARS = "▁▂▃▄▅▆▇█"
_SLIM = 62
_ALL = 300
"""Endpoints of which all are measured for widths and scales; of more, only what is shown."""


HEADS = 2
"""Rows above the first endpoint."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How the table is looked at. `start`: how many endpoints are scrolled out at the top;
    `chosen`: the name that enter shows alone, `only`: the one that is shown alone.
    """

    tabs: str = ""
    start: int = 0
    chosen: str = ""
    only: str = ""
    focused: bool = False


def endpoints(snapshot: Snapshot, look: Table, cells: int, height: int) -> Rows:
    """The pane."""
    note = look.tabs or ("last 10 s · p95, last 60 s" if cells >= _SLIM else "last 10 s")
    if look.focused and look.chosen:
        note = "enter: all again" if look.only == look.chosen else "enter: only this one"
    head = title("endpoints", note, cells, focused=look.focused)
    table = snapshot.endpoints
    room = height - HEADS
    if room < 1 or not table:
        words = "  none yet" if not table else ""
        return head, ((words, pen("quiet")),)
    start = max(0, min(look.start, len(table) - room))
    hidden = len(table) - start - room
    shown = table[start : start + (room - 1 if hidden > 0 else room)]
    measured = table if len(table) <= _ALL else shown
    names = _name_width(measured, cells)
    top = _top(measured)
    rows = [_marked(_row(each, snapshot, names, cells, top), each.name, look) for each in shown]
    if hidden > 0:
        rows.append(((f"   ↓ {hidden + 1} more", pen("quiet")),))
    return (head, _titles(names, cells), *rows)


def first_shown(start: int, chosen: int, count: int, height: int) -> int:
    """How many rows to scroll out so that the chosen one is seen, moved as little as possible."""
    room = max(1, height - HEADS)
    last = room if chosen == count - 1 else room - 1
    least = max(0, chosen - max(1, last) + 1)
    return max(0, min(max(start, least), chosen, max(0, count - room)))


def _marked(row: Row, name: str, look: Table) -> Row:
    """A row with a sign in front where it is the chosen one, or the only one that is shown."""
    if name != look.only and not (look.focused and name == look.chosen):
        return row
    sign = "●" if name == look.only else "▸"
    (first, hand), (text, ink), *rest = row
    return (
        (sign, pen("accent", bold=True)),
        (first[1:], hand),
        (text, pen("accent", bold=True) if name == look.only else ink),
        *rest,
    )


def _name_width(table: tuple[Endpoint, ...], cells: int) -> int:
    longest = max(width(clean(endpoint.name)) for endpoint in table)
    fixed = 1 + 24 if cells < _SLIM else 1 + 7 + 43
    return max(6, min(longest + 1, cells - fixed, 30))


def _titles(names: int, cells: int) -> Row:
    if cells < _SLIM:
        text = f" {'':<{names}}{'req/s':>8}{'p95':>8}{'err %':>8}"
    else:
        text = f" {'':<{names + 7}}{'req/s':>9}{'p50':>8}{'p95':>9}{'p99':>9}{'err %':>8}"
    return ((text, pen("quiet")),)


def _row(endpoint: Endpoint, snapshot: Snapshot, names: int, cells: int, top: float) -> Row:
    now, slim = endpoint.now, cells < _SLIM
    limit = endpoint.limit if endpoint.limit is not None else snapshot.slo
    hot = limit is not None and (now.p95 or 0) > limit
    failing = snapshot.failed_limit is not None and (now.failed or 0) > snapshot.failed_limit
    idle = not now.requests
    ink: Hue = "quiet" if idle else "ink"
    method = f" {fit(clean(endpoint.method), 6)} " if not slim else " "
    row: list[Cell] = [
        (method, pen("quiet")),
        (fit(clean(endpoint.name), names), pen(ink)),
        (right(rate(None if idle else now.rate), 8 + (not slim)), pen(ink)),
    ]
    if not slim:
        row.append((right(millis(now.p50), 8), pen(ink)))
    row.append((right(millis(now.p95), 8 + (not slim)), _pen_p95(hot=hot, idle=idle)))
    if not slim:
        row.append((right(millis(now.p99), 9), pen(ink)))
    row.append((right(percent(now.failed), 8), pen("bad" if failing else ink, bold=failing)))
    room = cells - sum(width(text) for text, _ in row) - 4
    if not slim and room >= 6:
        row.append(("   ", pen()))
        row += _spark(endpoint.trend, limit, min(30, room), top)
    return tuple(row)


def _pen_p95(*, hot: bool, idle: bool) -> Pen:
    return pen("bad" if hot else "quiet" if idle else "p95", bold=not idle)


def _top(table: tuple[Endpoint, ...]) -> float:
    """One scale for every small picture, so that they can be compared."""
    values = [v for e in table for v in e.trend if v is not None]
    return max([*values, 1.0])


def _spark(
    trend: tuple[float | None, ...], limit: float | None, cells: int, top: float
) -> list[Cell]:
    """The highest value of each cell's seconds; heights are square roots of `top`."""
    out: list[Cell] = []
    per = max(1, len(trend) / cells)
    for cell in range(cells):
        values = [v for v in trend[int(cell * per) : int((cell + 1) * per)] if v is not None]
        if not values:
            out.append((" ", pen("p99")))
            continue
        value = max(values)
        bar = _BARS[min(7, int((value / top) ** 0.5 * 7.99))]
        hot = limit is not None and value > limit
        out.append((bar, pen("bad" if hot else "p99")))
    return out
