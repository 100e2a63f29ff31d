"""Under GitHub Actions: a job summary and annotations, by themselves."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from loadtui.model.ending import Ending
    from loadtui.model.snapshot import Snapshot
    from loadtui.outputs.annotations import Where

_PROBLEM = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<text>.*)", re.DOTALL)


def is_on() -> bool:
    """Whether this runs in a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def leave(
    final: Snapshot, ending: Ending, file: Path | None, secrets: Sequence[str], *, aside: bool
) -> None:
    """Append to the job's summary and print annotations. `file`: the scenario; `aside`: stdout
    carries something else.
    """
    from loadtui.outputs import annotations, job_summary
    from loadtui.session.journal import redacted

    hidden = tuple(sorted({s for s in secrets if s}, key=len, reverse=True))

    def hide(text: str) -> str:
        return str(redacted(text, hidden))

    places = _places(file) if file is not None else {}
    _say(annotations.of_run(final, ending, places, hide=hide), aside=aside)
    _append(job_summary.document(final, ending, hide=hide))


def tell_problems(problems: Iterable[str]) -> None:
    """Annotate what keeps anything from being run, each `file:line:column: text` at its place."""
    from loadtui.outputs.annotations import annotation

    lines = []
    for problem in problems:
        found = _PROBLEM.fullmatch(problem)
        if found is None:
            lines.append(annotation("error", problem))
        else:
            where = _where(Path(found["file"]), int(found["line"]), int(found["column"]))
            lines.append(annotation("error", found["text"], where))
    _say(lines, aside=False)


def _places(file: Path) -> dict[tuple[str, str], Where]:
    from loadtui.scenario.journey import is_journey
    from loadtui.scenario.limit_places import limit_places

    if is_journey(str(file)):
        return {}
    return {
        rule: _where(Path(place.file), place.line, place.column)
        for rule, place in limit_places(file).items()
    }


def _where(file: Path, line: int, column: int) -> Where:
    """That place as seen from the root of the repository, where the file lies within it."""
    from loadtui.outputs.annotations import Where

    whole = Path(os.path.normpath(Path.cwd() / file))
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    shown = whole.relative_to(root) if whole.is_relative_to(root) else file
    return Where(shown.as_posix(), line, column)


def _append(text: str) -> None:
    from loadtui.cli.tell import note
    from loadtui.outputs.job_summary import LARGEST, fitted

    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        with Path(place).open("ab") as summary:
            summary.write(fitted(text, LARGEST - summary.tell()))
    except OSError as error:
        note(f"loadtui: the job summary was not written: {error.strerror}")


def _say(lines: Iterable[str], *, aside: bool) -> None:
    """The runner reads both streams."""
    for line in lines:
        try:
            click.echo(line, err=aside)
            sys.stdout.flush()
        except OSError:
            return
