"""What a session leaves in the scrollback: verdicts, totals, faults and a chart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from loadtui.model.history import Point
from loadtui.model.marker import Marker
from loadtui.model.plain import printable
from loadtui.model.result import Shape
from loadtui.model.snapshot import Snapshot, Stats
from loadtui.model.units import NOTHING, grouped, milliseconds, number, share, size
from loadtui.outputs.chart import Look, chart
from loadtui.outputs.faults import absent, absent_line, verdict_line
from loadtui.outputs.full import metrics, sections
from loadtui.outputs.limits import ACCURACY, verdict_lines
from loadtui.outputs.paint import Role, ascii_only, circled, paint
from loadtui.outputs.scale import clock
from loadtui.outputs.table import Line, joined, lines, maybe, table, title, wrapped
from loadtui.outputs.totals import health, rows

CHART_ROWS = 20
MOST_LINES = 40
"""Lines of the timeline; what came before is counted, and the journal has it all."""


def summary(
    snapshot: Snapshot,
    points: Sequence[Point],
    *,
    width: int,
    colour: bool,
    unicode: bool = True,
    shape: Shape = Shape(),  # noqa: B008 - a frozen value
) -> str:
    """The text that ends a run, at most `width` columns where words allow it.

    `points`: the whole run, one a second. `colour`: only where a terminal shows it. `unicode`
    False: ASCII only, for an output whose encoding knows nothing else.
    """
    look = Look(max(20, width), CHART_ROWS, colour=colour, unicode=unicode)
    blocks: tuple[Iterator[str], ...] = (
        _head(snapshot, look),
        _thresholds(snapshot, look),
        _findings(snapshot, look),
        _totals(snapshot, look, shape),
        *_full(snapshot, look, shape),
        _endpoints(snapshot, look),
        _watched(snapshot, look),
        _faults(snapshot, look),
        _timeline(snapshot, look),
        _chart(snapshot, points, look),
        _foot(snapshot, look),
    )
    text = "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block)))
    return text if unicode else ascii_only(text)


def _head(snapshot: Snapshot, look: Look) -> Iterator[str]:
    words = [printable(snapshot.name), printable(snapshot.target_url), clock(snapshot.at)]
    if snapshot.profile:
        words.append(f"profile {snapshot.profile}")
    yield f"  {paint(words[0], 'title', colour=look.colour)} · {' · '.join(words[1:])}"
    if snapshot.time_scale != 1.0:
        scale = number(snapshot.time_scale)
        text = f"▲ REHEARSAL: the plan went {scale} times as fast as it is written"
        yield f"  {paint(text, 'bad', colour=look.colour)}"


# -- thresholds --------------------------------------------------------------------------------


def _thresholds(snapshot: Snapshot, look: Look) -> Iterator[str]:
    if not snapshot.thresholds:
        return
    failed = sum(each.run_ok is False for each in snapshot.thresholds)
    words = f"{failed} of {len(snapshot.thresholds)} failed" if failed else "none failed"
    yield title(f"THRESHOLDS over the run: {words}", look)
    for text, role in verdict_lines(snapshot.thresholds):
        for index, part in enumerate(wrapped(text, look.width, first=4, rest=6)):
            yield f"{' ' * (6 if index else 4)}{paint(part, role, colour=look.colour)}"


def _findings(snapshot: Snapshot, look: Look) -> Iterator[str]:
    if not snapshot.findings:
        return
    yield title("FINDINGS of the profile", look)
    for each in snapshot.findings:
        role: Role | None = None if each.ok is None else "good" if each.ok else "bad"
        yield from (f"    {maybe(line, role, look)}" for line in _wrapped(each.text, look))


# -- totals ------------------------------------------------------------------------------------


def _totals(snapshot: Snapshot, look: Look, shape: Shape) -> Iterator[str]:
    total = snapshot.total
    if not total.requests and not total.iterations:
        yield "  No request was sent."
        return
    yield title("TOTALS", look)
    unfed = ", ".join(printable(name) for name in snapshot.unfed)
    never: tuple[Line, ...] = (("never fed", unfed, "bad"),) if unfed else ()
    yield from lines((*rows(snapshot, shape.stats), *never), look)


def _full(snapshot: Snapshot, look: Look, shape: Shape) -> Iterator[Iterator[str]]:
    if shape.mode == "full":
        yield metrics(snapshot.results, look, shape.stats)
        yield sections(snapshot.sections, look, shape.stats)


# -- endpoints and faults ----------------------------------------------------------------------

STAT_COLUMNS = ("requests", "per s", "p50", "p95", "p99", "failed")


def _endpoints(snapshot: Snapshot, look: Look) -> Iterator[str]:
    # Checks and messages of a WebSocket have a name as well, and are no requests.
    asked = [(name, stats) for name, stats in snapshot.endpoint_totals if stats.requests]
    if not asked:
        return
    cells = [(printable(name), *stat_cells(stats)) for name, stats in asked]
    yield title("ENDPOINTS", look)
    yield from table(("", *STAT_COLUMNS), cells, look)


def stat_cells(stats: Stats) -> tuple[str, ...]:
    """One window's numbers in the order of `STAT_COLUMNS`."""
    times = (milliseconds(each) for each in (stats.p50, stats.p95, stats.p99))
    rate = number(stats.rate) if stats.rate is not None else NOTHING
    return (grouped(stats.requests), rate, *times, share(stats.failed))


def _watched(snapshot: Snapshot, look: Look) -> Iterator[str]:
    """The watched processes: memory and open files as they were last, with the least and most."""
    if not snapshot.watched:
        return
    yield title("WATCHED beside the load", look)
    gauges = {each.name: each.values for each in snapshot.results}
    for each in snapshot.watched:
        name = f"{printable(each.name)} ({each.pid})"
        memory = _gauge(gauges, "watch_memory", each.name, size)
        files = _gauge(gauges, "watch_files", each.name, grouped)
        cpu = gauges.get(f"watch_cpu{{process:{each.name}}}", {}).get("max")
        words = f"memory {memory} · open files {files} · cpu up to {share(cpu)}"
        yield from lines(((name, words, None),), look)
        if each.gone is not None:
            text = f"▲ {printable(each.name)} is gone since {clock(each.gone)}"
            yield f"    {paint(text, 'bad', colour=look.colour)}"


def _gauge(
    gauges: Mapping[str, Mapping[str, float]], metric: str, name: str, shown: Callable[[float], str]
) -> str:
    values = gauges.get(f"{metric}{{process:{name}}}")
    if values is None:
        return NOTHING
    return f"{shown(values['value'])} ({shown(values['min'])}–{shown(values['max'])})"


def _faults(snapshot: Snapshot, look: Look) -> Iterator[str]:
    missing = [absent_line(*each) for each in absent(snapshot.chaos.timed)]
    if not snapshot.comparisons and not missing:
        return
    yield title("FAULTS before, during and after", look)
    details = {marker.number: marker for marker in snapshot.markers}
    for each in snapshot.comparisons:
        marker = details.get(each.marker)
        words = f"{circled(each.marker)} {printable(each.what)}"
        if marker is not None and marker.detail:
            words += f" · {printable(marker.detail)}"
        yield f"    {paint(words, 'fault', colour=look.colour)}"
        before = "before (marked)" if each.baseline_marked else "before"
        parts = ((before, each.before), ("during", each.during), ("after", each.after))
        rows = [(name, *stat_cells(stats), share(stats.checks)) for name, stats in parts]
        yield from table(("", *STAT_COLUMNS, "checks"), rows, look)
        yield from (f"    {line}" for line in _wrapped(verdict_line(each), look))
    for text in missing:
        yield from (f"    {maybe(line, 'bad', look)}" for line in _wrapped(f"– {text}", look))


def _wrapped(text: str, look: Look) -> list[str]:
    return textwrap.wrap(printable(text), look.width - 4, subsequent_indent="  ")


# -- timeline, chart, foot ---------------------------------------------------------------------


def _timeline(snapshot: Snapshot, look: Look) -> Iterator[str]:
    if not snapshot.markers:
        return
    yield title("TIMELINE", look)
    hidden = len(snapshot.markers) - MOST_LINES
    if hidden > 0:
        yield f"    … {hidden} earlier"
    for marker in snapshot.markers[-MOST_LINES:]:
        yield f"    {_marker(marker, look)}"


def _marker(marker: Marker, look: Look) -> str:
    roles: dict[str, Role] = {
        "fault": "fault",
        "bad": "bad",
        "good": "good",
        "panic": "bad",
        "loss": "bad",
    }
    said = (marker.what, marker.detail, marker.outcome, marker.tail)
    words = " · ".join(printable(each) for each in said if each)
    text = f"{clock(marker.at):>7}  {circled(marker.number)} {words}"
    lines = textwrap.wrap(text, look.width - 4, subsequent_indent=" " * 15) or [text]
    return "\n".join(maybe(line, roles.get(marker.kind), look) for line in lines)


def _chart(snapshot: Snapshot, points: Sequence[Point], look: Look) -> Iterator[str]:
    narrow = msgspec.structs.replace(look, width=look.width - 2)
    if text := chart(points, snapshot.markers, narrow, slo=snapshot.slo):
        yield from (f"  {line}" for line in text.splitlines())


def _foot(snapshot: Snapshot, look: Look) -> Iterator[str]:
    generator = snapshot.generator
    if generator.wanted:
        is_sound = generator.state in {"ok", "starting"} and not generator.losses
        role: Role = "quiet" if is_sound else "bad"
        for part in joined(health(generator), look.width - 2):
            yield f"  {paint(part, role, colour=look.colour)}"
        if generator.why:
            text = f"▲ {generator.why}: {generator.advice}"
            yield f"  {paint(text, role, colour=look.colour)}"
    for proxy, slot in snapshot.chaos.on:
        text = f"▲ {printable(slot.fault)} on {printable(proxy.name)} is still on"
        yield f"  {paint(text, 'bad', colour=look.colour)}"
    if snapshot.total.requests:
        yield f"  {paint(ACCURACY, 'quiet', colour=look.colour)}"
    if snapshot.journal:
        told = printable(snapshot.journal)
        is_path = not told.startswith(("journal ended", "no journal"))
        words = f"journal {told}" if is_path else told
        yield f"  {paint(words, 'quiet' if is_path else 'bad', colour=look.colour)}"
