"""Which colours have to be told apart, and whether they can be: text on its ground (pure).

Contrast after WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from loadtui.tui.draw.cells import Hue

ENOUGH = 4.5
"""The contrast that text needs (WCAG 2.2, level AA)."""

GROUNDS: Mapping[Hue, tuple[Hue, ...]] = {
    "ink": ("bg", "tile", "raise", "bad-tint"),
    "quiet": ("bg", "tile", "raise", "bad-tint"),
    "accent": ("bg", "tile", "raise", "bad-tint"),
    "p50": ("bg",),
    "p95": ("bg",),
    "p99": ("bg",),
    "limit": ("bg",),
    "fault": ("bg", "tile", "raise", "fault-tint"),
    "good": ("bg", "tile"),
    "warn": ("bg", "tile"),
    "bad": ("bg", "tile", "bad-tint", "fault-tint"),
    "bg": ("accent", "fault", "good", "warn", "bad", "quiet"),
}
"""The grounds on which text of a role is written."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faint(colors: Mapping[Hue, str]) -> Iterator[tuple[Hue, Hue, float]]:
    """Text, ground and contrast of every pair that cannot be read well."""
    for text, grounds in GROUNDS.items():
        for ground in grounds:
            if (ratio := contrast(colors[text], colors[ground])) < ENOUGH:
                yield text, ground, ratio


@cache
def luminance(colour: str) -> float:
    """The relative luminance of a colour `#rrggbb`, 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
