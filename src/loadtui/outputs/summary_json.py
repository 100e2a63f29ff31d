"""A run's summary as JSON, for programs (pure).

`version` 1: fields may be added; a field that changes its meaning changes the version. Times are
milliseconds, shares 0..1, moments seconds since the session began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from loadtui.model.ending import Ending
from loadtui.model.result import MetricResult
from loadtui.model.snapshot import Snapshot, Total
from loadtui.model.timed import Timed
from loadtui.model.verdict import ThresholdStatus, WindowValue

VERSION = 1
ACCURACY = 0.004
"""How far a percentile may be off, as a share of it: it is read from a histogram."""


def document(snapshot: Snapshot, ending: Ending, *, loadtui: str) -> dict[str, Any]:
    """Everything that the summary says. `loadtui`: the program's version."""
    total = snapshot.total
    return {
        **_run(snapshot, ending, loadtui),
        "percentile_accuracy": ACCURACY,
        "thresholds": _thresholds(snapshot.thresholds),
        "checks": _checks(total.checks),
        "metrics": _metrics(snapshot.results),
        "sections": [
            {
                "kind": each.kind,
                "name": each.name,
                "checks": _checks(each.checks),
                "metrics": _metrics(each.results),
            }
            for each in snapshot.sections
        ],
        "never_fed": snapshot.unfed,
        "findings": msgspec.to_builtins(snapshot.findings),
        "endpoints": [
            {"name": name, **msgspec.to_builtins(stats)} for name, stats in snapshot.endpoint_totals
        ],
        **_counts(total),
        "watched": msgspec.to_builtins(snapshot.watched),
        "faults": msgspec.to_builtins(snapshot.comparisons),
        "timed_faults": [_timed(each) for each in snapshot.chaos.timed],
        "not_lifted": ending.unlifted,
        "timeline": msgspec.to_builtins(snapshot.markers),
        "generator": msgspec.to_builtins(snapshot.generator),
        "journal": snapshot.journal,
    }


def _run(snapshot: Snapshot, ending: Ending, loadtui: str) -> dict[str, Any]:
    """What was run, how, and how it ended."""
    return {
        "version": VERSION,
        "loadtui": loadtui,
        "name": snapshot.name,
        "target": snapshot.target_url,
        "profile": snapshot.profile,
        "rehearsal": snapshot.time_scale != 1.0,
        "time_scale": snapshot.time_scale,
        "rps_limit": snapshot.rps or None,
        "began": snapshot.wall - snapshot.at,
        "seconds": snapshot.at,
        "load_seconds": snapshot.elapsed,
        "exit_code": ending.code,
        "verdict": ending.verdict,
        "error": ending.error,
    }


def _checks(counts: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "passes": passed, "fails": failed}
        for name, (passed, failed) in counts.items()
    ]


def _metrics(results: Sequence[MetricResult]) -> dict[str, Any]:
    return {
        each.name: {"type": each.kind, "contains": each.contains, "values": each.figures}
        for each in results
    }


def _counts(total: Total) -> dict[str, Any]:
    """How requests ended that count under no metric."""
    statuses = {str(status): count for status, count in total.statuses.items()}
    return {"statuses": statuses, "errors": total.errors, "cut": total.cut}


def _timed(timed: Timed) -> dict[str, Any]:
    """A fault of the plan: when it was to come, and what came of it; `marker`: as in `faults`."""
    return {
        "name": timed.name,
        "proxy": timed.proxy,
        "fault": "down" if timed.toxic is None else timed.toxic.type,
        "at": timed.at,
        "for": timed.lasts,
        "state": timed.state,
        "why": timed.why,
        "marker": timed.marker,
    }


def encoded(document: dict[str, Any]) -> bytes:
    """The document as text, to be read by people too."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _thresholds(statuses: Sequence[ThresholdStatus]) -> list[dict[str, Any]]:
    return [_threshold(each) for each in statuses]


def _threshold(status: ThresholdStatus) -> dict[str, Any]:
    out: dict[str, Any] = {
        "metric": status.metric,
        "threshold": status.rule,
        "ok": status.run_ok is not False,
        "no_data": status.no_data,
        "value": status.run,
        "unit": status.unit,
    }
    if status.windows or " over " in status.rule:
        out["windows"] = {
            "judged": status.windows,
            "failed": status.broken,
            "first": _window(status.first),
            "worst": _window(status.worst),
        }
    return out


def _window(window: WindowValue | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {name: value for name, value in msgspec.structs.asdict(window).items() if value != ""}
