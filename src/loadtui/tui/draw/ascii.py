"""The screen's signs for terminals that have ASCII only, such as the Linux console."""

from __future__ import annotations

_PAIRS = {
    "─": "-",
    "┈": "-",
    "╌": "=",
    "━": "=",
    "┫": "|",
    "│": "|",
    "┊": "|",
    "╰": "`",
    "╭": ".",
    "╮": ".",
    "╯": "'",
    "▔": "-",
    "▏": "|",
    "▕": "|",
    "▎": "|",
    "▊": "|",
    "🔎": ">>",
    "▌": "|",
    "█": "#",
    "▀": "#",
    "▄": "#",
    "▲": "!",
    "▼": "v",
    "■": "#",
    "●": "*",
    "○": "o",
    "◌": "o",
    "‖": "=",
    "✓": "v",
    "✗": "x",
    "▸": ">",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "×": "x",
    "±": "~",
    "–": "-",
    "−": "-",
    "·": ".",
    "…": "~",
    "µ": "u",
    "⇧": "^",
    "“": '"',
    "”": '"',
    "\u00a0": " ",
    "⓪": "0",
}
ASCII: dict[int, str] = {ord(sign): plain for sign, plain in _PAIRS.items()}
"""One plain character for each sign; for `str.translate`."""
ASCII |= {ord("▁") + level: ".:::###"[level] for level in range(7)}
ASCII |= {ord("①") + count: "123456789*"[min(count, 9)] for count in range(20)}
ASCII |= {0x2800 + dots: "." if dots.bit_count() < 3 else ":" for dots in range(1, 256)}
