"""Theme files: a name, dark or light, and a colour for every role; read, checked, never trusted.

Importing this module does not import Textual.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import get_args

import msgspec

from loadtui.errors import BadInput
from loadtui.model.suggest import advice
from loadtui.scenario.place import Document, Problem, mapping
from loadtui.scenario.reader import Kind
from loadtui.tui.draw.cells import Hue
from loadtui.tui.own_file import own_file, told

ROLES: tuple[Hue, ...] = get_args(Hue)
THEME = Kind("a theme", "write name:, dark: and colors:", "name:, dark: and colors:")

_KEYS = ("name", "dark", "colors")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")


class Palette(msgspec.Struct, frozen=True):
    """A theme as its file gives it: a colour `#rrggbb` for each role."""

    name: str
    dark: bool
    colors: Mapping[Hue, str]
    path: Path


class Palettes(msgspec.Struct, frozen=True):
    """What was found: usable themes by name, and a line for everything wrong in the files."""

    found: Mapping[str, Palette]
    problems: tuple[str, ...]


def theme_dir() -> Path:
    """Where the themes that loadtui brings are: in the package, or in a checkout beside `src`."""
    packaged = Path(str(files("loadtui"))) / "themes"
    return packaged if packaged.is_dir() else packaged.parents[2] / "themes"


def read_themes(*folders: Path) -> Palettes:
    """Every theme of the folders, a later one of the same name replacing an earlier one."""
    found: dict[str, Palette] = {}
    problems: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
        palette, wrong = read_theme(path)
        problems += wrong
        if palette is not None:
            found[palette.name] = palette
    return Palettes(found, tuple(problems))


def read_theme(path: Path) -> tuple[Palette | None, tuple[str, ...]]:
    """The theme of a file, None where something in it is wrong, and what that is."""
    document = own_file(path, THEME)
    problems = [*document.problems]
    if isinstance(document.root, dict):
        problems += _wrong(document)
    if problems:
        return None, told(path, problems)
    root = document.root
    return Palette(str(root["name"]), bool(root["dark"]), root["colors"], path), ()


def _wrong(document: Document) -> list[Problem]:
    out = _keys(document, (), _KEYS, "a theme")
    root = document.root
    name, dark = root.get("name"), root.get("dark")
    if "name" in root and not (isinstance(name, str) and _NAME.fullmatch(name)):
        bad = BadInput("name is not a word", hint="write letters, digits and - in one word")
        out.append(document.at_value(("name",), bad))
    if "dark" in root and not isinstance(dark, bool):
        bad = BadInput("dark is true or false", hint="true where the ground is dark")
        out.append(document.at_value(("dark",), bad))
    if "colors" not in root:
        return out
    if not isinstance(root["colors"], dict):
        bad = BadInput("colors is a mapping of roles", hint='write ink: "#e8edf5" and so on')
        return [*out, document.at_value(("colors",), bad)]
    out += _keys(document, ("colors",), ROLES, "colors")
    return out + _colours(document)


def _keys(
    document: Document, path: tuple[str, ...], known: tuple[str, ...], of: str
) -> list[Problem]:
    """Keys that are missing, and those that nobody knows."""
    part = mapping(document.root)
    for key in path:
        part = mapping(part.get(key))
    out = [
        document.at_key((*path, key), BadInput(f"{of} has no {key}", hint=advice(key, known)))
        for key in part
        if key not in known
    ]
    if missing := [key for key in known if key not in part]:
        bad = BadInput(f"{of} lacks {', '.join(missing)}", hint="add what is missing")
        out.append(document.at_key(path, bad))
    return out


def _colours(document: Document) -> list[Problem]:
    out = []
    for role, value in mapping(document.root.get("colors")).items():
        if role in ROLES and not (isinstance(value, str) and _COLOUR.fullmatch(value)):
            hint = 'write six hexadecimal digits in quotes: "#0e1117"'
            bad = BadInput(f"{role} is no colour", hint=hint)
            out.append(document.at_value(("colors", role), bad))
    return out
