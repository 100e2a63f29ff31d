"""What the terminal can show and take."""

from __future__ import annotations

import curses
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping

from loadtui.cli.checkup.check import Check, fail, ok, warn
from loadtui.cli.launch import has_terminal
from loadtui.tui.setup import TRUE_COLOUR, charset_of, colours_of

AREA = "terminal"
_TMUX_PATIENCE = 2.0

Ask = Callable[[str], str]
"""An option of the tmux around us → its value, "" where it does not say."""
Describe = Callable[[str], bool | None]
"""A terminal's name → whether its description tells of a mouse; None where there is none."""


def terminal(
    environment: Mapping[str, str], size: tuple[int, int], ask: Ask, describe: Describe
) -> Iterator[Check]:
    """The checks for a terminal of columns × rows that such an environment tells of."""
    yield _size(*size)
    yield _colours(environment)
    yield _signs(environment)
    yield from _around(environment, ask)
    yield _mouse(environment.get("TERM", ""), describe)


def here() -> Iterator[Check]:
    """The checks for the terminal at hand; one alone where there is none."""
    if not has_terminal():
        todo = "runs are headless here; start it in a terminal for the screen"
        yield warn(AREA, "terminal", "stdin or stderr is none", todo)
        return
    size = shutil.get_terminal_size()
    yield from terminal(os.environ, (size.columns, size.lines), _tmux_option, _has_mouse)


def _size(columns: int, rows: int) -> Check:
    found = f"{columns}×{rows}"
    if columns < 60 or rows < 16:
        return warn(AREA, "size", found, "60×16 shows charts, 160×44 everything")
    if columns < 100:
        return ok(
            AREA, "size", f"{found}: one chart and one pane at a time; 160×44 shows everything"
        )
    return ok(AREA, "size", found)


def _colours(environment: Mapping[str, str]) -> Check:
    if environment.get("TERM") == "dumb":
        todo = "use another terminal; runs are headless in this one"
        return fail(AREA, "colours", "TERM=dumb shows no screen", todo)
    if environment.get("NO_COLOR"):
        return ok(AREA, "colours", "none, as NO_COLOR asks: the theme mono")
    colours, term = colours_of(environment), environment.get("TERM", "")
    if colours == TRUE_COLOUR:
        return ok(AREA, "colours", "16 million")
    todo = "if the terminal can show more, set COLORTERM=truecolor (ssh does not hand it on)"
    return warn(AREA, "colours", f"{colours} (TERM={term})", todo)


def _signs(environment: Mapping[str, str]) -> Check:
    if charset_of(environment) == "braille":
        return ok(
            AREA, "signs", "UTF-8: charts in braille; where dots are missing --charset blocks"
        )
    why = "the Linux console" if environment.get("TERM") == "linux" else "the locale is not UTF-8"
    todo = "set LANG=C.UTF-8, or --charset braille if you see dots here: ⠉⠒⠤⣀"
    return warn(AREA, "signs", f"ASCII ({why})", todo)


def _around(environment: Mapping[str, str], ask: Ask) -> Iterator[Check]:
    if environment.get("TMUX"):
        if ask("mouse") == "off":
            todo = "tmux set -g mouse on"
            yield warn(AREA, "tmux", "keeps the mouse for itself", todo)
        else:
            yield ok(AREA, "tmux", "around this terminal")
    elif environment.get("TERM", "").startswith("screen") and environment.get("STY"):
        yield ok(AREA, "screen", "around this terminal")
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        yield ok(AREA, "ssh", "the screen sends some 150 kB/s; faults are lifted if the line drops")


def _mouse(term: str, describe: Describe) -> Check:
    match describe(term):
        case None:
            todo = "install its description (ncurses-term), or set TERM=xterm-256color"
            return warn(AREA, "mouse", f"nothing is known about TERM={term}", todo)
        case True:
            return ok(AREA, "mouse", "yes; --no-mouse leaves it to the terminal")
        case False:
            return ok(AREA, "mouse", "none that its description tells of; every act has a key")


def _has_mouse(term: str) -> bool | None:
    try:
        curses.setupterm(term, 1)
        return curses.tigetstr("kmous") is not None
    except curses.error:
        return None


def _tmux_option(name: str) -> str:
    try:
        done = subprocess.run(
            ["tmux", "show-options", "-gv", name],
            capture_output=True,
            text=True,
            timeout=_TMUX_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
