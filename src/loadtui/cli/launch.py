"""From a scenario and flags to a session on a screen or without one, and to its exit code."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import click
import msgspec

from loadtui.cli import actions
from loadtui.cli.ended import judged
from loadtui.cli.flags import default_workers
from loadtui.cli.following import open_next
from loadtui.cli.guard import check_faults, check_toxiproxy
from loadtui.cli.headless import follow
from loadtui.cli.places import config_dir, journal_path, state_dir
from loadtui.cli.planned import Asked, plan
from loadtui.cli.results import Wanted, check
from loadtui.cli.tell import note, tell
from loadtui.errors import BadInput, ExitCode
from loadtui.model import command as c
from loadtui.model.executor import Stage
from loadtui.model.plan import most_at_once, plan_end
from loadtui.model.rehearsal import rehearsed
from loadtui.model.result import SummaryMode
from loadtui.model.scenario import Guard, Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.units import duration as words
from loadtui.outputs.target import STDOUT
from loadtui.scenario.folder import scenarios_in
from loadtui.session.options import Options, Outcome
from loadtui.session.session import Session
from loadtui.session.surroundings import Surroundings
from loadtui.tui.app import Left
from loadtui.tui.setup import Charset, Setup, charset_of, colours_of

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STUCK = 2.0
"""Seconds a screen may take to leave after its session has ended; then we leave without it."""


LOOKS_GIVEN = ("theme", "charset", "mouse", "presenter", "record")
"""The flags that say how a screen looks."""


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    """The running flags as given; None where not given. `file`: the scenario that they are for."""

    file: Path | None = None
    vus: int | None = None
    start: bool = False
    headless: bool = False
    duration: float | None = None
    iterations: int | None = None
    stages: tuple[Stage, ...] = ()
    time_scale: float = 1.0
    rps: int | None = None
    step: int | None = None
    workers: int | None = None
    seed: int = 0
    toxiproxy: str | None = None
    theme: str | None = None
    charset: Charset | Literal["auto"] = "auto"
    mouse: bool = True
    presenter: bool = False
    record: Path | None = None
    outs: tuple[str, ...] = ()
    summary_mode: SummaryMode = "compact"
    summary_trend_stats: tuple[str, ...] = ()
    summary_export: Path | None = None
    no_thresholds: bool = False
    fail_on_no_data: bool = False
    quiet: bool = False
    run_id: str = ""

    @property
    def wanted(self) -> Wanted:
        """What to leave behind."""
        return Wanted(**{name: getattr(self, name) for name in Wanted.__struct_fields__})


class Extras(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo adds. `script`: replaces the one made from flags in a headless run. `judged`:
    whether failed thresholds decide the exit code; a demo breaks them on purpose.
    """

    own_server: bool = False
    tour: tuple[c.Cue, ...] = ()
    script: tuple[c.Cue, ...] = ()
    step: int = 1
    judged: bool = True


def has_terminal() -> bool:
    """Whether a screen can be shown: Textual reads stdin and paints on stderr."""
    if "TEXTUAL_DRIVER" in os.environ:
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return all(s is not None and s.isatty() for s in (sys.__stdin__, sys.__stderr__))


def launch(
    scenario: Scenario,
    flags: Flags,
    extras: Extras = Extras(),  # noqa: B008 - a frozen value
    surroundings: Surroundings | None = None,
) -> int:
    """Run a session to its end; prints the summary; returns the exit code."""
    headless = flags.headless or not has_terminal()
    _check(flags, headless=headless)
    scenario = _bounded(scenario, flags, headless=headless)
    check_toxiproxy(flags.toxiproxy or scenario.toxiproxy)
    session = Session(_options(scenario, flags, extras, headless=headless), surroundings)
    _catch_signals(session, headless=headless)
    left = None
    if headless:
        session.start()
        outcome = follow(session, sys.stderr, quiet=flags.quiet)
    else:
        looks = {name: getattr(flags, name) for name in LOOKS_GIVEN}
        setup = screen_setup(**looks, secrets=scenario.secrets)
        outcome, left = _on_screen(session, setup)
    ending = judged(outcome, scenario, strict=flags.fail_on_no_data, headless=headless)
    again = "" if flags.quiet else _again(outcome.final)
    tell(outcome, ending, flags.wanted, session.secrets, again)
    if actions.is_on():
        aside = any(target.place == STDOUT for target in flags.wanted.targets)
        actions.leave(outcome.final, ending, flags.file, session.secrets, aside=aside)
    if left is not None and left.opens is not None and ending.code != ExitCode.NOT_LIFTED:
        open_next(left.opens, left.theme, flags)
    return ending.code


def _again(final: Snapshot) -> str:
    """How to see it again; "" where there is nothing to see, or no whole journal."""
    path = Path(final.journal)
    if not path.is_file() or not (final.total.requests or final.markers):
        return ""
    return f"loadtui: see it again:  loadtui replay {path.stem}"


def _check(flags: Flags, *, headless: bool) -> None:
    """Refuse a theme or a file that cannot be, rather than say so when the screen is up."""
    check(flags.wanted)
    if headless and flags.record is not None:
        note("loadtui: nothing is recorded: there is no screen")
    is_shown = not headless and sys.stdout.isatty()
    if is_shown and any(target.place == STDOUT for target in flags.wanted.targets):
        raise BadInput("samples on stdout would be written over the screen", hint="name a file")
    if flags.theme is not None:
        from loadtui.tui.theme_file import read_themes, theme_dir

        names = read_themes(theme_dir(), config_dir() / "themes").found
        if flags.theme not in names:
            known = ", ".join(names)
            raise BadInput(f"there is no theme {flags.theme!r}", hint=f"there are {known}")


def _bounded(scenario: Scenario, flags: Flags, *, headless: bool) -> Scenario:
    """The scenario with the plan that flags and file ask for; raises BadInput past a ceiling."""
    asked = Asked(flags.vus, flags.duration, flags.iterations, flags.stages)
    _check_vus(flags.vus or 0, scenario.guard)
    entries = plan(scenario.scenarios, asked, headless=headless)
    _check_vus(most_at_once(entries), scenario.guard)
    replaced = msgspec.structs.replace(scenario, scenarios=entries, rps=flags.rps or 0)
    scenario = rehearsed(replaced, flags.time_scale)
    longest, end = scenario.guard.max_duration, plan_end(scenario.scenarios)
    if end is not None and end > longest:
        raise BadInput(
            f"the plan lasts {words(end)}, past guard.max_duration {words(longest)}",
            hint="shorten it, or raise max_duration in the scenario's guard",
        )
    check_faults(scenario)
    if headless:  # nobody is there to press a key
        guard = msgspec.structs.replace(scenario.guard, dead_man=None)
        scenario = msgspec.structs.replace(scenario, guard=guard)
    return msgspec.structs.replace(scenario, thresholds=()) if flags.no_thresholds else scenario


def _check_vus(most: int, guard: Guard) -> None:
    if most > guard.max_vus:
        raise BadInput(
            f"{most} VUs are past max_vus {guard.max_vus}",
            hint="raise it with --max-vus or guard.max_vus in the scenario",
        )


def _options(scenario: Scenario, flags: Flags, extras: Extras, *, headless: bool) -> Options:
    begin = headless or flags.start or flags.vus is not None
    stamp = time.strftime("%Y%m%d-%H%M%S")
    script = extras.script if headless and extras.script else ()
    return Options(
        scenario=scenario,
        workers=flags.workers or default_workers(),
        state_dir=state_dir(),
        journal=journal_path(scenario.name, f"{stamp}-{os.getpid()}"),
        seed=flags.seed,
        step=flags.step or extras.step,
        toxiproxy=flags.toxiproxy or "",
        own_server=extras.own_server and not flags.toxiproxy,
        script=script or (START if begin and scenario.scenarios else ()),
        tour=extras.tour,
        unattended=headless,
        judged=extras.judged,
        strict=flags.fail_on_no_data,
        stats=flags.wanted.stats,
        targets=flags.wanted.targets,
    )


START = (c.Cue(0.0, "", (c.StartPlan(),)),)


def _catch_signals(session: Session, *, headless: bool) -> None:
    """First signal: end in good order; the second: leave at once, the watchdog lifts what is
    left. A screen is first taken down, until a third.
    """
    seen = []
    most = 1 if headless else 2

    def caught(number: int, _frame: FrameType | None) -> None:
        seen.append(number)
        if len(seen) > most:
            os._exit(ExitCode.INTERRUPTED)
        session.send(c.Quit(code=ExitCode.INTERRUPTED, hurry=len(seen) > 1))

    for number in SIGNALS:
        signal.signal(number, caught)


def screen_setup(*, charset: Charset | Literal["auto"], **looks: Any) -> Setup:
    """What a screen is started with; `looks`: the flags as `Setup` names them. Raises BadInput."""
    if (record := looks.get("record")) is not None:
        from loadtui.tui.asciicast import create

        create(record).close()
    return Setup(
        **looks,
        charset=charset if charset != "auto" else charset_of(os.environ),
        colours=colours_of(os.environ),
        home=config_dir(),
        scenarios=scenarios_in(Path(), Path("scenarios")),
    )


def _on_screen(session: Session, setup: Setup) -> tuple[Outcome, Left]:
    """The screen on this thread; also how it was left.

    A terminal that is no longer read must not keep us: see `leave.guard_exit`.
    """
    from loadtui.cli.leave import guard_exit
    from loadtui.tui.app import run as run_screen

    session.start()
    with guard_exit(session, STUCK):
        left = run_screen(session, setup)
    session.send(c.Quit(code=ExitCode.INTERRUPTED))
    outcome = session.wait(30.0)
    if outcome is None:
        click.echo(
            "loadtui: the session did not end in 30 s; the watchdog lifts what is on", err=True
        )
        os._exit(ExitCode.NOT_LIFTED)
    return outcome, left
