"""`loadtui run FILE`: a scenario on the screen, or without one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from loadtui.cli.flags import PAIR, flag, running
from loadtui.cli.guard import check_targets, with_flags
from loadtui.cli.profiles import launch_each, tagged
from loadtui.errors import BadInput
from loadtui.model.profile import Profile
from loadtui.model.scenario import Scenario
from loadtui.scenario.journey import is_journey
from loadtui.scenario.load import load
from loadtui.scenario.single import from_journey

RUN_ID = "TEST_RUN_ID"
"""The environment variable that names a run."""

_SCRIPTS = (".js", ".mjs", ".ts")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-e", "--env", multiple=True, type=PAIR, metavar="NAME=value", help="A value for ${NAME}."
)
@flag("--target", metavar="URL", help="Base of relative URLs, where FILE is a journey.")
@flag(
    "--run-id", metavar="ID", help="This run's name in x-load-test-id and OTLP (else TEST_RUN_ID)."
)
@running
def run(
    *,
    file: Path,
    env: tuple[tuple[str, str], ...],
    target: str | None,
    run_id: str | None,
    profiles: tuple[Profile, ...],
    tags: tuple[tuple[str, str], ...],
    **flags: Any,
) -> int:
    """Open FILE on the screen (idle until a key or --start), or run it --headless.

    FILE is a scenario, or a Python journey: shop.py or shop.py:buy.
    """
    named = {RUN_ID: run_id} if run_id else {}
    scenario = tagged(_scenario(file, {**dict(env), **named}, target), tags)
    guarding = {name: flags.pop(name) for name in ("allow", "max_vus", "insecure")}
    scenario = with_flags(scenario, duration=flags["duration"], **guarding)
    check_targets(scenario, sys.argv[1:])
    return launch_each(scenario, profiles, {**flags, "run_id": run_id or "", "file": file})


def _scenario(file: Path, env: dict[str, str], target: str | None) -> Scenario:
    if file.suffix in _SCRIPTS:
        hint = f"turn it into one:  loadtui import k6 {file}"
        raise BadInput(f"{file} is a script for k6, not a scenario", hint=hint)
    if is_journey(str(file)):
        return from_journey(str(file), target=target or "", env=env)
    if target is not None:
        raise BadInput("--target belongs to a Python journey", hint="write target: into the file")
    return load(file, env=dict(os.environ), overrides=env, to_run=True)
