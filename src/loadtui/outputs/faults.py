"""What each fault did, in a line; and which faults of the plan never came (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loadtui.model.snapshot import Comparison, Snapshot
from loadtui.model.timed import Timed
from loadtui.model.units import NBSP, NOTHING, duration, grouped, number, share

_STATES = {
    "on": "was still on when the session ended",
    "measuring": "recovery was still being measured when the session ended",
    "not recovered": "not back inside the baseline band",
    "cut short": "cut short before recovery could be measured",
    "no baseline": "no load ran before it, so there is nothing to compare with",
}


def verdict_line(comparison: Comparison) -> str:
    """Before, during and after in a line: p95, share of failures, recovery."""
    parts = (comparison.before, comparison.during, comparison.after)
    times = " → ".join(NOTHING if each.p95 is None else grouped(each.p95) for each in parts)
    failed = " → ".join(share(each.failed).removesuffix(f"{NBSP}%") for each in parts)
    return f"p95 {times}{NBSP}ms · failed {failed}{NBSP}% · {recovery_words(comparison)}"


def recovery_words(comparison: Comparison) -> str:
    """How long the system took to recover from a fault, or why that is not known."""
    if comparison.recovery is not None:
        return f"back inside the baseline band after {number(comparison.recovery)} s"
    return _STATES.get(comparison.state, comparison.state)


def named(snapshot: Snapshot) -> Iterator[tuple[str, Comparison]]:
    """Every fault that was on, by the name that the scenario has for it where it has one."""
    names: Mapping[int | None, str] = {each.marker: each.name for each in snapshot.chaos.timed}
    for each in snapshot.comparisons:
        yield names.get(each.marker, each.what), each


def absent(timed: Sequence[Timed]) -> Iterator[tuple[Timed, str]]:
    """The faults of the plan that did not come, each with the reason."""
    for each in timed:
        match each.state:
            case "waiting":
                yield each, f"the run ended before {duration(each.at)} of the plan"
            case "skipped" | "failed":
                yield each, each.why
            case _:
                continue


def absent_line(timed: Timed, why: str) -> str:
    """A fault that did not come, in a line."""
    word = "skipped" if timed.state == "skipped" else "not injected"
    return f"{timed.name} on {timed.proxy}, planned at {duration(timed.at)}: {word}; {why}"
