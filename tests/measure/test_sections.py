from __future__ import annotations

import pytest

from loadtui.measure.histogram import Histogram, bucket
from loadtui.measure.sections import LIMIT, Sections
from loadtui.measure.tally import Iterations
from loadtui.model.result import Section
from loadtui.model.row import Distribution, IterationRow, MetricRow, Row
from loadtui.model.tags import OTHER, tagset

STATS = ("avg", "max", "p(95)")


def times(*micros: int) -> Distribution:
    """Those times as a worker sends them."""
    histogram = Histogram()
    for each in micros:
        histogram.record(each)
    return histogram.to_distribution()


def row(tags: dict[str, str], **fields: object) -> Row:
    return Row(0, "x", tags=tagset(tags), **fields)  # type: ignore[arg-type]


def of(kept: Sections, done: dict[str, Iterations] | None = None) -> dict[str, Section]:
    found = kept.of(done or {}, STATS, 2.0)
    return {f"{each.kind} {each.name}": each for each in found}


def numbers(section: Section) -> dict[str, dict[str, float]]:
    return {each.name: each.values for each in section.results}


def test_requests_count_for_their_scenario_and_their_group() -> None:
    kept = Sections()
    two = row({"scenario": "buy", "group": "::cart"}, requests=2, failed=1, checks={"ok": (1, 1)})
    kept.add(two)
    kept.add(row({"scenario": "buy"}, requests=2, duration=times(1000, 3000)))
    found = of(kept)
    assert list(found) == ["scenario buy", "group ::cart"]
    whole, part = numbers(found["scenario buy"]), numbers(found["group ::cart"])
    assert whole["http_reqs"] == {"count": 4, "rate": 2}
    assert whole["http_req_failed"] == {"rate": 0.25, "passes": 1, "fails": 3}
    assert whole["http_req_duration"] == {"count": 2, "avg": 2, "max": 3, "p(95)": 2.9}
    assert part == {
        "http_req_failed": {"rate": 0.5, "passes": 1, "fails": 1},
        "http_reqs": {"count": 2, "rate": 1},
    }
    assert found["group ::cart"].checks == {"ok": (1, 1)}


def test_iterations_and_groups_have_their_times() -> None:
    done = Iterations()
    done.add(IterationRow(0, ended=2, duration=times(5000, 7000), dropped=3))
    kept = Sections()
    pay = tagset({"group": "::pay"})
    buckets = {bucket(10_000_000): 1, bucket(20_000_000): 1}
    entered = MetricRow(0, "group_duration", "trend", pay, 2, 30.0, 2, 10, 20, positive=buckets)
    kept.add_metric(entered)
    kept.add_metric(MetricRow(0, "basket", "trend", pay, 1, 9.0))
    found = of(kept, {"browse": done})
    assert numbers(found["scenario browse"]) == {
        "iteration_duration": {"count": 2, "avg": 6, "max": 7, "p(95)": pytest.approx(6.9, 0.01)},
        "iterations": {"count": 2, "rate": 1},
        "dropped_iterations": {"count": 3, "rate": 1.5},
    }
    assert numbers(found["group ::pay"]) == {
        "group_duration": {"count": 2, "avg": 15, "max": 20, "p(95)": pytest.approx(19.5, 0.01)}
    }


def test_names_made_of_values_do_not_fill_the_memory() -> None:
    kept = Sections()
    for number in range(LIMIT + 7):
        kept.add(row({"group": f"::{number}"}, requests=1))
    found = of(kept)
    assert len(found) == LIMIT + 1
    assert numbers(found[f"group {OTHER}"])["http_reqs"]["count"] == 7
