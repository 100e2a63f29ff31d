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

_BETWEEN = "::"
"""What separates the names in a path of groups."""


def document(snapshot: Snapshot, stats: Sequence[str] = ()) -> dict[str, Any]:
    """`metrics` and `root_group`; `stats`: those of trends, k6's own where none are named."""
    metrics = {each.name: _values(each, stats or TREND_STATS) for each in snapshot.results}
    for status in snapshot.thresholds:
        known = metrics.setdefault(status.metric, {})
        known.setdefault("thresholds", {})[status.rule] = status.run_ok is False
    return {"metrics": metrics, "root_group": _root(snapshot)}


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


def _root(snapshot: Snapshot) -> dict[str, Any]:
    """The tree of groups, each with its checks; those of no group are the root's."""
    root, left = _group(""), dict(snapshot.total.checks)
    for section in snapshot.sections:
        if section.kind != "group" or not section.name.startswith(_BETWEEN):
            continue
        own = _below(root, section.name)
        for name, (passed, failed) in section.checks.items():
            own["checks"][name] = _check(section.name, name, passed, failed)
            all_passed, all_failed = left.get(name, (0, 0))
            left[name] = (all_passed - passed, all_failed - failed)
    for name, counts in left.items():
        if counts != (0, 0):
            root["checks"][name] = _check("", name, *counts)
    return root


def _below(root: dict[str, Any], path: str) -> dict[str, Any]:
    """The group `::outer::inner`, made with all above it where it is not there yet."""
    found, so_far = root, ""
    for name in path.split(_BETWEEN)[1:]:
        so_far += _BETWEEN + name
        found = found["groups"].setdefault(name, _group(so_far))
    return found


def _group(path: str) -> dict[str, Any]:
    name = path.rpartition(_BETWEEN)[2]
    return {"name": name, "path": path, "id": _id(path), "groups": {}, "checks": {}}


def _check(group: str, name: str, passed: int, failed: int) -> dict[str, Any]:
    path = f"{group}{_BETWEEN}{name}"
    return {"name": name, "path": path, "id": _id(path), "passes": passed, "fails": failed}


def _id(path: str) -> str:
    return hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()
