"""A theme on a terminal with 256 or 16 colours: grounds first, then text that can be read on them.

The terminal's own nearest colour would make all dark grounds one black, and puts orange text on a
grey that it cannot be told from (pure).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from loadtui.tui.draw.cells import Hue
from loadtui.tui.legible import ENOUGH, GROUNDS, contrast, luminance
from loadtui.tui.setup import Colours

_STEPS = (0, 95, 135, 175, 215, 255)
GREYS = tuple(f"#{8 + 10 * step:02x}{8 + 10 * step:02x}{8 + 10 * step:02x}" for step in range(24))
CUBE = tuple(
    f"#{red:02x}{green:02x}{blue:02x}" for red in _STEPS for green in _STEPS for blue in _STEPS
)

_SURFACES: tuple[Hue, ...] = ("bg", "tile", "raise", "line")
_SIGNALS: tuple[Hue, ...] = ("bad", "fault", "good", "warn", "accent")
"""Roles that must not look the same where the theme gives them colours of their own."""
_BLACK, _WHITE, _GREY, _SILVER = "#000000", "#ffffff", "#808080", "#c0c0c0"
_DARK: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "fault-tint", "bad-tint"), _BLACK),
    **dict.fromkeys(("ink", "p95", "warn"), _WHITE),
    **dict.fromkeys(("quiet", "p50", "limit"), _SILVER),
    **dict.fromkeys(("line", "rate"), _GREY),
    "raise": "#000080",
    "accent": "#00ffff",
    "act-line": "#008080",
    "p99": "#ff00ff",
    "fault": "#ffff00",
    "good": "#00ff00",
    "bad": "#ff0000",
    "bad-deep": "#800000",
}
_LIGHT: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "fault-tint", "bad-tint"), _WHITE),
    **dict.fromkeys(("ink", "quiet", "p50", "limit", "warn"), _BLACK),
    **dict.fromkeys(("raise", "line", "act-line", "rate", "bad-deep"), _SILVER),
    "accent": "#000080",
    "p95": "#0000ff",
    "p99": "#008080",
    "fault": "#800080",
    "good": "#008000",
    "bad": "#800000",
}
_MONO: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "raise", "fault-tint", "bad-tint"), _BLACK),
    **dict.fromkeys(("ink", "quiet", "p50", "p99", "limit", "good"), _SILVER),
    **dict.fromkeys(("accent", "p95", "fault", "warn", "bad"), _WHITE),
    **dict.fromkeys(("line", "rate", "act-line", "bad-deep"), _GREY),
}
"""With sixteen colours, of which a terminal may show others than the usual ones, there is no room
for a theme: one for dark grounds, one for light ones, one of greys.
"""


def reduced(colors: Mapping[Hue, str], colours: Colours, *, dark: bool) -> Mapping[Hue, str]:
    """The colours that stand for those of a theme on a terminal with that many colours."""
    if colours == 16:
        is_mono = all(map(_is_grey, colors.values()))
        return _MONO if is_mono and dark else _DARK if dark else _LIGHT
    return _of_256(colors) if colours == 256 else colors


def _of_256(colors: Mapping[Hue, str]) -> Mapping[Hue, str]:
    out = {role: _grey(colors[role]) for role in _SURFACES}
    if not _is_grey(colors["bad-tint"]):
        # A tile that turns must not turn into the grey that it was, nor look like a fault's band.
        out["bad-tint"] = _nearest(colors["bad-tint"], {*GREYS, "#000000", "#ffffff"})
        out["fault-tint"] = _nearest(colors["fault-tint"], {*out.values()})
    for role in sorted(colors, key=lambda role: (not role.endswith("-tint"), role not in _SIGNALS)):
        if role not in out:
            taken = {out[each] for each in _SIGNALS if each in out and colors[each] != colors[role]}
            out[role] = _readable(role, colors[role], out, taken if role in _SIGNALS else set())
    return {role: out[role] for role in colors}


def _readable(role: Hue, wanted: str, out: Mapping[Hue, str], taken: set[str]) -> str:
    """The colour most like the wanted one that can be read on the grounds of its role."""
    grounds = [out[ground] for ground in GROUNDS.get(role, ()) if ground in out]
    near = sorted((*CUBE, *GREYS), key=lambda each: _distance(each, wanted))
    free = [each for each in near if each not in taken]
    good = (each for each in free if all(contrast(each, g) >= ENOUGH for g in grounds))
    return next(good, free[0])


def _nearest(wanted: str, refused: set[str]) -> str:
    free = [each for each in (*CUBE, *GREYS) if each not in refused]
    return min(free, key=lambda each: _distance(each, wanted))


def _grey(colour: str) -> str:
    light = luminance(colour)
    return min(("#000000", *GREYS, "#ffffff"), key=lambda each: abs(luminance(each) - light))


def _is_grey(colour: str) -> bool:
    return len(set(_parts(colour))) == 1


def _distance(one: str, other: str) -> float:
    """How unlike two colours look; red weighs by how red both are (the “redmean” distance)."""
    (r, g, b), (red, green, blue) = _parts(one), _parts(other)
    mean = (r + red) / 512
    return (2 + mean) * (r - red) ** 2 + 4 * (g - green) ** 2 + (3 - mean) * (b - blue) ** 2


@cache
def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
