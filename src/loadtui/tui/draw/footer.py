"""The last line: as many keys as fit, in the table's order, the least important left out first."""

from __future__ import annotations

from loadtui.tui.draw.cells import Cell, Hue, Row, pen
from loadtui.tui.keys import Shown

Spot = tuple[int, int, Shown]
"""From cell, to cell: where a click means that key."""


def fitting(entries: tuple[Shown, ...], cells: int) -> tuple[Shown, ...]:
    """The entries with the best ranks that fit into that many cells."""
    room, kept = cells - 1, []
    for entry in sorted((e for e in entries if e.rank), key=lambda e: e.rank):
        need = _need(entry)
        if need <= room + 3:
            kept.append(entry)
            room -= need
    return tuple(entry for entry in entries if entry in kept)


def footer(entries: tuple[Shown, ...], cells: int) -> tuple[Row, tuple[Spot, ...]]:
    """The line, and where its entries are."""
    row: list[Cell] = [(" ", pen(bg="tile"))]
    spots, at = [], 1
    for entry in fitting(entries, cells):
        hue, loud = _hue(entry), entry.keys[0].id == "panic"
        words = pen("bad" if loud else "quiet", "tile", bold=loud)
        row += [(entry.signs, pen(hue, "tile", bold=True)), (f" {entry.words}   ", words)]
        spots.append((at, at + _need(entry) - 3, entry))
        at += _need(entry)
    row.append((" " * max(0, cells - at), pen(bg="tile")))
    return tuple(row), tuple(spots)


def _need(entry: Shown) -> int:
    return len(entry.signs) + len(entry.words) + 4


def _hue(entry: Shown) -> Hue:
    if entry.keys[0].id.startswith("panic"):
        return "bad"
    return "fault" if entry.keys[0].group == "Faults" else "accent"
