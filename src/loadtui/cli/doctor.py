"""`loadtui doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click
import msgspec
import platformdirs

from loadtui.cli.checkup import installed, limits, own_files, server, terminal
from loadtui.cli.checkup.check import Check, State
from loadtui.cli.config import read_config
from loadtui.cli.places import config_dir
from loadtui.model.plain import printable

SIGNS: dict[State, str] = {"ok": "✓", "warn": "!", "fail": "✗"}
PLAIN: dict[State, str] = {"ok": "+", "warn": "!", "fail": "x"}
COLOURS: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same for programs.")
def doctor(*, as_json: bool) -> int:
    """Say what this machine and terminal can do, what is wrong, and what to do about it.

    Nothing is changed. Exit code 1 where something will not work (✗), else 0.
    """
    checks = tuple(checkup())
    good = all(check.state != "fail" for check in checks)
    if as_json:
        found = {"ok": good, "checks": msgspec.to_builtins(checks)}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        plain = not (sys.stdout.encoding or "").lower().startswith("utf")
        width = min(shutil.get_terminal_size((100, 30)).columns, 110)
        for line in told(checks, width, plain=plain):
            click.echo(line, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    return 0 if good else 1


def checkup() -> Iterator[Check]:
    """Everything, from the terminal inwards."""
    home = config_dir()
    yield from terminal.here()
    yield server.loopback()
    named = os.environ.get("LOADTUI_TOXIPROXY") or read_config(home / "config.yaml")[0].get(
        "toxiproxy"
    )
    yield server.toxiproxy(named or "", os.environ.get("TOXIPROXY_URL", ""))
    yield from server.ports(server.is_free)
    yield from limits.limits()
    yield from own_files.own_files(home)
    yield from own_files.variables(os.environ)
    yield from installed.installed()
    yield from installed.state(Path(platformdirs.user_state_dir("loadtui")))
    yield installed.folder("journals", Path(platformdirs.user_data_dir("loadtui")) / "sessions")


def told(checks: Sequence[Check], width: int, *, plain: bool) -> Iterator[str]:
    """The lines to read: areas with their checks, what to do below each, a last line of sums."""
    signs = PLAIN if plain else SIGNS
    names = max((len(check.name) for check in checks), default=0)
    for area, inside in groupby(checks, key=lambda check: check.area):
        yield click.style(area, bold=True)
        for check in inside:
            yield from _lines(check, names, width, plain=plain)
    failed = sum(check.state == "fail" for check in checks)
    warned = sum(check.state == "warn" for check in checks)
    yield ""
    if not failed and not warned:
        yield "Everything is well."
    else:
        better = f"{warned} could be better ({signs['warn']})"
        yield f"{failed} will not work ({signs['fail']}), {better}."


def _lines(check: Check, names: int, width: int, *, plain: bool) -> Iterator[str]:
    indent = " " * (names + 6)
    room = max(30, width - len(indent))
    first, *more = textwrap.wrap(printable(check.found), room) or [""]
    sign = (PLAIN if plain else SIGNS)[check.state]
    coloured = click.style(sign, fg=COLOURS[check.state], bold=True)
    yield f"  {coloured} {check.name:<{names}}  {first}"
    yield from (f"{indent}{line}" for line in more)
    if check.todo:
        arrow = "->" if plain else "→"
        yield from (f"{indent}{line}" for line in textwrap.wrap(f"{arrow} {check.todo}", room))
