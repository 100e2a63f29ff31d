"""Numbers, times and counts as the screen writes them.

Thousands are parted by a no-break space; "–" stands for no data.
"""

from __future__ import annotations

NBSP = "\u00a0"
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def number(value: float | None, digits: int = 0) -> str:
    """A number with that many decimals; the minus sign is a hyphen, as wide as a digit."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".replace(",", NBSP)


def millis(value: float | None) -> str:
    """Milliseconds without their unit: one decimal below 10, none above."""
    return number(value, 1 if value is not None and value < 9.95 else 0)


def rate(value: float | None) -> str:
    """A rate per second: one decimal below 10, none above."""
    return millis(value)


def percent(share: float | None) -> str:
    """A share 0..1 in percent without its sign: one decimal below 99.95."""
    return number(None if share is None else share * 100, 0 if share == 1 else 1)


def circled(count: int) -> str:
    """A marker's number in one cell up to 20; above that circled numbers are two cells wide."""
    return _CIRCLED[count] if 0 <= count < len(_CIRCLED) else str(count)


def clock(seconds: float) -> str:
    """Session seconds as hh:mm:ss."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def countdown(seconds: float) -> str:
    """Seconds left as m:ss."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def plural(count: int, word: str) -> str:
    """Write "1 fault", "2 faults"."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"
