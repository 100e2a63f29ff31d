"""What a run says at its end: the summary on stdout, the verdict and all trouble on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

import click

from loadtui.cli.results import Wanted, leave
from loadtui.cli.standard import silence
from loadtui.errors import ExitCode
from loadtui.model.ending import Ending
from loadtui.model.ledger import Lift
from loadtui.model.plain import printable
from loadtui.model.units import grouped
from loadtui.outputs.sink_frame import Written
from loadtui.session.options import Outcome

_CODES = {
    ExitCode.THRESHOLD: "",
    ExitCode.INTERRUPTED: "interrupted; ",
    ExitCode.ABORTED: "aborted by the journey; ",
}


def tell(
    outcome: Outcome, ending: Ending, wanted: Wanted, secrets: tuple[str, ...], again: str = ""
) -> None:
    """Everything, in an order in which the verdict is lost last: a stdout that takes nothing, or a
    disk that is full, is said on stderr and changes no exit code. `again`: how to see it again.
    """
    final = outcome.final
    if wanted.summary_mode != "disabled" and (final.total.requests or final.markers):
        _summary(outcome, wanted)
    else:  # whoever wants no summary still wants to know what the profile was run for
        for found in final.findings:
            note(printable(found.text))
    if again:
        note(again)
    _unlifted(outcome.unlifted)
    if outcome.error:
        note(f"loadtui: {outcome.error}")
    for line in (*outcome.remarks, *map(_written, outcome.written)):
        note(f"loadtui: {line}")
    for problem in leave(wanted, final, ending, secrets):
        note(f"loadtui: {problem}")
    _verdict(outcome, ending)


def _unlifted(lifts: Sequence[Lift]) -> None:
    """What is still on, or was left alone, and how to undo it."""
    for lift in lifts:
        word = "NOT LIFTED" if lift.result == "failed" else "left as it is"
        note(f"loadtui: {word}: {lift.text}")
        for line in lift.by_hand:
            note(f"    {line}")


def note(text: str) -> None:
    """A line on stderr, where that takes one; what a server or a file said in it is only shown."""
    try:
        click.echo(printable(text), err=True)
    except OSError:
        return


def _summary(outcome: Outcome, wanted: Wanted) -> None:
    from loadtui.outputs.summary import summary

    text = summary(
        outcome.final,
        outcome.points,
        width=min(shutil.get_terminal_size((100, 30)).columns, 120),
        colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        unicode=(sys.stdout.encoding or "").lower().startswith("utf"),
        shape=wanted.shape,
    )
    try:
        click.echo(text)
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # whoever read has read enough
            note(f"loadtui: the summary could not be printed: {error.strerror}")
        silence(sys.stdout)


def _verdict(outcome: Outcome, ending: Ending) -> None:
    """What the exit code says, where it says more than that all is well; what was never tested."""
    statuses = outcome.final.thresholds
    total = outcome.final.total
    never_began = outcome.error and not total.requests and not total.iterations
    empty = [printable(each.source) for each in statuses if each.no_data]
    if empty and not never_began:
        advice = "that fails the run" if ending.strict else "--fail-on-no-data fails such a run"
        note(f"loadtui: no data for {_some(empty)}; {advice}")
    failed = [printable(each.source) for each in statuses if each.run_ok is False]
    before = _CODES.get(ExitCode(ending.code)) if ending.code in _CODES else None
    if before is None:
        return
    if failed:
        note(f"loadtui: {before}{_count(len(failed), len(statuses))} failed: {', '.join(failed)}")
    elif statuses and before:
        note(f"loadtui: {before}{_count(len(statuses), len(statuses))} held until then")


def _written(output: Written) -> str:
    """How an output of samples ended."""
    if output.samples is None:
        return f"{output.label}: nobody knows what was written ({output.why})"
    words = f"{output.label}: {grouped(output.samples)} samples written"
    if output.thinned:
        words += f"; {grouped(output.thinned)} of trends had no room, counts are whole"
    if output.lost:
        words += f"; about {grouped(output.lost)} NOT written"
    return f"{words} ({output.why})" if output.why else words


def _count(some: int, whole: int) -> str:
    return f"{some} of {whole} thresholds" if whole != 1 else "the one threshold"


def _some(names: list[str]) -> str:
    return f"{len(names)} thresholds ({', '.join(names)})" if len(names) > 1 else names[0]
