"""The operator's own settings: files, and variables of the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from loadtui.cli.checkup.check import Check, fail, ok, warn
from loadtui.cli.config import read_config, settings
from loadtui.model.suggest import nearest
from loadtui.tui.keymap import read_keymap
from loadtui.tui.legible import faint
from loadtui.tui.theme_file import Palette, read_themes

AREA = "your files"
_ELSEWHERE = frozenset({"LOADTUI_TARGET", "LOADTUI_RUN_ID"})
"""Variables of single commands."""


def own_files(home: Path) -> Iterator[Check]:
    """The files in that folder; each may be missing."""
    found, problems = read_config(home / "config.yaml")
    yield from _file(home / "config.yaml", "config", problems, f"{len(found)} settings")
    keys = read_keymap(home / "keymap.yaml")
    yield from _file(
        home / "keymap.yaml", "keymap", keys.problems, f"{len(keys.keymap)} keys moved"
    )
    themes = read_themes(home / "themes")
    yield from _file(home / "themes", "themes", themes.problems, ", ".join(themes.found) or "none")
    for palette in themes.found.values():
        yield from _faint(palette)


def _file(path: Path, name: str, problems: tuple[str, ...], words: str) -> Iterator[Check]:
    for problem in problems:
        what, _, todo = problem.partition("; ")
        yield fail(AREA, name, what, todo)
    if not path.exists():
        yield ok(AREA, name, f"none ({path})")
    elif not problems:
        yield ok(AREA, name, f"{words} ({path})")


def _faint(palette: Palette) -> Iterator[Check]:
    pairs = [f"{text} on {ground} {ratio:.1f}" for text, ground, ratio in faint(palette.colors)]
    if pairs:
        found = f"{palette.path}: hard to read: {', '.join(pairs)}"
        yield warn(AREA, "themes", found, "give these pairs a contrast of 4.5 or more")


def variables(environment: Mapping[str, str]) -> Iterator[Check]:
    """What LOADTUI_… says, checked as the flags would be."""
    known = {each.variable: each for each in settings()}
    given = {name: text for name, text in environment.items() if name.startswith("LOADTUI_")}
    good = []
    for name, text in sorted(given.items()):
        if name not in known and name not in _ELSEWHERE:
            near = nearest(name, known)
            todo = f"did you mean {near}?" if near else "unset it; docs/configuration.md has all"
            yield warn(AREA, "environment", f"{name} means nothing", todo)
        elif name in known and (wrong := _refused(known[name].option, text)):
            yield fail(AREA, "environment", f"{name}: {wrong}", "see loadtui run --help")
        else:
            good.append(name)
    if good or not given:
        yield ok(AREA, "environment", ", ".join(good) or "no LOADTUI_ variable is set")


def _refused(option: click.Option, text: str) -> str:
    parts = option.type.split_envvar_value(text) if option.multiple else (text,)
    try:
        for part in parts:
            option.type.convert(part, option, None)
    except click.BadParameter as error:
        return error.message.rstrip(".")
    return ""
