"""Thresholds against what the session keeps of measurements."""

from __future__ import annotations

import pytest

from loadtui.measure.histogram import Histogram
from loadtui.measure.store import PHASES, Store
from loadtui.model.row import Batch, Distribution, Row
from loadtui.model.scenario import Scenario
from loadtui.model.threshold import Threshold
from loadtui.session.verdicts import Verdicts, phase_seconds


def waited(ms: int) -> tuple[Distribution, ...]:
    histogram = Histogram()
    histogram.record(ms * 1000)
    nothing = Distribution()
    return nothing, nothing, nothing, nothing, histogram.to_distribution(), nothing


@pytest.mark.parametrize("window", [None, 3.0 * PHASES])
def test_a_threshold_on_a_phase_sees_its_whole_window(window: float | None) -> None:
    first = Threshold(
        source="max<900",
        metric="http_req_waiting",
        aggregate="max",
        operator="<",
        limit=900.0,
        window=window,
    )
    scenario = Scenario(name="x", target="http://127.0.0.1", requests=(), thresholds=(first,))
    store, end = Store(phase_seconds(scenario)), 400
    slow = end - int(window or 10)
    for second in range(end):
        phases = waited(950 if second == slow else 20)
        rows = (Row(second, "a", 1, duration=phases[4], phases=phases),)
        store.ingest(Batch(0, 0, second + 1.0, 1, 0, rows))
    (status,) = Verdicts(scenario).judge(store, end - 1, elapsed=end)
    assert status.now == pytest.approx(950, rel=0.005)
    assert status.now_ok is False
