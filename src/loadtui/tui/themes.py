"""Theme files: a name, dark or light, and a colour for every role; read, checked, never trusted."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import get_args

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from textual.color import Color, ColorParseError
from textual.theme import Theme

from loadtui.tui.draw.cells import Hue

DEFAULT, MONO = "dark", "mono"
_ROLES: tuple[Hue, ...] = get_args(Hue)


class Themes(msgspec.Struct, frozen=True):
    """What was found: usable themes, and a sentence for each file that is not one."""

    themes: tuple[Theme, ...]
    problems: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the usable themes."""
        return tuple(theme.name for theme in self.themes)


def theme_dir() -> Path:
    """Where the themes that loadtui brings are: in the package, or in a checkout beside `src`."""
    packaged = Path(str(files("loadtui"))) / "themes"
    return packaged if packaged.is_dir() else packaged.parents[2] / "themes"


def load_themes(*folders: Path) -> Themes:
    """Every theme of the folders, a later one of the same name replacing an earlier one."""
    found: dict[str, Theme] = {}
    problems = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        theme = _load(path)
        if isinstance(theme, str):
            problems.append(f"theme {path.name} left out: {theme}")
        else:
            found[theme.name] = theme
    return Themes(tuple(found.values()), tuple(problems))


def choose(wanted: str | None, themes: Themes) -> tuple[str, str]:
    """The theme's name to start with, and what to say about it ("" = nothing).

    Without a wish: mono under NO_COLOR (https://no-color.org), else dark.
    """
    if wanted is not None and wanted in themes.names:
        return wanted, ""
    default = MONO if os.environ.get("NO_COLOR") else DEFAULT
    if wanted is None:
        return default, ""
    known = ", ".join(themes.names)
    return default, f"there is no theme {wanted!r}; there are {known}"


def _load(path: Path) -> Theme | str:
    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return f"it cannot be read ({error})"
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark is not None else ""
        return f"{place}it is not YAML"
    return _checked(raw)


def _checked(raw: object) -> Theme | str:
    if not isinstance(raw, dict) or set(raw) != {"name", "dark", "colors"}:
        return "it needs exactly name, dark and colors"
    name, dark, colors = raw["name"], raw["dark"], raw["colors"]
    if not isinstance(name, str) or not name.isprintable() or not name:
        return "name must be a word"
    if not isinstance(dark, bool):
        return "dark must be true or false"
    if not isinstance(colors, dict):
        return "colors must give each role a colour"
    return _bad_colours(colors) or _theme(name, colors, dark=dark)


def _bad_colours(colors: dict[object, object]) -> str:
    if missing := [role for role in _ROLES if role not in colors]:
        return f"colors lacks {', '.join(missing)}"
    if extra := [str(role) for role in colors if role not in _ROLES]:
        return f"colors knows no {', '.join(extra)}"
    for role, value in colors.items():
        if not _is_colour(value):
            return f'{role} is no colour like "#0e1117": {value!r}'
    return ""


def _is_colour(value: object) -> bool:
    if not isinstance(value, str) or not value.startswith("#") or len(value) != 7:
        return False
    try:
        Color.parse(value)
    except ColorParseError:
        return False
    return True


def _theme(name: str, colors: dict[Hue, str], *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
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
