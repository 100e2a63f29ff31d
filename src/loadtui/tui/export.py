"""A drawn chart as files: its text, and the same cells as SVG.

rich draws the SVG: it comes with Textual, is kept by the same people, and places every cell, so
braille stays where it was. plotext writes text and HTML only. PNG needs a browser's fonts: open the
SVG in one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from loadtui.tui.draw.cells import Rows, words_of

# What rich's template would fetch from elsewhere.
_FETCHED = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def as_text(rows: Rows) -> str:
    """The rows as plain lines."""
    return "\n".join(words_of(row).rstrip() for row in rows) + "\n"


def as_svg(rows: Rows, title: str, cells: int, colours: Mapping[str, str]) -> str:
    """The rows as an SVG that fetches nothing; `colours`: those of the theme, by role."""
    console = Console(record=True, width=cells, file=io.StringIO(), force_terminal=True)
    for row in rows:
        line = Text(no_wrap=True, end="\n")
        for text, hand in row:
            line.append(text, Style(color=colours[hand.fg], bold=hand.bold))
        console.print(line, overflow="crop", crop=True)
    offline = _FETCHED.sub("", CONSOLE_SVG_FORMAT)
    return console.export_svg(title=title, theme=_theme(colours), code_format=offline)


def _theme(colours: Mapping[str, str]) -> TerminalTheme:
    ink, ground = Color.parse(colours["ink"]), Color.parse(colours["bg"])
    return TerminalTheme(ground.get_truecolor(), ink.get_truecolor(), [ink.get_truecolor()] * 8)


def write(folder: Path, stem: str, text: str, svg: str) -> tuple[Path, Path]:
    """Write both files under a name that is not taken; raises OSError."""
    number, name = 1, stem
    while (folder / f"{name}.svg").exists() or (folder / f"{name}.txt").exists():
        number += 1
        name = f"{stem}-{number}"
    paths = folder / f"{name}.txt", folder / f"{name}.svg"
    for path, content in zip(paths, (text, svg), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths
