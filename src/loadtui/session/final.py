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
from loadtui.session.findings import Failure, findings
from loadtui.session.watching import Watching


def completed(
    shown: Snapshot, scenario: Scenario, store: Store, watching: Watching, stats: Sequence[str]
) -> Snapshot:
    """The snapshot with every metric, endpoint and rate since the start; `stats`: of trends.

    `shown.elapsed`: seconds under load. No chart looks back from it: it has no history.
    """
    elapsed = shown.elapsed
    kinds = {name: cast("MetricType", kind) for name, kind in scenario.metrics.items()}
    total = msgspec.structs.replace(shown.total, stats=store.total().stats(elapsed))
    return msgspec.structs.replace(
        shown,
        endpoint_totals=tuple((name, each.stats(elapsed)) for name, each in store.totals.items()),
        total=total,
        results=results(store, scenario.thresholds, kinds, stats, elapsed, tuple(watching.trails)),
        sections=store.since.sections.of(store.since.scenarios, stats, elapsed),
        unfed=unfed(store, tuple(kinds)),
        findings=tuple(
            findings(
                scenario,
                shown,
                tuple(store.points.values()),
                watching.trails,
                _failures(store, watching.origin),
            )
        ),
        history=History(),
    )


def _failures(store: Store, origin: float) -> tuple[Failure, ...]:
    """The first of each kind, in order of time."""
    known = store.since.first_failures.items()
    found = (Failure(max(0.0, second - origin), *kind) for kind, second in known)
    return tuple(sorted(found))
