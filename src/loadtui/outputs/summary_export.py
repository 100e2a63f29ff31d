"""A run's summary in the shape of k6's `--summary-export`, for what reads that (pure).

As in k6, a threshold's boolean is true where it was *breached*, and `passes` of a rate counts what
was not 0: of http_req_failed, the requests that failed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from loadtui.model.metric import MetricType
from loadtui.model.result import TREND_STATS, MetricResult
from loadtui.model.snapshot import Snapshot


def document(snapshot: Snapshot, stats: Sequence[str] = ()) -> dict[str, Any]:
    """`metrics` and `root_group`; `stats`: those of trends, k6's own where none are named."""
    metrics = {each.name: _values(each, stats or TREND_STATS) for each in snapshot.results}
    for status in snapshot.thresholds:
        known = metrics.setdefault(status.metric, {})
        known.setdefault("thresholds", {})[status.rule] = status.run_ok is False
    checks = {name: _check(name, *counts) for name, counts in snapshot.total.checks.items()}
    root = {"name": "", "path": "", "id": _id(""), "groups": {}, "checks": checks}
    return {"metrics": metrics, "root_group": root}


def _values(result: MetricResult, stats: Sequence[str]) -> dict[str, Any]:
    values, kind = result.figures, _KINDS[result.kind]
    if result.kind == "trend":
        return {stat: values[stat] for stat in stats if stat in values}
    return {theirs: values[ours] for theirs, ours in kind.items()}


_KINDS: dict[MetricType, dict[str, str]] = {
    "counter": {"count": "count", "rate": "rate"},
    "gauge": {"value": "value", "min": "min", "max": "max"},
    "rate": {"passes": "passes", "fails": "fails", "value": "rate"},
    "trend": {},
}


def _check(name: str, passed: int, failed: int) -> dict[str, Any]:
    path = f"::{name}"
    return {"name": name, "path": path, "id": _id(path), "passes": passed, "fails": failed}


def _id(path: str) -> str:
    return hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()
