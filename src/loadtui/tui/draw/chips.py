"""Options side by side, the chosen one on a ground of its own; they wrap where they must."""

from __future__ import annotations

from loadtui.tui.draw.cells import Cell, Hue, Pen, Row, clean, cut, pen, width

Spot = tuple[int, int, int, int]
"""Row, from cell, to cell, and the option that a click there means."""


def chips(
    options: tuple[str, ...], chosen: int, cells: int, *, focused: bool, hue: Hue, ground: Hue
) -> tuple[tuple[Row, ...], tuple[Spot, ...]]:
    """The rows, and where each option is."""
    rows: list[list[Cell]] = [[]]
    spots: list[Spot] = []
    at = 0
    for index, option in enumerate(options):
        text = f" {cut(clean(option), max(1, cells - 2))} "
        if at and at + width(text) > cells:
            rows.append([])
            at = 0
        rows[-1] += [(text, _pen(hue, ground, chosen=index == chosen, focused=focused))]
        spots.append((len(rows) - 1, at, at + width(text), index))
        rows[-1].append((" ", pen(bg=ground)))
        at += width(text) + 1
    return tuple(tuple(row) for row in rows), tuple(spots)


def _pen(hue: Hue, ground: Hue, *, chosen: bool, focused: bool) -> Pen:
    if not chosen:
        return pen("quiet", ground)
    return pen("bg", hue, bold=True) if focused else pen(hue, "raise", bold=True)
