"""Flags that several commands share, and their checks: refused before anything starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from loadtui.errors import BadInput
from loadtui.model.executor import Stage
from loadtui.model.profile import PROFILES, Profile, profile
from loadtui.model.units import parse_duration
from loadtui.tui.setup import CHARSETS

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
MAX_WORKERS = 64


def flag(word: str, *names: str, env: str = "", **given: Any) -> Callable[[F], F]:
    """An option that an environment variable can give too: `LOADTUI_VUS` for `--vus`.

    `names`: the parameter's, where it differs. `env`: the variable, where it differs.
    """
    variable = env or "LOADTUI_" + word.removeprefix("--").replace("-", "_").upper()
    return click.option(word, *names, envvar=variable, **given)


class Parsed(click.ParamType[T]):
    """What a function of ours makes of a word; its BadInput is said of the flag.

    `kind`: the type of values that are ready, as click also hands on those.
    """

    def __init__(self, name: str, kind: type, parse: Callable[[str], T]) -> None:
        """`name`: what help calls it."""
        self.name, self._kind, self._parse = name, kind, parse

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """Parse, or fail in words."""
        if isinstance(value, self._kind):
            return cast("T", value)
        try:
            return self._parse(str(value))
        except BadInput as error:
            self.fail(str(error), param, ctx)


class Repeated(Parsed[T]):
    """One of several, which an environment variable lists with commas."""

    envvar_list_splitter = ","


SECONDS = Parsed("duration", float, parse_duration)
"""A duration with its unit ("500ms", "2m") as float seconds."""


def pair(text: str) -> tuple[str, str]:
    """`NAME=value`, split at the first `=`; raises BadInput."""
    name, sign, rest = text.partition("=")
    if not sign or not name.isidentifier():
        raise BadInput(f"{text!r} is not NAME=value")
    return name, rest


def stage(text: str) -> Stage:
    """`2m:50`: a time and the VUs at its end; raises BadInput."""
    lasts, colon, aim = text.rpartition(":")
    if not colon or not aim.isascii() or not aim.isdecimal():
        raise BadInput(f"{text!r} is not TIME:VUS, such as 2m:50")
    return Stage(parse_duration(lasts), int(aim))


def profiles(text: str) -> tuple[Profile, ...]:
    """`smoke,load`: profiles in the order of their runs; raises BadInput."""
    return tuple(profile(each.strip()) for each in text.split(","))


PAIR = Repeated[tuple[str, str]]("name=value", tuple, pair)


def default_workers() -> int:
    """One worker per two cores this process may use, at least one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (usable or 1) // 2)


def theme_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's signature
    """The themes that begin so, for the shell."""
    from loadtui.cli.places import config_dir
    from loadtui.tui.theme_file import read_themes, theme_dir

    found = read_themes(theme_dir(), config_dir() / "themes").found
    return [name for name in found if name.startswith(incomplete)]


LOOKS = (
    flag(
        "--theme",
        metavar="NAME",
        shell_complete=theme_names,
        help="dark, light, contrast, colourblind, presenter, mono, or one of yours.",
    ),
    flag(
        "--charset",
        type=click.Choice(("auto", *CHARSETS)),
        default="auto",
        help="What charts and signs are drawn with.",
    ),
    flag(
        "--mouse/--no-mouse", env="LOADTUI_MOUSE", default=True, help="Whether the mouse is used."
    ),
    flag("--presenter", is_flag=True, help="Big figures, captions, no addresses: for an audience."),
    flag(
        "--record",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Record the screen as asciicast v2, for asciinema's players.",
    ),
)
"""How a screen looks."""

RUNNING = (
    flag("--vus", type=click.IntRange(min=0), metavar="N", help="Start with N virtual users."),
    flag("--start", is_flag=True, help="Start at once; otherwise the first key does."),
    flag("--headless", is_flag=True, help="No screen: run, print the summary, exit."),
    flag("--duration", type=SECONDS, help="End the load after this long (30s, 2m)."),
    flag("--iterations", type=click.IntRange(min=1), metavar="N", help="End after N."),
    flag(
        "--stage",
        "stages",
        env="LOADTUI_STAGES",
        multiple=True,
        type=Repeated("time:vus", Stage, stage),
        metavar="TIME:VUS",
        help="Ramp to so many VUs (2m:50); repeatable.",
    ),
    flag(
        "--profile",
        "profiles",
        type=Parsed[tuple[Profile, ...]]("profiles", tuple, profiles),
        default=(),
        metavar="NAME,…",
        help=f"{', '.join(PROFILES)}; several run while each before passes.",
    ),
    flag(
        "--time-scale",
        type=click.FloatRange(0.01, 10_000),
        default=1.0,
        metavar="N",
        help="Take the plan N times as fast: a rehearsal.",
    ),
    flag(
        "--tag",
        "tags",
        env="LOADTUI_TAGS",
        multiple=True,
        type=PAIR,
        metavar="NAME=value",
        help="A tag on every sample; repeatable.",
    ),
    flag(
        "--rps",
        type=click.IntRange(min=0),
        metavar="N",
        help="At most N requests a second, of all workers together (0: no limit).",
    ),
    flag("--step", type=click.IntRange(min=1), metavar="N", help="VUs per press of + and -."),
    flag("--workers", type=click.IntRange(1, MAX_WORKERS), metavar="N", help="Worker processes."),
    flag("--seed", type=int, default=0, metavar="N", help="Seed of every random choice."),
    flag("--insecure", is_flag=True, help="Believe any TLS certificate; said loudly."),
    flag("--allow", multiple=True, metavar="HOST", help="Load this host off loopback too."),
    flag("--max-vus", type=click.IntRange(min=1), metavar="N", help="The ceiling no key raises."),
    flag("--toxiproxy", metavar="URL", help="The Toxiproxy to use (default: found or started)."),
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
    from loadtui.cli.results import RESULTS  # it needs what is defined here

    return with_options((*RUNNING, *LOOKS, *RESULTS))(command)
