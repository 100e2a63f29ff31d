"""`loadtui panic`: the stop button from another shell, also while the session is frozen."""

from __future__ import annotations

import click

from loadtui.chaos.panic import panic as ask_all
from loadtui.cli.places import state_dir
from loadtui.errors import ExitCode
from loadtui.model.plain import printable


@click.command()
@click.option("--leftovers", is_flag=True, help="Also lift what dead sessions left behind.")
def panic(*, leftovers: bool) -> int:
    """Stop the load and lift every fault of every loadtui session of yours on this machine."""
    answers = ask_all(state_dir(), leftovers=leftovers)
    for answer in answers:
        click.echo(printable(answer.text))
    return ExitCode.NOT_LIFTED if any(not answer.ok for answer in answers) else ExitCode.OK
