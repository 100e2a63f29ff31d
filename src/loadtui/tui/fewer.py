"""A theme on a terminal with 256 or 16 colours: grounds first, then text that can be read on them.

The terminal's own nearest colour would make all dark grounds one black, and puts orange text on a
grey that it cannot be told from (pure).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rich.color import Color, ColorSystem

from loadtui.tui.draw.cells import Hue
from loadtui.tui.legible import ENOUGH, GROUNDS, contrast, luminance
from loadtui.tui.setup import Colours

_STEPS = (0, 95, 135, 175, 215, 255)
_ALL = (
    *(f"#{red:02x}{green:02x}{blue:02x}" for red in _STEPS for green in _STEPS for blue in _STEPS),
    *(
        f"#{round(10.2 * step):02x}{round(10.2 * step):02x}{round(10.2 * step):02x}"
        for step in range(1, 25)
    ),
)
"""Colours that Rich turns into each of the 256: in greys it is a shade off (`sent`)."""

_BLACK, _WHITE, _GREY, _SILVER = "#000000", "#ffffff", "#555555", "#aaaaaa"
_DARK: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "fault-tint", "bad-tint"), _BLACK),
    **dict.fromkeys(("ink", "p95", "warn"), _WHITE),
    **dict.fromkeys(("quiet", "p50", "limit"), _SILVER),
    **dict.fromkeys(("line", "rate"), _GREY),
    "raise": "#0000aa",
    "accent": "#55ffff",
    "act-line": "#00aaaa",
    "p99": "#ff55ff",
    "fault": "#ffff55",
    "good": "#55ff55",
    "bad": "#ff5555",
    "bad-deep": "#aa0000",
}
_LIGHT: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "fault-tint", "bad-tint"), _WHITE),
    **dict.fromkeys(("ink", "quiet", "accent"), _BLACK),
    **dict.fromkeys(("raise", "line", "act-line", "rate", "bad-deep"), _SILVER),
    **dict.fromkeys(("p50", "limit", "good"), _GREY),
    **dict.fromkeys(("p99", "warn"), "#aa5500"),
    "p95": "#aa00aa",
    "fault": "#0000aa",
    "bad": "#aa0000",
}
_MONO: Mapping[Hue, str] = {
    **dict.fromkeys(("bg", "tile", "fault-tint", "bad-tint"), _BLACK),
    **dict.fromkeys(("p50", "p99", "limit", "good"), _SILVER),
    **dict.fromkeys(("ink", "quiet", "accent", "p95", "fault", "warn", "bad"), _WHITE),
    **dict.fromkeys(("raise", "line", "rate", "act-line", "bad-deep"), _GREY),
}
"""With sixteen colours, of which a terminal may show others than the usual ones, there is no room
for a theme: one for dark grounds, one for light ones, one of greys.
"""

_SURFACES: tuple[Hue, ...] = ("bg", "tile", "raise", "line")
_SIGNALS: tuple[Hue, ...] = ("bad", "fault", "good", "warn", "accent")
"""Roles that must not look the same where the theme gives them colours of their own."""


@cache
def sent(colour: str) -> str:
    """What a terminal with 256 colours is sent for a colour: Rich's choice."""
    return Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


@cache
def known() -> tuple[str, ...]:
    """One colour for each that can be sent."""
    return tuple({sent(each): each for each in _ALL}.values())


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
        out["bad-tint"] = _nearest(colors["bad-tint"], set(filter(_is_grey, known())))
        out["fault-tint"] = _nearest(
            colors["fault-tint"], {out[each] for each in ("bg", "tile", "bad-tint")}
        )
    for role in sorted(colors, key=lambda role: (not role.endswith("-tint"), role not in _SIGNALS)):
        if role not in out:
            taken = {out[each] for each in _SIGNALS if each in out and colors[each] != colors[role]}
            out[role] = _readable(role, colors[role], out, taken if role in _SIGNALS else set())
    return {role: out[role] for role in colors}


def _readable(role: Hue, wanted: str, out: Mapping[Hue, str], taken: set[str]) -> str:
    """The colour most like the wanted one that can be read on the grounds of its role."""
    grounds = [sent(out[ground]) for ground in GROUNDS.get(role, ()) if ground in out]
    near = sorted(known(), key=lambda each: _distance(each, wanted))
    free = [each for each in near if each not in taken]
    good = (each for each in free if all(contrast(sent(each), g) >= ENOUGH for g in grounds))
    return next(good, free[0])


def _nearest(wanted: str, refused: set[str]) -> str:
    free = [each for each in known() if each not in refused]
    return min(free, key=lambda each: _distance(each, wanted))


def _grey(colour: str) -> str:
    light = luminance(colour)
    return min(filter(_is_grey, known()), key=lambda each: abs(luminance(sent(each)) - light))


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
