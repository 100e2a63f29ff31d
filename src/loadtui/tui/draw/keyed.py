"""Rows that tell of keys, with the operator's own keys in them; and which key is where."""

from __future__ import annotations

from loadtui.tui.draw.cells import Cell, Row, width
from loadtui.tui.keys import Keymap, sign_of


def keyed(row: Row, keymap: Keymap) -> Row:
    """The row with the signs of the keymap; blanks behind a sign make up for its width."""
    if not keymap or not any(hand.key in keymap for _, hand in row):
        return row
    out: list[Cell] = []
    owed = 0
    for text, hand in row:
        shown = text
        if hand.key in keymap and text.strip() == (own := sign_of(hand.key, {})):
            shown = text.replace(own, sign_of(hand.key, keymap), 1)
            owed += width(shown) - width(text)
        elif owed and not text.strip():
            shown = " " * max(1, len(text) - owed)
            owed -= len(text) - len(shown)
        out.append((shown, hand))
    return tuple(out)


def key_at(row: Row, cell: int) -> str:
    """The id of the key told of at that cell, "" for none."""
    for text, hand in row:
        cell -= width(text)
        if cell < 0:
            return hand.key
    return ""
