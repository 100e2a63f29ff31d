"""A run's verdict as GitHub-flavoured Markdown, for the page of a job (pure)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence

from loadtui.model.ending import Ending
from loadtui.model.plain import printable
from loadtui.model.snapshot import Comparison, Snapshot
from loadtui.model.units import grouped, share
from loadtui.outputs.faults import absent, absent_line, verdict_line
from loadtui.outputs.limits import ACCURACY, measured
from loadtui.outputs.paint import circled
from loadtui.outputs.scale import clock
from loadtui.outputs.summary import STAT_COLUMNS, stat_cells
from loadtui.outputs.totals import sign

LARGEST = 1024 * 1024
"""Bytes that GitHub takes of one step; it shows nothing of a summary that is larger."""

_SYNTAX = re.compile(r"([\\`*_{}\[\]()#+!|~@$:])")
_CUT = "\n\n… the rest had no room; `--out summary=FILE` has all of it.\n"

Hide = Callable[[str], str]


def document(snapshot: Snapshot, ending: Ending, *, hide: Hide = str) -> str:
    """The page's text: verdict, thresholds, checks, findings, faults, endpoints, generator. `hide`
    takes secrets out of a text.
    """

    def plain(text: str) -> str:
        """Text as it is, whatever Markdown and HTML would make of it."""
        return _SYNTAX.sub(r"\\\1", html.escape(printable(hide(text)), quote=False))

    blocks = (
        _head(snapshot, ending, plain),
        _thresholds(snapshot, plain),
        _checks(snapshot, plain),
        _findings(snapshot, plain),
        _faults(snapshot, ending, plain),
        _endpoints(snapshot, plain),
        _foot(snapshot, plain),
    )
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block))) + "\n\n"


def fitted(text: str, room: int) -> bytes:
    """The text, or as many of its lines as `room` bytes hold and a word about the rest."""
    whole = text.encode()
    if len(whole) <= room:
        return whole
    end = whole.rfind(b"\n", 0, max(0, room - len(_CUT.encode())))
    return whole[:end] + _CUT.encode() if end > 0 else b""


def _head(snapshot: Snapshot, ending: Ending, plain: Hide) -> Iterator[str]:
    mark, _ = sign(ending.code == 0)
    yield f"## {mark} {plain(snapshot.name)}: {ending.verdict}"
    yield ""
    total = snapshot.total
    words = [plain(snapshot.target_url), f"{clock(snapshot.elapsed)} of load"]
    words += [f"{grouped(total.requests)} requests", f"{share(total.stats.failed)} failed"]
    words += [f"profile {snapshot.profile}"] if snapshot.profile else []
    yield " · ".join((*words, f"exit code {ending.code}"))
    if snapshot.time_scale != 1.0:
        yield ""
        scale = f"{snapshot.time_scale:g}"
        yield f"▲ A rehearsal: the plan went {scale} times as fast as it is written."
    if ending.error:
        yield ""
        yield f"**{plain(ending.error)}**"


def _thresholds(snapshot: Snapshot, plain: Hide) -> Iterator[str]:
    rows = []
    for each in snapshot.thresholds:
        mark, _ = sign(None if each.no_data and each.run_ok else each.run_ok)
        rows.append((mark, plain(each.source), plain(measured(each))))
    yield from _table("Thresholds", ("", "threshold", "over the run"), rows)


def _checks(snapshot: Snapshot, plain: Hide) -> Iterator[str]:
    rows = [
        (sign(not failed)[0], plain(name), grouped(passed), grouped(failed))
        for name, (passed, failed) in snapshot.total.checks.items()
    ]
    yield from _table("Checks", ("", "check", "passed", "failed"), rows)


def _findings(snapshot: Snapshot, plain: Hide) -> Iterator[str]:
    if snapshot.findings:
        yield "### Findings"
        yield ""
    for each in snapshot.findings:
        yield f"- {'' if each.ok is None else sign(each.ok)[0] + ' '}{plain(each.text)}"


def _faults(snapshot: Snapshot, ending: Ending, plain: Hide) -> Iterator[str]:
    rows = [row for each in snapshot.comparisons for row in _windows(each, plain)]
    yield from _table("Faults", ("fault", "", *STAT_COLUMNS, "checks"), rows)
    if rows:
        yield ""
    for each in snapshot.comparisons:
        yield f"- {circled(each.marker)} {plain(verdict_line(each))}"
    for timed, why in absent(snapshot.chaos.timed):
        yield f"- {plain(absent_line(timed, why))}"
    for text in ending.unlifted:
        yield f"- **NOT LIFTED: {plain(text)}**"


def _windows(comparison: Comparison, plain: Hide) -> Iterator[Sequence[str]]:
    name = f"{circled(comparison.marker)} {plain(comparison.what)}"
    before = "before (marked)" if comparison.baseline_marked else "before"
    for part, stats in (
        (before, comparison.before),
        ("during", comparison.during),
        ("after", comparison.after),
    ):
        yield (name, part, *stat_cells(stats), share(stats.checks))
        name = ""


def _endpoints(snapshot: Snapshot, plain: Hide) -> Iterator[str]:
    rows = [
        (plain(name), *stat_cells(stats))
        for name, stats in snapshot.endpoint_totals
        if stats.requests
    ]
    yield from _table("Endpoints", ("endpoint", *STAT_COLUMNS), rows)


def _foot(snapshot: Snapshot, plain: Hide) -> Iterator[str]:
    if snapshot.generator.why:
        yield f"▲ {plain(snapshot.generator.why)}: {plain(snapshot.generator.advice)}"
        yield ""
    if snapshot.total.requests:
        yield f"<sub>{ACCURACY}</sub>"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A heading and a table, its first two columns to the left; nothing without rows."""
    if not rows:
        return
    yield f"### {title}"
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' if i < 2 else '--:' for i in range(len(head)))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
