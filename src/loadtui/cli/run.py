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
from loadtui.errors import BadInput
from loadtui.model.scenario import Scenario
from loadtui.scenario.journey import is_journey
from loadtui.scenario.load import load
from loadtui.scenario.single import from_journey


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-e", "--env", multiple=True, type=Pairs(), metavar="NAME=value", help="A value for ${NAME}."
)
@click.option("--target", metavar="URL", help="Base of relative URLs, where FILE is a journey.")
@running
def run(
    *,
    file: Path,
    env: tuple[tuple[str, str], ...],
    target: str | None,
    allow: tuple[str, ...],
    max_vus: int | None,
    insecure: bool,
    **flags: Any,
) -> int:
    """Open FILE on the screen (idle until a key or --start), or run it --headless.

    FILE is a scenario, or a Python journey: shop.py or shop.py:buy.
    """
    scenario = _scenario(file, dict(env), target)
    limits = {"allow": allow, "max_vus": max_vus, "duration": flags["duration"]}
    scenario = with_flags(scenario, insecure=insecure, **limits)
    check_targets(scenario, sys.argv[1:])
    return launch(scenario, Flags(**flags))


def _scenario(file: Path, env: dict[str, str], target: str | None) -> Scenario:
    if is_journey(str(file)):
        return from_journey(str(file), target=target or "", env=env)
    if target is not None:
        raise BadInput("--target belongs to a Python journey", hint="write target: into the file")
    return load(file, env=dict(os.environ), overrides=env)
