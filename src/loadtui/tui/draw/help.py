"""The page of keys: four groups, in two columns where there is room."""

from __future__ import annotations

from itertools import zip_longest

from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, cut, pen, row_width
from loadtui.tui.keys import GROUPS, Group, Keymap, Shown, shown

_SIGNS = 10
_COLUMN = 40


def help_rows(keymap: Keymap, cells: int) -> Rows:
    """The page for a width of that many cells."""
    groups = {group: _group(group, keymap) for group in GROUPS}
    if cells < 2 * _COLUMN - 8:
        rows = [row for group in GROUPS for row in (*groups[group], ())]
        return tuple(_narrow(row, cells) for row in rows)
    left = [*groups["Load"], (), *groups["Faults"]]
    right = [*groups["Look"], (), *groups["Session"]]
    pairs = zip_longest(left, right, fillvalue=())
    half = max(cells // 2, *(row_width(row) + 2 for row in left))
    return tuple((*a, (" " * max(0, half - row_width(a)), pen(bg="tile")), *b) for a, b in pairs)


def _group(group: Group, keymap: Keymap) -> list[Row]:
    rows: list[Row] = [((f" {group}", pen("ink", "tile", bold=True)),)]
    for entry in shown(keymap, every=True):
        if entry.keys[0].group == group:
            hue = _hue(entry)
            cell: Cell = (f"{entry.signs:>{_SIGNS}}", pen(hue, "tile", bold=True))
            rows.append((cell, (f"   {entry.words}", pen("quiet", "tile"))))
    return rows


def _hue(entry: Shown) -> Hue:
    if entry.keys[0].id.startswith("panic"):
        return "bad"
    return "fault" if entry.keys[0].group == "Faults" else "accent"


def _narrow(row: Row, cells: int) -> Row:
    out: list[Cell] = []
    for text, hand in row:
        out.append((cut(text, max(0, cells - row_width(out))), hand))
    return tuple(out)
