"""A pane's head: its name on a hairline, a remark at the right end."""

from __future__ import annotations

from loadtui.tui.draw.cells import Row, cut, pen, width


def title(name: str, note: str, cells: int, *, focused: bool) -> Row:
    """The head in that many cells; focus turns name and hairline to the accent."""
    hand = pen("accent" if focused else "ink", bold=True)
    rule = pen("accent" if focused else "line")
    remark = cut(note, max(0, cells - width(name) - 6))
    fill = max(1, cells - width(name) - width(remark) - (4 if remark else 2))
    return (
        (f" {name} ", hand),
        ("─" * fill, rule),
        (f" {remark} " if remark else "", pen("quiet")),
    )
