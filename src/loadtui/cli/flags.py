"""Flags that several commands share, and their checks: refused before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from loadtui.errors import BadInput
from loadtui.model.executor import Stage
from loadtui.model.units import parse_duration

F = TypeVar("F", bound=Callable[..., Any])
MAX_WORKERS = 64


class Seconds(click.ParamType[float]):
    """A duration with its unit ("500ms", "2m") as float seconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Parse, or fail with the two likely meanings of a bare number."""
        if isinstance(value, float):
            return value
        try:
            return parse_duration(str(value))
        except BadInput as error:
            self.fail(str(error), param, ctx)


class Pairs(click.ParamType[tuple[str, str]]):
    """`NAME=value`."""

    name = "name=value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Split at the first `=`."""
        if isinstance(value, tuple):
            return str(value[0]), str(value[1])
        name, sign, rest = str(value).partition("=")
        if not sign or not name.isidentifier():
            self.fail(f"{value!r} is not NAME=value", param, ctx)
        return name, rest


class StageType(click.ParamType[Stage]):
    """`2m:50`: a time and the VUs at its end."""

    name = "time:vus"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Stage:
        """Split at the colon."""
        if isinstance(value, Stage):
            return value
        lasts, colon, aim = str(value).rpartition(":")
        if not colon or not aim.isascii() or not aim.isdecimal():
            self.fail(f"{value!r} is not TIME:VUS, such as 2m:50", param, ctx)
        try:
            return Stage(parse_duration(lasts), int(aim))
        except BadInput as error:
            self.fail(str(error), param, ctx)


def default_workers() -> int:
    """One worker per two cores this process may use, at least one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (usable or 1) // 2)


RUNNING = (
    click.option(
        "--vus", type=click.IntRange(min=0), metavar="N", help="Start with N virtual users."
    ),
    click.option("--start", is_flag=True, help="Start at once; otherwise the first key does."),
    click.option("--headless", is_flag=True, help="No screen: run, print the summary, exit."),
    click.option("--duration", type=Seconds(), help="End the load after this long (30s, 2m)."),
    click.option("--iterations", type=click.IntRange(min=1), metavar="N", help="End after N."),
    click.option(
        "--stage",
        "stages",
        multiple=True,
        type=StageType(),
        metavar="TIME:VUS",
        help="Ramp to so many VUs (2m:50); repeatable.",
    ),
    click.option(
        "--step", type=click.IntRange(min=1), metavar="N", help="VUs per press of + and -."
    ),
    click.option(
        "--workers", type=click.IntRange(1, MAX_WORKERS), metavar="N", help="Worker processes."
    ),
    click.option("--seed", type=int, default=0, metavar="N", help="Seed of every random choice."),
    click.option("--insecure", is_flag=True, help="Believe any TLS certificate; said loudly."),
    click.option("--allow", multiple=True, metavar="HOST", help="Load this host off loopback too."),
    click.option(
        "--max-vus", type=click.IntRange(min=1), metavar="N", help="The ceiling no key raises."
    ),
    click.option(
        "--toxiproxy", metavar="URL", help="The Toxiproxy to use (default: found or started)."
    ),
    click.option(
        "--theme", metavar="NAME", help="dark, light, contrast, colourblind, presenter, mono."
    ),
)


def with_options(options: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    """A decorator that adds options in the order of the help."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def running(command: F) -> F:
    """Add the flags of every command that runs a scenario."""
    return with_options(RUNNING)(command)
