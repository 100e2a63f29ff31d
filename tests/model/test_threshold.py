from __future__ import annotations

import math

import pytest

from loadtui.errors import BadInput
from loadtui.model.threshold import Threshold, metric_key, parse, parse_flag

TREND, COUNTER, GAUGE, RATE = "http_req_duration", "http_reqs", "vus", "checks"

# What k6 2.2.0 answered for a trend of 10, 20, 30, 40 ms, a counter at 5, a gauge at -3 and a rate
# of 3 in 4; the values are what its aggregates give.
VALUES = {
    (TREND, "avg"): 25.0,
    (TREND, "min"): 10.0,
    (TREND, "max"): 40.0,
    (TREND, "med"): 25.0,
    (COUNTER, "count"): 5.0,
    (COUNTER, "rate"): 1.5,
    (GAUGE, "value"): -3.0,
    (RATE, "rate"): 0.75,
}


def measured(threshold: Threshold) -> float:
    """The value of k6's data set: percentiles interpolated linearly over 10, 20, 30, 40."""
    if threshold.aggregate == "p":
        return 10 + 30 * threshold.quantile
    return VALUES[threshold.metric, threshold.aggregate]


@pytest.mark.parametrize(
    ("metric", "text", "passes"),
    [
        (TREND, "avg<26", True),
        (TREND, "avg==25", True),
        (TREND, "avg === 25", True),
        (TREND, "avg!=25", False),
        (TREND, "min>=10", True),
        (TREND, "max<=40", True),
        (TREND, "med==25", True),
        (TREND, "p(95)==38.5", True),
        (TREND, "p(90)==37", True),
        (TREND, "p(99.9)<40", True),
        (TREND, "p(0)==10", True),
        (TREND, "p(100)==40", True),
        (TREND, "p(50)==25", True),
        (TREND, "p(1e1)<200", True),
        (TREND, " p(95) < 500 ", True),
        (TREND, "p<200", True),
        (TREND, "avg<1e3", True),
        (TREND, "avg<-1", False),
        (TREND, "avg>-1", True),
        (TREND, "avg<Inf", True),
        (TREND, "avg<1_000", True),
        (COUNTER, "count==5", True),
        (COUNTER, "rate>0", True),
        (COUNTER, "rate>=0", True),
        (COUNTER, "count>20", False),
        (GAUGE, "value==-3", True),
        (GAUGE, "value<0", True),
        (RATE, "rate==0.75", True),
        (RATE, "rate<0.5", False),
        (RATE, "rate<0.01", False),
        ("http_req_duration{foo:bar,baz:1}", "p(95)<1", False),
    ],
)
def test_says_what_k6_says(metric: str, text: str, passes: bool) -> None:
    threshold = parse(metric, text)
    assert threshold.holds(measured(threshold)) is passes


@pytest.mark.parametrize(
    ("metric", "text", "says"),
    [
        (TREND, "p()<200", "'p()' is not an aggregate"),
        (TREND, "p(99<200", "'p(99' is not an aggregate"),
        (TREND, "p(foo)<200", "p(foo) is not a percentile"),
        (TREND, "p(-1)<200", "p(-1) is not a percentile"),
        (TREND, "p(101)<200", "p(101) is not a percentile"),
        (TREND, "p(NaN)<200", "p(NaN) is not a percentile"),
        (TREND, "count>0", "is a trend and has no count"),
        (TREND, "rate<1", "it offers avg, min, med, max, p(N)"),
        (TREND, "value<1", "is a trend and has no value"),
        (TREND, "med", "'med' is not a threshold"),
        (TREND, "avg<", "'avg<' is not a threshold"),
        (TREND, "", "the threshold is empty"),
        (TREND, "avg<200ms", "leave the unit out"),
        (TREND, "AVG<200", "did you mean avg?"),
        (TREND, "std<1", "'std' is not an aggregate"),
        (TREND, "avg=25", "'avg=25' is not a threshold"),
        (TREND, "avg&25", "'avg&25' is not a threshold"),
        (TREND, "avg!25", "'avg!25' is not a threshold"),
        (TREND, "avg==25 && max<50", "is not"),
        (TREND, "200>avg", "'200' is not an aggregate"),
        (TREND, "avg<1__0", "'1__0' is not a number"),
        (TREND, "avg<NaN", "'NaN' is not a number"),
        (COUNTER, "count!20", "'count!20' is not a threshold"),
        (COUNTER, "foo>20", "'foo' is not an aggregate of a counter"),
        (COUNTER, "count>abc", "'abc' is not a number"),
        (COUNTER, "value==5", "is a counter and has no value"),
        (COUNTER, "p(95)<1", "is a counter and has no p(95)"),
        (GAUGE, "min<0", "it offers value"),
        (GAUGE, "max<0", "is a gauge and has no max"),
        (GAUGE, "avg<0", "is a gauge and has no avg"),
        ("nope", "avg<1", "there is no metric nope"),
        ("http_req_durations", "avg<1", "did you mean http_req_duration?"),
        ("dropped_iterations", "p(95)<1", "is a counter and has no"),
        (TREND, "p(95)<500 over 10", "write 10s or 10ms"),
        (TREND, "p(95)<500 over 1500ms", "whole seconds"),
        (TREND, "p(95)<500 over 11m", "1s to 10m"),
        (TREND, "p(95)<500 over", "'500 over' is not a number"),
        ("http_req_duration{group:}", "avg<1", "'group:' of"),
        ("http_req_duration{}", "avg<1", "is not a metric"),
        ("http_req_duration{a:b", "avg<1", "is not a metric"),
        ("http_req_duration{a}", "avg<1", "'a' of"),
    ],
)
def test_refuses_before_the_run(metric: str, text: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(metric, text)
    assert says in str(refused.value)


def test_a_window_of_ours() -> None:
    threshold = parse(TREND, "p(95)<800  over 10s")
    assert (threshold.quantile, threshold.limit, threshold.window) == (0.95, 800, 10)
    assert threshold.source == "p(95)<800 over 10s"
    assert parse(TREND, "p(95)<800").window is None


def test_infinity_is_a_limit() -> None:
    assert math.isinf(parse(TREND, "avg<Inf").limit)


def test_tags_may_be_quoted_and_spaced() -> None:
    assert metric_key("""http_reqs{ 'foo' : "bar", n:a:b }""") == (
        "http_reqs",
        {"foo": "bar", "n": "a:b"},
    )


def test_declared_metrics_are_known() -> None:
    threshold = parse("order_created", "count>100", declared={"order_created": "counter"})
    assert threshold.metric == "order_created"
    with pytest.raises(BadInput, match="did you mean order_created"):
        parse("order_create", "count>100", declared={"order_created": "counter"})


@pytest.mark.parametrize(
    ("flag", "metric", "source"),
    [
        ("p(95)<500", "http_req_duration", "p(95)<500"),
        ("http_req_failed: rate<0.01", "http_req_failed", "rate<0.01"),
        ("checks:rate>0.99 over 10s", "checks", "rate>0.99 over 10s"),
        ("http_req_waiting{name:x}: avg<5", "http_req_waiting", "avg<5"),
    ],
)
def test_a_flag_names_its_metric_or_means_latency(flag: str, metric: str, source: str) -> None:
    threshold = parse_flag(flag)
    assert (threshold.metric, threshold.source) == (metric, source)


def test_a_flag_that_could_mean_several_metrics_is_refused() -> None:
    with pytest.raises(BadInput, match="names no metric; write the metric first"):
        parse_flag("rate<0.01")
