"""Thresholds against what the session keeps of measurements."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.measure.histogram import Histogram
from loadtui.measure.recorder import Recorder
from loadtui.measure.store import PHASES, Store
from loadtui.model.request import RequestTemplate
from loadtui.model.row import Batch, Distribution, IterationRow, Part, Row
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from loadtui.model.threshold import Threshold, parse
from loadtui.model.verdict import ThresholdStatus, WindowValue
from loadtui.session.verdicts import Verdicts, aborts, phase_seconds, store_for


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


CUSTOM = Scenario(
    name="t",
    target="http://127.0.0.1/",
    requests=(RequestTemplate(name="a", url=constant("http://127.0.0.1/")),),
    metrics={"tt": "trend", "cc": "counter", "gg": "gauge", "rr": "rate"},
)


def custom_store() -> Store:
    """k6's own data for its table of expressions."""
    recorder, store = Recorder(), Store()
    for value in (10, 20, 30, 40):
        recorder.trend("tt", value, at=5.0)
    recorder.counter("cc", 5, at=5.0)
    recorder.gauge("gg", 7, at=5.0)
    recorder.gauge("gg", -3, at=5.5)
    for value in (1, 1, 1, 0):
        recorder.rate("rr", value, at=5.0)
    recorder.drain()
    store.ingest(Batch(0, 0, 6.0, 1, 0, metrics=recorder.drain_metrics()))
    return store


@pytest.mark.parametrize(
    ("metric", "rule", "ok"),
    [
        ("tt", "avg<26", True),
        ("tt", "avg==25", True),
        ("tt", "avg!=25", False),
        ("tt", "min>=10", True),
        ("tt", "max<=40", True),
        ("tt", "med<25.2", True),  # between values that are kept to within 0.4 %
        ("tt", "med>24.8", True),
        ("tt", "p(0)==10", True),
        ("tt", "p(100)==40", True),
        ("tt", "p(99.9)<40", True),
        ("tt", "avg<-1", False),
        ("cc", "count==5", True),
        ("cc", "rate>0", True),
        ("cc", "count>20", False),
        ("gg", "value==-3", True),
        ("gg", "value<0", True),
        ("rr", "rate==0.75", True),
        ("rr", "rate<0.5", False),
    ],
)
def test_custom_metrics_are_judged_as_k6_judges_them(metric: str, rule: str, ok: bool) -> None:
    threshold = parse(metric, rule, declared={metric: CUSTOM.metrics[metric]})  # type: ignore[dict-item]
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(threshold,))
    (status,) = Verdicts(scenario).judge(custom_store(), 5, elapsed=10.0)
    assert status.run_ok is ok
    assert status.now is None or status.now == status.run or threshold.aggregate == "rate"


def test_what_tags_select_decides_over_now_and_run_alike() -> None:
    threshold = parse("http_req_duration{status:503}", "max<100")
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(threshold,))
    store = store_for(scenario)
    slow, fast = Histogram(), Histogram()
    slow.record(900_000)
    fast.record(1_000)
    parts = (
        Part(200, "", failed=False, requests=1, duration=slow.to_distribution()),
        Part(503, "", failed=True, requests=1, duration=fast.to_distribution()),
    )
    both = Histogram()
    both.record(900_000)
    both.record(1_000)
    row = Row(5, "a", 2, 1, duration=both.to_distribution(), parts=parts)
    store.ingest(Batch(0, 0, 6.0, 1, 0, (row,)))
    (status,) = Verdicts(scenario).judge(store, 5, elapsed=10.0)
    assert (status.now, status.run, status.run_ok) == (1.0, 1.0, True)


def test_dropped_iterations_and_response_time_are_judged() -> None:
    rules = (
        parse("dropped_iterations{scenario:buy}", "count<3"),
        parse("response_time", "max<100"),
        parse("iteration_lateness", "max<10"),
        parse("vus_max", "value>5"),
    )
    scenario = msgspec.structs.replace(CUSTOM, thresholds=rules)
    store, late = store_for(scenario), Histogram()
    late.record(50_000)
    done = (
        IterationRow(5, dropped=3, tags=(("scenario", "buy"),), late=late.to_distribution()),
        IterationRow(5, dropped=9, tags=(("scenario", "browse"),)),
    )
    response = Histogram()
    response.record(150_000)
    row = Row(5, "a", 1, response=response.to_distribution())
    store.ingest(Batch(0, 0, 6.0, 1, 0, (row,), done, allocated=6))
    statuses = Verdicts(scenario).judge(store, 5, elapsed=10.0)
    assert [s.run for s in statuses] == [3.0, 150.0, 50.0, 6.0]
    assert [s.run_ok for s in statuses] == [False, False, False, True]


def test_one_check_of_several_is_judged_alone() -> None:
    scenario = msgspec.structs.replace(
        CUSTOM, thresholds=(parse("checks{check:is 201}", "rate>0.9"), parse("checks", "rate>0.9"))
    )
    store = store_for(scenario)
    checks = {"is 201": (10, 0), "has id": (0, 10)}
    store.ingest(Batch(0, 0, 6.0, 1, 0, (Row(5, "a", 10, checks=checks),)))
    assert [s.run for s in Verdicts(scenario).judge(store, 5, elapsed=1.0)] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("metric", "rule", "run", "ok"),
    [
        ("http_req_duration", "p(95)<500", 0.0, True),
        ("http_req_duration", "avg>0", 0.0, False),
        ("http_req_failed", "rate<0.01", None, None),
        ("checks", "rate>0.9", None, None),
        ("http_reqs", "count>0", 0.0, False),
        ("vus", "value>0", 0.0, False),
        ("tt", "p(95)<500", 0.0, True),
        ("cc", "count>0", 0.0, False),
        ("rr", "rate>0.9", None, None),
    ],
)
def test_a_metric_without_samples_is_judged_at_the_end_alone(
    metric: str, rule: str, run: float | None, ok: bool | None
) -> None:
    threshold = parse(metric, rule, declared=CUSTOM.metrics)  # type: ignore[arg-type]
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(threshold,))
    verdicts, store = Verdicts(scenario), store_for(scenario)
    (during,) = verdicts.judge(store, 5, elapsed=0.5)
    assert during.run_ok is None
    assert not during.no_data
    (end,) = verdicts.judge(store, 5, elapsed=0.5, last=True)
    assert (end.run, end.run_ok, end.no_data) == (run, ok, True)


@pytest.mark.parametrize(
    ("metric", "rule"), [("dropped_iterations", "count<1"), ("http_reqs{status:503}", "count<5")]
)
def test_nothing_counted_is_data_where_nothing_had_to_be(metric: str, rule: str) -> None:
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(parse(metric, rule),))
    (end,) = Verdicts(scenario).judge(store_for(scenario), 5, elapsed=9.0, last=True)
    assert (end.run, end.run_ok, end.no_data) == (0.0, True, False)


def test_virtual_users_are_those_of_the_last_second_in_which_any_ran() -> None:
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(parse("vus", "value==7"),))
    store = store_for(scenario)
    for second, vus in ((5, 9), (6, 7), (7, 0)):
        store.saw(second, vus)
        store.ingest(Batch(0, 0, second + 1.0, 0, 0))
    store.refresh(8, 5.0)
    (end,) = Verdicts(scenario).judge(store, 8, elapsed=3.0, last=True)
    assert (end.run, end.run_ok) == (7.0, True)


def over(
    rule: str, times: list[int], *, each: int = 20, ended: int | None = None
) -> ThresholdStatus:
    """One judged by seconds of `each` requests that took so many ms; session second 0 is 100."""
    scenario = msgspec.structs.replace(CUSTOM, thresholds=(parse("http_req_duration", rule),))
    verdicts, store = Verdicts(scenario), store_for(scenario)
    for second, ms in enumerate(times, start=100):
        histogram = Histogram()
        for _ in range(each):
            histogram.record(ms * 1000)
        row = Row(second, "a", each, duration=histogram.to_distribution())
        store.ingest(Batch(0, 0, second + 1.0, 1, 0, (row,)))
        if second % 3 == 0:  # reports come late: several seconds are complete at once
            verdicts.note_windows(store, second + 1, ended or second + 1, 100.0)
    end = 100 + len(times)
    verdicts.note_windows(store, end, ended or end, 100.0)
    (status,) = verdicts.judge(store, end, elapsed=9.0, last=True)
    return status


def test_every_complete_window_is_judged_and_the_first_and_the_worst_are_named() -> None:
    times = [20, 20, 300, 20, 20, 20, 20, 900, 20, 20, 20]
    status = over("max<100 over 2s", times)
    assert (status.windows, status.broken, status.run_ok) == (10, 4, False)
    assert status.first == WindowValue(1.0, 3.0, 300.0, "a")
    assert status.worst == WindowValue(6.0, 8.0, 900.0)
    assert status.run == 900.0


def test_windows_that_hold_pass_and_thin_or_unfinished_ones_judge_nothing() -> None:
    held = over("max<100 over 2s", [20] * 5)
    assert (held.windows, held.broken, held.run_ok, held.no_data) == (4, 0, True, False)
    thin = over("max<100 over 2s", [900] * 5, each=9)
    assert (thin.windows, thin.run_ok, thin.no_data) == (0, None, True)
    after = over("max<100 over 2s", [20, 20, 20, 900], ended=103)
    assert (after.windows, after.run_ok) == (2, True)


@pytest.mark.parametrize(
    ("delay", "elapsed", "asks"),
    [(0.0, 1.5, True), (1.0, 1.5, True), (2.0, 1.5, False), (2.0, 2.0, False)],
)
def test_an_abort_waits_for_more_than_its_delay(delay: float, elapsed: float, asks: bool) -> None:
    threshold = msgspec.structs.replace(
        parse("http_reqs", "count>5"), abort_on_fail=True, delay_abort=delay
    )
    assert aborts(threshold, ThresholdStatus("x", run_ok=False), elapsed) is asks
    assert not aborts(threshold, ThresholdStatus("x", run_ok=None), elapsed)


def test_aborts_are_looked_for_every_two_seconds() -> None:
    threshold = msgspec.structs.replace(parse("http_reqs", "count>5"), abort_on_fail=True)
    verdicts = Verdicts(msgspec.structs.replace(CUSTOM, thresholds=(threshold,)))
    failing = (ThresholdStatus("x", run_ok=False),)
    assert verdicts.aborting(failing, 1.9) is None
    assert verdicts.aborting(failing, 2.1) == threshold
    assert verdicts.aborting(failing, 2.3) is None
