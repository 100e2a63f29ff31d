"""`loadtui URL`: one request, from the flags a curl user knows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from loadtui.cli.flags import running, with_options
from loadtui.cli.guard import check_targets, with_flags
from loadtui.cli.profiles import launch_each, tagged
from loadtui.errors import BadInput
from loadtui.model.profile import Profile
from loadtui.scenario.single import from_url

REQUEST = (
    click.option("-X", "--method", metavar="METHOD", help="GET, or POST when there is a body."),
    click.option(
        "-H", "--header", "headers", multiple=True, metavar="'Name: value'", help="Repeatable."
    ),
    click.option("-d", "--data", metavar="BODY|@FILE", help="The body, or a file that holds it."),
    click.option("--think", default="0s", metavar="TIME", help="Think time: 1s or 1s..3s."),
    click.option(
        "--threshold", "thresholds", multiple=True, metavar="'p(95)<500'", help="What must hold."
    ),
)


@click.command()
@click.argument("url")
@with_options(REQUEST)
@running
def url(
    *,
    url: str,
    data: str | None,
    profiles: tuple[Profile, ...],
    tags: tuple[tuple[str, str], ...],
    **flags: Any,
) -> int:
    """Load one URL by hand. The screen is idle until + (or --start, or --vus)."""
    request = {name: flags.pop(name) for name in ("method", "headers", "think", "thresholds")}
    scenario = from_url(url, body=_body(data), **request)
    guarding = {name: flags.pop(name) for name in ("allow", "max_vus", "insecure")}
    scenario = with_flags(tagged(scenario, tags), duration=flags["duration"], **guarding)
    check_targets(scenario, sys.argv[1:])
    return launch_each(scenario, profiles, flags)


def _body(data: str | None) -> str | None:
    if data is None or not data.startswith("@"):
        return data
    try:
        return Path(data[1:]).read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"{data[1:]}: {error.strerror}", hint="-d @FILE reads the body from FILE"
        ) from None
    except UnicodeDecodeError:
        raise BadInput(f"{data[1:]} is not UTF-8 text", hint="a body must be text") from None
