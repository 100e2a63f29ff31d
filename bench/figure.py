"""A figure beside its goal, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, how it reads, whether it meets its goal; None: there is no goal."""

    what: str
    reads: str
    goal: str = ""
    met: bool | None = None


def below(what: str, value: float, limit: float, unit: str) -> Figure:
    """A figure whose goal is to stay below a limit."""
    return Figure(what, f"{value:,.1f} {unit}", f"< {limit:g} {unit}", value < limit)


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines, in columns."""
    verdicts = {None: "", True: "met", False: "NOT MET"}
    rows = [(f.what, f.reads, f.goal, verdicts[f.met]) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"  {what:<{widths[0]}}  {reads:>{widths[1]}}  {goal:<{widths[2]}}  {verdict}".rstrip()
        for what, reads, goal, verdict in rows
    )
