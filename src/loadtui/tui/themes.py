"""From theme files to Textual's themes, and which one is worn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.theme import Theme

from loadtui.tui.fewer import reduced
from loadtui.tui.setup import TRUE_COLOUR, Colours
from loadtui.tui.theme_file import Palette

DEFAULT, MONO, PRESENTER = "dark", "mono", "presenter"


def choose(
    wanted: str | None, names: Iterable[str], environment: Mapping[str, str]
) -> tuple[str, str]:
    """The theme's name to start with, and what to say about it ("" = nothing).

    Without a wish: mono under NO_COLOR (https://no-color.org), else dark.
    """
    known = tuple(names)
    if wanted is not None and wanted in known:
        return wanted, ""
    default = MONO if environment.get("NO_COLOR") else DEFAULT
    if wanted is None:
        return default, ""
    return default, f"there is no theme {wanted!r}; there are {', '.join(known)}"


def theme(palette: Palette, colours: Colours = TRUE_COLOUR) -> Theme:
    """The palette as Textual takes it on a terminal with so many colours, each role a variable."""
    colors = reduced(palette.colors, colours, dark=palette.dark)
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=colors["accent"],
        secondary=colors["p95"],
        accent=colors["accent"],
        foreground=colors["ink"],
        background=colors["bg"],
        surface=colors["tile"],
        panel=colors["raise"],
        success=colors["good"],
        warning=colors["warn"],
        error=colors["bad"],
        variables={str(role): colour for role, colour in colors.items()},
    )
