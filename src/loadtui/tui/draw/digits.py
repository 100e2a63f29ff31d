"""Figures three rows high in half blocks: three squares wide, five high, readable from afar."""

from __future__ import annotations

from functools import cache

HEIGHT = 3
HUGE = 5
"""Rows of figures that are drawn twice as large."""
_DOTS = {
    "0": "111 101 101 101 111",
    "1": "010 110 010 010 111",
    "2": "111 001 111 100 111",
    "3": "111 001 111 001 111",
    "4": "101 101 111 001 001",
    "5": "111 100 111 001 111",
    "6": "111 100 111 101 111",
    "7": "111 001 001 010 010",
    "8": "111 101 111 101 111",
    "9": "111 101 111 001 111",
    "-": "000 000 111 000 000",
    ".": "0 0 0 0 1",
    " ": "0 0 0 0 0",
}
_HALVES = {("0", "0"): " ", ("1", "0"): "▀", ("0", "1"): "▄", ("1", "1"): "█"}


@cache
def _glyph(figure: str) -> tuple[str, ...]:
    lines = _DOTS[figure].split()
    lines.append("0" * len(lines[0]))
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return tuple(
        "".join(_HALVES[dots] for dots in zip(top, low, strict=True)) for top, low in pairs
    )


def big(text: str) -> tuple[str, ...]:
    """The text as three rows, one space between figures; what is no figure becomes a gap."""
    return tuple(" ".join(_glyph(ch)[row] for ch in _known(text)) for row in range(HEIGHT))


def huge(text: str) -> tuple[str, ...]:
    """The same as five rows, each square a whole cell high and two wide."""
    lines = [_DOTS[ch].split() for ch in _known(text)]
    return tuple(
        "  ".join(line[row].replace("1", "██").replace("0", "  ") for line in lines)
        for row in range(HUGE)
    )


def _known(text: str) -> list[str]:
    return [ch if ch in _DOTS else " " for ch in text.replace("–", "-")]
