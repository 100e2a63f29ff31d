"""GitHub's annotations: `::error file=…,line=…::text`, on the line that they are about (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from loadtui.model.ending import Ending
from loadtui.model.plain import printable
from loadtui.model.snapshot import Snapshot
from loadtui.outputs.limits import measured

Level = Literal["error", "warning"]

MOST = 10
"""Of each level in one step: GitHub shows no more."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


class Where(NamedTuple):
    """A place in a file of the repository; `line` and `column` 0 where unknown."""

    file: str
    line: int = 0
    column: int = 0


NOWHERE = Where("")


def annotation(level: Level, text: str, where: Where = NOWHERE, title: str = "") -> str:
    """One line, escaped so that a text is never more than a text."""
    properties = {
        "file": where.file,
        "line": str(where.line or ""),
        "col": str(where.column or ""),
        "title": title,
    }
    words = ",".join(f"{k}={v.translate(_PROPERTY)}" for k, v in properties.items() if v)
    return f"::{level}{' ' if words else ''}{words}::{text.translate(_DATA)}"


def of_run(
    snapshot: Snapshot,
    ending: Ending,
    places: Mapping[tuple[str, str], Where],
    *,
    hide: Callable[[str], str] = str,
) -> Iterator[str]:
    """Errors: what ended the run, faults still on, thresholds that failed. Warnings: those without
    data. `places`: metric and rule of a threshold → where it stands.
    """
    found = [(level, text, place) for level, text, place in _found(snapshot, ending, places)]
    for level in ("error", "warning"):
        own = [(text, place) for each, text, place in found if each == level]
        shown = own if len(own) <= MOST else own[: MOST - 1]
        for text, place in shown:
            yield annotation(level, printable(hide(text)), place, printable(hide(snapshot.name)))
        if len(own) > len(shown):
            yield annotation(level, f"and {len(own) - len(shown)} more: see the job summary")


def _found(
    snapshot: Snapshot, ending: Ending, places: Mapping[tuple[str, str], Where]
) -> Iterator[tuple[Level, str, Where]]:
    for text in ending.unlifted:
        yield "error", f"NOT LIFTED: {text}", NOWHERE
    if not ending.is_whole:
        yield "error", ending.error or f"the run was {ending.verdict}", NOWHERE
    for each in snapshot.thresholds:
        place = places.get((each.metric, each.rule), NOWHERE)
        if each.run_ok is False or (each.no_data and ending.strict):
            yield "error", f"{each.metric} {each.rule} failed: {measured(each)}", place
        elif each.no_data:
            yield "warning", f"{each.metric} {each.rule} saw no data", place
