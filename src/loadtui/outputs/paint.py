"""Colour for a line of text, or none; and ASCII where a terminal knows nothing else (pure)."""

from __future__ import annotations

from typing import Literal

from loadtui.model.units import NBSP

Role = Literal["good", "bad", "fault", "latency", "load", "quiet", "title"]

_CODES: dict[Role, str] = {
    "good": "32",
    "bad": "31;1",
    "fault": "38;5;208",
    "latency": "38;5;141",
    "load": "38;5;39",
    "quiet": "2",
    "title": "1",
}
_ASCII = str.maketrans(
    {
        NBSP: " ", "–": "-", "·": "-", "✓": "+", "✗": "x", "▲": "^", "█": "#", "×": "x", "…": "...",
        "→": "->", "±": "+/-", "µ": "u", "≤": "<=", "≥": ">=", "│": "|", "┊": ":", "┈": "-",
        "─": "-", "└": "+", "┌": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "’": "'",
    }
)  # fmt: skip
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def paint(text: str, role: Role, *, colour: bool) -> str:
    """The text in the colour of its role, for terminals of 256 colours on any ground."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if colour and text else text


def circled(number: int) -> str:
    """A marker's number; from 21 on such characters are two cells wide, so plain digits."""
    return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else str(number)


def ascii_only(text: str) -> str:
    """The text in ASCII; what has no likeness there is escaped."""
    for number, sign in enumerate(_CIRCLED, start=1):
        text = text.replace(sign, f"({number})")
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode()
