"""The last snapshot: the whole run's numbers, which nobody needs while it lasts (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec

from loadtui.measure.results import results, unfed
from loadtui.measure.store import Store
from loadtui.model.history import History
from loadtui.model.metric import MetricType
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot


def completed(
    shown: Snapshot, scenario: Scenario, store: Store, elapsed: float, stats: Sequence[str]
) -> Snapshot:
    """The snapshot with every metric, endpoint and rate since the start; `stats`: of trends.

    No chart looks back from it: it has no history.
    """
    kinds = {name: cast("MetricType", kind) for name, kind in scenario.metrics.items()}
    total = msgspec.structs.replace(shown.total, stats=store.total().stats(elapsed))
    return msgspec.structs.replace(
        shown,
        endpoint_totals=tuple((name, each.stats(elapsed)) for name, each in store.totals.items()),
        total=total,
        results=results(store, scenario.thresholds, kinds, stats, elapsed),
        unfed=unfed(store, tuple(kinds)),
        elapsed=elapsed,
        history=History(),
    )
