"""Titles, leaders and tables of the summary, within so many columns (pure)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from loadtui.outputs.chart import Look
from loadtui.outputs.paint import Role, paint

INDENT = 4
Line = tuple[str, str, Role | None]
"""A name, what is to say of it, and the colour of that."""

_LEADER, _LEADER_MOST, _VALUES = 20, 32, 52
"""Columns of names: usual, at most, and what they leave to the values before they grow."""
_LEAST = 8
"""Columns that a name keeps, however narrow the terminal is."""


def title(text: str, look: Look) -> str:
    """The head of a block."""
    return f"  {paint(f'█ {text}', 'title', colour=look.colour)}"


def leader(name: str, wide: int, look: Look) -> str:
    """A name with dots behind it, up to `wide` columns and at least one."""
    text = f"{name} {'.' * max(1, wide - len(name))}"
    return paint(text, "quiet", colour=look.colour)


def lines(named: Sequence[Line], look: Look) -> Iterator[str]:
    """Names with leaders and what is to say of each, on several lines where one is too short."""
    most = max(_LEADER, min(_LEADER_MOST, look.width - _VALUES))
    wide = min(most, max((_LEADER, *(len(name) + 1 for name, _, _ in named))))
    for name, text, role in named:
        first = INDENT + max(wide, len(name) + 2) + 1
        parts = wrapped(text, look.width, first=first, rest=INDENT + wide + 1) or [""]
        yield f"{' ' * INDENT}{leader(name, wide, look)} {maybe(parts[0], role, look)}"
        for part in parts[1:]:
            yield " " * (INDENT + wide + 1) + maybe(part, role, look)


def wrapped(text: str, width: int, *, first: int, rest: int) -> list[str]:
    """The text in lines of at most `width` columns, where `first` and `rest` are taken already."""
    room = max(_LEAST, width - rest)
    taken = " " * max(0, first - rest)
    parts = textwrap.wrap(taken + text, room, drop_whitespace=True, break_long_words=False)
    return [part.strip() for part in parts]


def joined(parts: Sequence[str], width: int) -> Iterator[str]:
    """The parts with dots between them, as many on a line as there is room for."""
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if line and len(longer) > width:
            yield line
            longer = part
        line = longer
    yield line


def maybe(text: str, role: Role | None, look: Look) -> str:
    """The text, in the colour of its role where it has one."""
    return paint(text, role, colour=look.colour) if role else text


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Look,
    *,
    folds: bool = False,
    least: int = 0,
) -> Iterator[str]:
    """Columns as wide as they need, the first on the left and at least `least` wide.

    Where that is too wide, names are shortened; `folds`: long ones get a line of their own.
    """
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    room = look.width - INDENT - sum(each + 2 for each in widths[1:])
    wide = max(_LEAST, min(room, max(widths[0], least)))
    for index, row in enumerate((head, *rows)):
        name, cells = row[0], row[1:]
        rest = "  ".join(f"{cell:>{w}}" for cell, w in zip(cells, widths[1:], strict=True))
        if len(name) > wide and folds:
            yield f"{' ' * INDENT}{name}"
            name = ""
        line = f"{_cut(name, wide):<{wide}}  {rest}"
        yield " " * INDENT + (paint(line, "quiet", colour=look.colour) if index == 0 else line)


def _cut(name: str, wide: int) -> str:
    return name if len(name) <= wide else name[: wide - 1] + "…"
