"""A run with every kind of verdict, for the tests of what is made from it."""

from __future__ import annotations

from loadtui.model.result import MetricResult
from loadtui.model.snapshot import Snapshot, Stats, Total
from loadtui.model.verdict import ThresholdStatus, WindowValue

FIRST, WORST = WindowValue(10, 20, 612.0), WindowValue(30, 40, 900.0)

FINAL = Snapshot(
    at=60.0,
    wall=1_000_060.0,
    phase="ended",
    name="orders \x1b[2J <&>",
    target_url="http://h/?key=hush",
    elapsed=58.5,
    total=Total(
        requests=40,
        statuses={200: 39, 503: 1},
        checks={"status is 200": (39, 1), "has id": (40, 0)},
    ),
    endpoint_totals=(("list", Stats(requests=40, rate=0.68, p50=20.0, p95=30.0, failed=0.025)),),
    results=(
        MetricResult("checks", "rate", "default", {"rate": 0.9875, "passes": 79.0, "fails": 1.0}),
        MetricResult(
            "http_req_duration",
            "trend",
            "time",
            {"count": 40.0, "avg": 21.0, "min": 1.0, "med": 20.0, "max": 900.0, "p(95)": 30.0},
        ),
        MetricResult("http_reqs", "counter", "default", {"count": 40.0, "rate": 0.68}),
        MetricResult("vus", "gauge", "default", {"value": 2, "min": 1, "max": 3}),
    ),
    thresholds=(
        ThresholdStatus(
            "p(95)<500", None, None, 30.0, True, "ms", metric="http_req_duration", rule="p(95)<500"
        ),
        ThresholdStatus(
            "p(95)<500 over 10s",
            run=900.0,
            run_ok=False,
            unit="ms",
            metric="http_req_duration",
            rule="p(95)<500 over 10s",
            windows=5,
            broken=2,
            first=FIRST,
            worst=WORST,
        ),
        ThresholdStatus(
            "checks{check:gone} rate>0.9",
            unit="%",
            no_data=True,
            metric="checks{check:gone}",
            rule="rate>0.9",
        ),
    ),
    unfed=("lost",),
)
