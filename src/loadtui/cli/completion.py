"""`loadtui completion SHELL`: words completed by the shell, after click's own way."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from loadtui.errors import BadInput

VARIABLE = "_LOADTUI_COMPLETE"
"""The environment variable with which the shell asks for completions."""


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(*, shell: str) -> int:
    """Print the script with which SHELL completes commands, flags, themes and files."""
    from loadtui.cli.main import commands

    kind = get_completion_class(shell)
    if kind is None:
        raise BadInput(f"there is no completion for {shell}", hint="bash, zsh and fish have one")
    click.echo(kind(commands, {}, "loadtui", VARIABLE).source())
    return 0
