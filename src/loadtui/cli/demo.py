"""`loadtui demo`: a small system with a real database, to load and to break."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from loadtui.cli.flags import running, with_options
from loadtui.cli.guard import with_flags
from loadtui.cli.launch import Extras, Flags, has_terminal, launch
from loadtui.cli.profiles import tagged
from loadtui.demo.scenario import API_KEY, demo_scenario
from loadtui.demo.system import DemoSystem
from loadtui.demo.tour import headless, tour
from loadtui.errors import BadInput
from loadtui.model.command import Cue, Zero

STEP = 5
HEADLESS_SECONDS = 30.0


SYSTEM = (
    click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="The orders API's."),
    click.option("--postgres", metavar="DSN", help="Use this PostgreSQL, not the embedded one."),
    click.option("--no-resilience", is_flag=True, help="No time-outs, no retries, no breaker."),
    click.option("--serve", is_flag=True, help="Run the system alone, without load or screen."),
)


@click.command()
@with_options(SYSTEM)
@running
def demo(
    *,
    port: int | None,
    postgres: str | None,
    no_resilience: bool,
    serve: bool,
    **flags: Any,
) -> int:
    """Load and break an orders API, its two neighbours and its PostgreSQL, through Toxiproxy.

    Without a terminal, or with --headless, the demo drives itself: it ramps up, slows payments
    down by 2 s for a third of the time, lifts that, and prints what it saw.
    """
    system = DemoSystem(port=port, postgres=postgres, resilience=not no_resilience)
    if serve:
        from loadtui.cli.serve import serve_alone

        return serve_alone(system, toxiproxy=flags["toxiproxy"])
    return _run(system, flags, resilience=not no_resilience)


def _run(system: DemoSystem, flags: dict[str, Any], *, resilience: bool) -> int:
    duration = flags["duration"]
    if duration is None and (flags["headless"] or not has_terminal()):
        flags["duration"] = duration = HEADLESS_SECONDS
    scenario = demo_scenario(target=system.target, api_key=API_KEY)
    scenario = msgspec.structs.replace(scenario, proxies=system.proxies)
    guarding = {name: flags.pop(name) for name in ("allow", "max_vus", "insecure")}
    scenario = with_flags(scenario, duration=duration, **guarding)
    if flags.pop("profiles"):
        raise BadInput("the demo brings its own load", hint="leave --profile out")
    scenario = tagged(scenario, flags.pop("tags"))
    script: tuple[Cue, ...] = ()
    if duration is not None:
        script = (*headless(duration), Cue(duration, "", (Zero(),)))
    extras = Extras(
        own_server=True,
        tour=tour(resilience=resilience),
        script=script,
        step=STEP,
        judged=False,
    )
    return launch(scenario, Flags(**flags), extras, system)
