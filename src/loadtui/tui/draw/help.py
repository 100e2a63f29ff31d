"""The page of keys: four groups, in two columns where there is room."""

from __future__ import annotations

from itertools import zip_longest

from loadtui.tui.draw.cells import Cell, Hue, Row, Rows, cut, pen, row_width
from loadtui.tui.keys import KEYS, Group, Key, Keymap, Shown, shown

_SIGNS = 10
_COLUMN = 40


_LEFT: tuple[Group, ...] = ("Replay", "Load", "Faults")
_RIGHT: tuple[Group, ...] = ("Look", "Session")


def help_rows(keymap: Keymap, cells: int, table: tuple[Key, ...] = KEYS) -> Rows:
    """The page of a table for a width of that many cells."""
    if not table:
        return (((" no key is about that", pen("quiet", "tile")),),)
    left, right = (_column(groups, keymap, table) for groups in (_LEFT, _RIGHT))
    if cells < 2 * _COLUMN - 8:
        return tuple(_narrow(row, cells) for row in (*left, (), *right, ()))
    pairs = zip_longest(left, right, fillvalue=())
    half = max(cells // 2, *(row_width(row) + 2 for row in left), 0)
    return tuple((*a, (" " * max(0, half - row_width(a)), pen(bg="tile")), *b) for a, b in pairs)


def _column(groups: tuple[Group, ...], keymap: Keymap, table: tuple[Key, ...]) -> list[Row]:
    """Those groups of which there are any, one below the other."""
    rows: list[Row] = []
    for group in groups:
        if any(key.group == group for key in table):
            rows += [*([()] if rows else []), *_group(group, keymap, table)]
    return rows


def _group(group: Group, keymap: Keymap, table: tuple[Key, ...]) -> list[Row]:
    rows: list[Row] = [((f" {group}", pen("ink", "tile", bold=True)),)]
    for entry in shown(keymap, every=True, table=table):
        if entry.keys[0].group == group:
            hue = _hue(entry)
            name = entry.keys[0].id
            cell: Cell = (f"{entry.signs:>{_SIGNS}}", pen(hue, "tile", bold=True, key=name))
            rows.append((cell, (f"   {entry.words}", pen("quiet", "tile", key=name))))
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
