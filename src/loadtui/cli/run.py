"""`loadtui run FILE`: a scenario on the screen, or without one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from loadtui.cli.flags import Pairs, running
from loadtui.cli.guard import check_targets, with_flags
from loadtui.cli.launch import Flags, launch
from loadtui.scenario.load import load


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-e", "--env", multiple=True, type=Pairs(), metavar="NAME=value", help="A value for ${NAME}."
)
@running
def run(
    *,
    file: Path,
    env: tuple[tuple[str, str], ...],
    allow: tuple[str, ...],
    max_vus: int | None,
    insecure: bool,
    **flags: Any,
) -> int:
    """Open FILE on the screen (idle until a key or --start), or run it --headless."""
    scenario = load(file, env=dict(os.environ), overrides=dict(env))
    limits = {"allow": allow, "max_vus": max_vus, "duration": flags["duration"]}
    scenario = with_flags(scenario, insecure=insecure, **limits)
    check_targets(scenario, sys.argv[1:])
    return launch(scenario, Flags(**flags))
