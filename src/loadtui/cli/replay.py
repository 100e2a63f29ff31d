"""`loadtui replay FILE`: a session again, on the same screen, or its summary."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

import click

from loadtui.cli.flags import LOOKS, Parsed, flag, with_options
from loadtui.cli.launch import has_terminal, screen_setup
from loadtui.cli.results import Wanted
from loadtui.cli.sessions import session
from loadtui.cli.tell import note, tell
from loadtui.errors import BadInput
from loadtui.model.command import Quit
from loadtui.model.ending import Ending
from loadtui.model.plain import printable
from loadtui.model.result import OUR_STATS, SummaryMode
from loadtui.model.units import parse_moment
from loadtui.session.recording import Recording, opened
from loadtui.session.replay import Replay
from loadtui.tui.setup import Setup


def moment(text: str) -> float:
    """`02:10` as session seconds; raises BadInput."""
    try:
        return parse_moment(text)
    except BadInput:
        raise BadInput(f"{text!r} is not a time such as 02:10, 1:02:10 or 130s") from None


MOMENT = Parsed("time", float, moment)


@click.command()
@click.argument("file", metavar="FILE|ID|last")
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    metavar="N",
    help="How many times as fast.",
)
@click.option("--at", type=MOMENT, default=0.0, metavar="TIME", help="Start there: 02:10.")
@flag("--headless", is_flag=True, help="No screen: print the summary.")
@click.option(
    "--summary-mode",
    type=click.Choice(("compact", "full")),
    default="compact",
    help="How much the summary says; full: every metric.",
)
@with_options(LOOKS)
def replay(
    *,
    file: str,
    speed: float,
    at: float,
    headless: bool,
    summary_mode: SummaryMode,
    **looks: Any,
) -> int:
    """Play a session's journal on the screen; nothing is loaded or broken.

    FILE is a journal; an ID is what `loadtui sessions` shows, its beginning, or the name that it
    was given.
    """
    with opened(session(file)) as recording:
        for sentence in recording.damage.sentences:
            note(f"loadtui: {printable(sentence)}")
        if headless or not has_terminal():
            _summary(recording, summary_mode)
        else:
            _on_screen(Replay(recording, at=at, speed=speed), screen_setup(**looks))
    return 0


def _summary(recording: Recording, mode: SummaryMode) -> None:
    """What the session said at its end."""
    outcome = recording.outcome(OUR_STATS)
    unlifted = tuple(lift.text for lift in outcome.unlifted if lift.result == "failed")
    ending = Ending(outcome.code, outcome.error, unlifted=unlifted)
    tell(outcome, ending, Wanted(summary_mode=mode), ())


def _on_screen(playing: Replay, setup: Setup) -> None:
    from loadtui.tui.app import run_replay

    def leave(_number: int, _frame: FrameType | None) -> None:
        playing.send(Quit())

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    playing.start()
    run_replay(playing, setup)
    playing.send(Quit())
    playing.join()
