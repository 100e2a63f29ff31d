"""A session's desk on a clock that a test turns, with a worker that reports what the test says."""

from __future__ import annotations

import json
from pathlib import Path

from loadtui.measure.histogram import Histogram
from loadtui.model.request import RequestTemplate
from loadtui.model.row import Batch, Row
from loadtui.model.scenario import FaultPreset, Scenario
from loadtui.model.text import constant
from loadtui.model.threshold import Threshold
from loadtui.model.toxic import Toxic
from loadtui.session.desk import Desk
from loadtui.session.journal import Journal
from loadtui.session.state import Now

SLOW = Toxic("latency", "latency", attributes={"latency": 2000, "jitter": 0})
P95 = Threshold(
    source="p(95)<500",
    metric="http_req_duration",
    aggregate="p",
    quantile=0.95,
    operator="<",
    limit=500.0,
)


class Clock:
    """Both clocks, turned by hand."""

    def __init__(self) -> None:
        self.mono = 1000.0

    def __call__(self) -> Now:
        return Now(self.mono, 1e9 + self.mono)


class Table:
    """A desk with its clock, and a worker that reports what we say."""

    def __init__(self, path: Path, **scenario: object) -> None:
        self.clock = Clock()
        fields: dict[str, object] = {
            "name": "orders",
            "target": "http://127.0.0.1:3000",
            "requests": (RequestTemplate(name="a", url=constant("http://127.0.0.1:3000/")),),
            "faults": (FaultPreset("slow", "payments", SLOW),),
            "thresholds": (P95,),
        }
        made = Scenario(**{**fields, **scenario})  # type: ignore[arg-type]
        self.journal = Journal(path / "j.ndjson", made.secrets)
        self.desk = Desk(made, step=5, tour=(), journal=self.journal, clock=self.clock)
        self.desk.shift.fresh(self.clock.mono, 1)
        self.desk.life.starting = False

    def second(self, latency_ms: float, *, failed: int = 0, active: int = 10, n: int = 20) -> None:
        """One second of load passes: `n` requests of that latency, and four ticks."""
        histogram = Histogram()
        for _ in range(n):
            histogram.record(round(latency_ms * 1000))
        at = int(self.clock.mono)
        made = Row(at, "a", n, failed, duration=histogram.to_distribution(), statuses={200: n})
        self.desk.batch(Batch(0, 0, self.clock.mono + 0.9, active, 0, (made,)))
        for _ in range(4):
            self.clock.mono += 0.25
            self.desk.tick()

    def lines(self, kind: str) -> list[dict[str, object]]:
        all_lines = [json.loads(x) for x in self.journal.path.read_text().splitlines()]
        return [line for line in all_lines if line["k"] == kind]
