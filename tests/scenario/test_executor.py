"""`load:` and `scenarios:` of a file as entries of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    Manual,
    ManualRate,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.scenario.load import load

HEAD = "target: http://127.0.0.1:1\nrequests: [{url: /x}]\n"


def entries(folder: Path, text: str) -> tuple[Entry, ...]:
    file = folder / "f.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load(file, env={}).scenarios


STAGES = (Stage(120, 50), Stage(0, 10), Stage(30, 0))


@pytest.mark.parametrize(
    ("text", "executor"),
    [
        ("{vus: 7}", Manual(7)),
        ("{vus: 7, duration: 30s}", ConstantVus(30, 7)),
        ("{vus: 7, iterations: 9, duration: 5s}", SharedIterations(7, 9, 5)),
        ("{stages: [2m:50, 0s:10, {duration: 30s, target: 0}]}", RampingVus(STAGES, 1)),
        ("{vus: 7, stages: [2m:50]}", RampingVus(STAGES[:1], 7)),
        (
            "{executor: ramping-vus, startVUs: 0, stages: [2m:50], gracefulRampDown: 0s}",
            RampingVus(STAGES[:1], 0, 0),
        ),
        ("{executor: constant-vus, vus: 3, duration: 1m}", ConstantVus(60, 3)),
        (
            "{executor: constant-arrival-rate, rate: 90, timeUnit: 1m, duration: 1m,"
            " preAllocatedVUs: 4, maxVUs: 9}",
            ConstantRate(90, 60, 4, 9, 60),
        ),
        (
            "{executor: ramping-arrival-rate, startRate: 5, stages: [2m:50], preAllocatedVUs: 4}",
            RampingRate(STAGES[:1], 4, 4, 5),
        ),
        ("{executor: shared-iterations, vus: 2, iterations: 9}", SharedIterations(2, 9)),
        (
            "{executor: per-vu-iterations, vus: 2, iterations: 9, maxDuration: 1m}",
            PerVuIterations(2, 9, 60),
        ),
        ("{executor: manual, vus: 4, duration: 1h}", Manual(4, 3600)),
        ("{executor: manual, rate: 50, preAllocatedVUs: 4}", ManualRate(50, 4, 4)),
    ],
)
def test_load_is_one_entry_in_k6_words(tmp_path: Path, text: str, executor: Executor) -> None:
    assert entries(tmp_path, f"load: {text}\n") == (Entry("default", executor),)


def test_scenarios_are_entries_with_names_times_and_tags(tmp_path: Path) -> None:
    text = """\
scenarios:
  browse: {executor: ramping-arrival-rate, stages: [2m:50], preAllocatedVUs: 20, maxVUs: 100}
  buy: {executor: constant-vus, startTime: 30s, gracefulStop: 0s, duration: 5m, tags: {team: web}}
"""
    assert entries(tmp_path, text) == (
        Entry("browse", RampingRate(STAGES[:1], 20, 100)),
        Entry("buy", ConstantVus(300, 1), "", 30, 0, {"team": "web"}),
    )


def test_pacing_goes_with_executors_that_say_how_many_vus_there_are(tmp_path: Path) -> None:
    (entry,) = entries(tmp_path, "load: {vus: 3, duration: 1m, pacing: 250ms}\n")
    assert (entry.executor, entry.pacing) == (ConstantVus(60, 3), 0.25)


def test_scenarios_one_after_the_other_need_the_vus_of_one(tmp_path: Path) -> None:
    text = """\
guard: {max_vus: 10}
scenarios:
  first: {vus: 10, duration: 10s, gracefulStop: 5s}
  second: {vus: 10, duration: 10s, startTime: 16s}
"""
    assert len(entries(tmp_path, text)) == 2
