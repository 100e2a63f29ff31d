"""`bench/RESULTS.md`: one run, as tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bench.figure import Figure
from bench.findings import OURS, PAIR, Findings
from bench.reading import Crowd, Rate, Truth

RESULTS = Path("bench/RESULTS.md")

_HEAD = """# What the engine reaches, and what others reach beside it

Written by `make bench` (`python -m bench engine`); a run on your machine replaces it. Absolute
figures depend on the machine and on its other guests: read the ratios, which are of the same run.

- {day}, {machine}
- {versions}
- every tool pinned alone to one core, the server to another; medians of {rounds} rounds in turns;
  servers and tools were started with more priority than the rest of the machine where that is
  allowed; load average just before {load:.1f}
- server for rates and crowds: {server}
- CPU: user and system time of the tool's process. loadtui's is its worker, the process that does
  what a peer's does; the process that adds its rows up has a column of its own
"""

_GET = "Plain GET, 64 connections, as fast as it goes"
_POST = """POST + 2 checks, 64 connections, as fast as it goes

The orders script's first request: three headers, one of them fresh for each request, a JSON body,
`status is 201` and `has order id` on parsed JSON. Tools without checks do not take part."""
_CROWD = """VUs with 1 s of think time

Plain GET. Memory of one VU: resident memory of the tool's process with all VUs, less that with one,
shared out. Started: from exec until all connections are open at once; “never”: not within 20 s."""
_TRUTH = """Errors of the latency that a tool reports

Against a server that answers after exactly 20 ms; p50 / p99 as the tool says, less 20 ms. Server
and tool run with real-time priority where that is allowed: on a machine with other guests their
bursts would be what is measured. Locust rounds to whole milliseconds. The server itself: how late
it answered by its own clock while loadtui was measured."""


def write(found: Findings, head: dict[str, object]) -> None:
    """Write the file."""
    names = {"day": date.today().isoformat(), "machine": machine()}  # noqa: DTZ011
    text = "\n".join(
        (
            _HEAD.format(**names, **head),
            _section("Goals", _goals(found.goals())),
            _section(_GET, _rates(found, "get")),
            _section(_POST, _rates(found, "post")),
            _section(_CROWD, _crowds(found)),
            _section(_TRUTH, _truths(found)),
            _section("loadtui alone", _goals(found.alone)),
            _section("What is missing", "\n".join(f"- {note}" for note in found.notes)),
        )
    )
    RESULTS.write_text(text.rstrip() + "\n")


def machine() -> str:
    """Its kind, without its name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    cpu = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "CPU")
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = ".".join(platform.release().split(".")[:2])
    return f"{cpu}, {cores} cores, {memory:.0f} GiB, {platform.system()} {kernel}"


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}\n" if text else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _goals(figures: Sequence[Figure]) -> str:
    verdicts = {None: "", True: "met", False: "**missed**"}
    rows = [(f.what, f.reads.strip(), f.goal, verdicts[f.met]) for f in figures]
    head = ("", "measured", "goal", "") if any(row[2] for row in rows) else ("", "measured")
    return _table(head, [row[: len(head)] for row in rows]) if rows else ""


def _rates(found: Findings, kind: str) -> str:
    mine = found.rate(kind, OURS)
    if mine is None:
        return ""
    rows = [
        (name, *_rate(rate, mine, is_ours=name in {OURS, PAIR}))
        for name in found.rates[kind]
        if (rate := found.rate(kind, name)) is not None
    ]
    head = ("", "requests/s", "of loadtui's", "µs CPU/request", "of loadtui's", "µs beside it")
    return _table(head, rows)


def _rate(rate: Rate, mine: Rate, *, is_ours: bool) -> tuple[str, ...]:
    return (
        f"{rate.rate:,.0f}",
        f"{rate.rate / mine.rate:.2f} ×",
        f"{rate.cpu_us:.1f}",
        f"{rate.cpu_us / mine.cpu_us:.2f} ×",
        f"{rate.beside:.1f}" if is_ours else "",
    )


def _crowds(found: Findings) -> str:
    rows = []
    for vus in sorted(found.crowds):
        for name in found.crowds[vus] if vus > 1 else ():
            mine, crowd = found.crowd(vus, OURS), found.crowd(vus, name)
            if mine is not None and crowd is not None:
                each = (found.kib_each(vus, name), found.kib_each(vus, OURS))
                rows.append((f"{vus:,} VUs, {name}", *_crowd(crowd, mine, each)))
    if not rows:
        return ""
    head = ("", "MiB", "KiB per VU", "of loadtui's", "started, s", "of loadtui's", "µs CPU/request")
    return _table(head, rows)


def _crowd(crowd: Crowd, mine: Crowd, each: tuple[float | None, float | None]) -> tuple[str, ...]:
    its, ours = each
    started = "never" if crowd.started is None else f"{crowd.started:.1f}"
    both = crowd.started is not None and mine.started is not None
    return (
        f"{crowd.kib / 1024:,.0f}",
        "" if its is None else f"{its:,.1f}",
        f"{its / ours:,.1f} ×" if its is not None and ours else "",
        started,
        f"{(crowd.started or 0) / (mine.started or 1):.1f} ×" if both else "",
        f"{crowd.cpu_us:.0f}",
    )


def _truths(found: Findings) -> str:
    if not found.truths:
        return ""
    names = list(dict.fromkeys(name for rounds in found.truths.values() for name in rounds))
    columns = list(found.truths)
    rows = [[name, *(_truth(found.truth(vus, name)) for vus in columns)] for name in names]
    late = [found.truth(vus, OURS) for vus in columns]
    rows.append(["the server itself", *(_late(each) for each in late)])
    rows.append(["loadtui's requests/s", *("" if t is None else f"{t.rate:,.0f}" for t in late)])
    return _table(("ms", *(f"{vus} VUs" for vus in columns)), rows)


def _truth(truth: Truth | None) -> str:
    return "" if truth is None else f"{truth.middle:+.2f} / {truth.high:+.2f}"


def _late(truth: Truth | None) -> str:
    return "" if truth is None else f"{truth.late[0]:+.2f} / {truth.late[1]:+.2f}"
