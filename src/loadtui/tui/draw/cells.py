"""Cells: text with a pen, gathered into rows. What every pane is drawn with, without a terminal.

A pen names colours by their role in the theme, never by value; a widget turns pens into colours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

Hue = Literal[
    "bg",
    "tile",
    "raise",
    "line",
    "ink",
    "quiet",
    "accent",
    "act-line",
    "rate",
    "p50",
    "p95",
    "p99",
    "limit",
    "fault",
    "fault-tint",
    "good",
    "warn",
    "bad",
    "bad-deep",
    "bad-tint",
]
"""Every role that a theme gives a colour to."""


class Pen(NamedTuple):
    """Foreground, background (None: the pane's own ground), weight; `key`: the id of the key that
    the text tells of, which a click on it presses.
    """

    fg: Hue = "ink"
    bg: Hue | None = None
    bold: bool = False
    key: str = ""


@cache
def pen(fg: Hue = "ink", bg: Hue | None = None, *, bold: bool = False, key: str = "") -> Pen:
    """The one Pen of these properties, so that pens can be compared by identity."""
    return Pen(fg, bg, bold, key)


Cell = tuple[str, Pen]
Row = tuple[Cell, ...]
Rows = tuple[Row, ...]

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """Text from outside as one harmless line: control and formatting characters become "·"."""
    if text.isascii() and text.isprintable():
        return text
    shown = unicodedata.normalize("NFC", text)
    return "".join("·" if unicodedata.category(ch) in _HIDDEN else ch for ch in shown)


def width(text: str) -> int:
    """How many cells the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, cells: int) -> str:
    """The text in exactly that many cells: padded at the right, or cut with "…"."""
    if width(text) <= cells:
        return set_cell_size(text, max(0, cells))
    return set_cell_size(set_cell_size(text, cells - 1) + "…", cells) if cells > 0 else ""


def cut(text: str, cells: int) -> str:
    """The text in at most that many cells, with "…" where something was cut."""
    return text if width(text) <= cells else fit(text, cells)


def right(text: str, cells: int) -> str:
    """The text right-aligned in at least that many cells."""
    return " " * max(0, cells - width(text)) + text


def row_width(row: Iterable[Cell]) -> int:
    """How many cells a row takes."""
    return sum(width(text) for text, _ in row)


def merged(row: Iterable[Cell]) -> Row:
    """The same row with neighbours of one pen joined, and nothing empty."""
    out: list[Cell] = []
    for text, hand in row:
        if out and out[-1][1] is hand:
            out[-1] = (out[-1][0] + text, hand)
        elif text:
            out.append((text, hand))
    return tuple(out)


def shortened(row: Row, cells: int) -> Row:
    """The row in at most that many cells, with "…" where something was cut."""
    out: list[Cell] = []
    for text, hand in row:
        shown = cut(text, cells)
        out.append((shown, hand))
        cells -= width(shown)
    return tuple(out)


def spread(left: Iterable[Cell], tail: Iterable[Cell], cells: int, gap: Pen) -> Row:
    """Two groups at the two ends of a row of that many cells."""
    first, last = tuple(left), tuple(tail)
    space = max(0, cells - row_width(first) - row_width(last))
    return (*first, (" " * space, gap), *last)


def words_of(row: Iterable[Cell]) -> str:
    """The plain text of a row."""
    return "".join(text for text, _ in row)


def first_fitting(texts: Iterable[str], cells: int) -> str:
    """The first text that fits, else the last one cut to fit."""
    last = ""
    for last in texts:
        if width(last) <= cells:
            return last
    return cut(last, cells)
