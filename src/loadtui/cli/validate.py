"""`loadtui validate FILE…`: every problem of scenario files, without sending anything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from loadtui.cli.flags import PAIR
from loadtui.errors import BadInput, ExitCode, ScenarioError
from loadtui.model.plain import printable
from loadtui.model.plan import most_at_once, plan_end
from loadtui.model.scenario import Scenario
from loadtui.model.units import duration
from loadtui.scenario.load import load


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "-e", "--env", multiple=True, type=PAIR, metavar="NAME=value", help="A value for ${NAME}."
)
def validate(*, files: tuple[Path, ...], env: tuple[tuple[str, str], ...]) -> int:
    """Say everything that is wrong with scenario files, one line each; nothing is sent."""
    good = [_is_good(file, dict(env)) for file in files]
    return ExitCode.OK if all(good) else ExitCode.BAD_INPUT


def _is_good(file: Path, env: Mapping[str, str]) -> bool:
    try:
        scenario = load(file, env=dict(os.environ), overrides=env)
    except ScenarioError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        return False
    except BadInput as error:
        click.echo(f"loadtui: {error}", err=True)
        return False
    click.echo(f"{printable(str(file))}: {described(scenario)}")
    return True


def described(scenario: Scenario) -> str:
    """What a scenario would do, in one line."""
    words = [_count(len(scenario.all_requests), "request")] if scenario.all_requests else []
    codes = [scenario.code, *(each.code for each in scenario.journeys)]
    if written := [code.written for code in codes if code is not None]:
        words.append(f"journey {', '.join(written)}")
    if scenario.timed:
        words.append(_count(len(scenario.timed), "timed fault"))
    if scenario.thresholds:
        words.append(_count(len(scenario.thresholds), "threshold"))
    if scenario.scenarios:
        words.append(f"up to {_count(most_at_once(scenario.scenarios), 'VU')}")
        end = plan_end(scenario.scenarios)
        words.append(duration(end) if end is not None else "until stopped")
    return f"valid ({', '.join(words)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
