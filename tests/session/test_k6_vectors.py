"""Every expression that k6 2.2.0 was asked, with its answer: pass, breach, or refused (104).

The data is the one k6 was given: a trend of 10, 20, 30, 40 ms, a counter at 5, a gauge at -3, a
rate of 3 in 4, all tagged `scenario:default`. Equality on a percentile between two of a trend's
values is the one difference: ours are read from a histogram, at most 0.4 % off.
"""

from __future__ import annotations

from typing import cast

import msgspec
import pytest

from loadtui.errors import BadInput
from loadtui.measure.recorder import Recorder
from loadtui.measure.store import Store
from loadtui.model.metric import MetricType
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.threshold import Threshold, parse
from loadtui.session.verdicts import Verdicts, store_for

KINDS: dict[str, MetricType] = {"tt": "trend", "cc": "counter", "gg": "gauge", "rr": "rate"}
PASS, BREACH = True, False

ANSWERS = [
    (1, "tt", "avg<26", PASS),
    (2, "tt", "avg==25", PASS),
    (3, "tt", "avg === 25", PASS),
    (4, "tt", "avg!=25", BREACH),
    (5, "tt", "min>=10", PASS),
    (6, "tt", "max<=40", PASS),
    (10, "tt", "p(99.9)<40", PASS),
    (11, "tt", "p(0)==10", PASS),
    (12, "tt", "p(100)==40", PASS),
    (14, "tt", "p(1e1)<200", PASS),
    (15, "tt", " p(95) < 500 ", PASS),
    (17, "tt", "p<200", PASS),
    (29, "tt", "avg<1e3", PASS),
    (30, "tt", "avg<-1", BREACH),
    (30, "tt", "avg>-1", PASS),
    (32, "tt", "avg<Inf", PASS),
    (34, "tt", "avg<1_000", PASS),
    (43, "cc", "count==5", PASS),
    (43, "cc", "rate>0", PASS),
    (43, "cc", "rate>=0", PASS),
    (44, "cc", "count>20", BREACH),
    (46, "gg", "value==-3", PASS),
    (46, "gg", "value<0", PASS),
    (48, "rr", "rate==0.75", PASS),
    (49, "rr", "rate<0.5", BREACH),
    (49, "rr", "rate<0.01", BREACH),
    (51, "tt{foo:bar}", "avg<1", PASS),
    (52, "tt{foo:bar,baz:1}", "p(95)<1", PASS),
    (52, "tt{ 'foo' : \"bar\" }", "p(95)<1", PASS),
    (53, "tt{scenario:default}", "avg<26", PASS),
    (57, "http_req_duration", "p(95)<500", PASS),
    (57, "http_req_duration", "avg>0", BREACH),
    (58, "http_req_failed", "rate<0.01", PASS),
    (58, "http_req_failed", "rate>0.01", PASS),
]

CLOSE = [(7, "med", 25.0), (8, "p(95)", 38.5), (9, "p(90)", 37.0), (13, "p(50)", 25.0)]
"""Where k6 passes `== value`: ours is that value within 0.4 %."""

REFUSED = [
    (18, "tt", ["p()<200"]),
    (19, "tt", ["p(99<200"]),
    (20, "tt", ["p(foo)<200"]),
    (21, "tt", ["p(-1)<200"]),
    (22, "tt", ["p(101)<200"]),
    (24, "tt", ["count>0", "rate<1", "value<1"]),
    (25, "tt", ["med"]),
    (26, "tt", ["avg<"]),
    (27, "tt", [""]),
    (28, "tt", ["avg<200ms"]),
    (36, "tt", ["AVG<200"]),
    (37, "tt", ["std<1"]),
    (38, "tt", ["avg=25"]),
    (40, "tt", ["avg&25", "avg!25"]),
    (41, "tt", ["avg==25 && max<50"]),
    (42, "tt", ["200>avg"]),
    (45, "cc", ["count!20", "foo>20", "count>abc", "value==5", "p(95)<1"]),
    (47, "gg", ["min<0", "max<0", "avg<0"]),
    (56, "nope", ["avg<1"]),
]


def judged(threshold: Threshold) -> bool:
    """Whether the run passes, as the exit code sees it: what is not judged breaks nothing."""
    scenario = scenario_with(threshold)
    (status,) = Verdicts(scenario).judge(filled(scenario), 5, elapsed=10.0, last=True)
    return status.run_ok is not False


def is_refused(metric: str, rule: str) -> bool:
    try:
        parse(metric, rule, declared=KINDS)
    except BadInput:
        return True
    return False


def scenario_with(*thresholds: Threshold) -> Scenario:
    metrics = cast("dict[str, str]", KINDS)
    return Scenario(name="x", target="http://h", metrics=metrics, thresholds=thresholds)


def filled(scenario: Scenario) -> Store:
    recorder, store = Recorder(), store_for(scenario)
    tags = (("scenario", "default"),)
    for value in (10, 20, 30, 40):
        recorder.trend("tt", value, at=5.0)
    recorder.counter("cc", 5, at=5.0)
    for at, value in ((5.0, 7), (5.5, -3)):
        recorder.gauge("gg", value, at=at)
    for value in (1, 1, 1, 0):
        recorder.rate("rr", value, at=5.0)
    recorder.drain()
    rows = tuple(msgspec.structs.replace(row, tags=tags) for row in recorder.drain_metrics())
    store.ingest(Batch(0, 0, 6.0, 1, 0, metrics=rows))
    return store


@pytest.mark.parametrize(("number", "metric", "rule", "passes"), ANSWERS)
def test_says_what_k6_says(number: int, metric: str, rule: str, passes: bool) -> None:
    assert judged(parse(metric, rule, declared=KINDS)) is passes, number


@pytest.mark.parametrize(("number", "aggregate", "value"), CLOSE)
def test_a_percentile_is_within_its_bound(number: int, aggregate: str, value: float) -> None:
    for limit, passes in ((value * 1.004, PASS), (value * 0.996, BREACH)):
        rule = f"{aggregate}<{limit}"
        assert judged(parse("tt", rule, declared=KINDS)) is passes, (number, rule)


@pytest.mark.parametrize(("number", "metric", "rules"), REFUSED)
def test_refuses_what_k6_refuses(number: int, metric: str, rules: list[str]) -> None:
    assert [rule for rule in rules if not is_refused(metric, rule)] == [], number
