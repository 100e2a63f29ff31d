"""Write the man pages into build/man, from the same words as `--help`: one for each command.

Usage: `python scripts/man_pages.py [FOLDER]`. click-man does the writing; it knows neither commands
that are loaded late nor examples, so it is given a group that has both in plain sight.
"""

from __future__ import annotations

import copy
import inspect
import sys
from pathlib import Path

import click

from loadtui import __version__
from loadtui.cli.examples import EXAMPLES
from loadtui.cli.main import COMMANDS, commands

OUT = Path("build/man")


def whole() -> click.Group:
    """The command line with every command loaded, and the examples in the words of each."""
    context = click.Context(commands, info_name="loadtui")
    found = [(name, commands.get_command(context, name)) for name in COMMANDS]
    loaded = {name: _told(name, command) for name, command in found if command is not None}
    group = click.Group("loadtui", commands=loaded, help=commands.help, params=commands.params)
    group.short_help = commands.help
    return group


def _told(name: str, command: click.Command) -> click.Command:
    out = copy.copy(command)
    words = inspect.cleandoc(command.help or "")
    examples = "\n\n".join(EXAMPLES.get(name, ()))
    out.help = f"{words}\n\nExamples:\n\n{examples}" if examples else words
    out.short_help = COMMANDS[name][2] if name in COMMANDS else words.partition("\n")[0]
    if isinstance(out, click.Group):
        below = out.commands.items()
        out.commands = {each: _told(f"{name} {each}", inner) for each, inner in below}
    return out


def main(arguments: list[str]) -> int:
    """Write them; return the exit code."""
    folder = Path(arguments[0]) if arguments else OUT
    from click_man.core import write_man_pages  # noqa: PLC0415 - only who writes needs it

    folder.mkdir(parents=True, exist_ok=True)
    write_man_pages("loadtui", whole(), version=__version__, target_dir=str(folder))
    print(
        f"{len(list(folder.glob('loadtui*.1')))} man pages in {folder}:  man -l {folder}/loadtui.1"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
