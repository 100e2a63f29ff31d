"""What a run under a profile is for, in words."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.model.executor import RampingVus, Stage
from loadtui.model.history import Point
from loadtui.model.marker import Marker, MarkerKind
from loadtui.model.profile import PROFILES, profile, with_profile
from loadtui.model.scenario import Scenario
from loadtui.model.snapshot import Snapshot
from loadtui.model.verdict import ThresholdStatus, WindowValue
from loadtui.session.findings import Failure, findings, peak, steady
from loadtui.session.plan_rules import PLAN_BEGUN, PLAN_OVER
from loadtui.session.watching import Trails

PLAIN = Scenario(name="x", target="http://h")
FINAL = Snapshot(at=9.0, wall=9.0, phase="ended", name="x", target_url="http://h")


def stages_of(name: str) -> tuple[Stage, ...]:
    executor = PROFILES[name].executor
    assert isinstance(executor, RampingVus)
    return executor.stages


def said(
    name: str, points: list[Point], final: Snapshot = FINAL, failures: tuple[Failure, ...] = ()
) -> list[str]:
    made = with_profile(PLAIN, profile(name))
    return [each.text for each in findings(made, final, points, {}, failures)]


def run(slow: range, length: int, p95: float = 20.0) -> list[Point]:
    """A run that began after five idle seconds, slow in some seconds of the plan."""
    idle = [Point(float(s), 0) for s in range(1, 6)]
    busy = [
        Point(5.0 + s, 10, rate=50.0, p95=5000.0 if s in slow else p95, failed=0.0)
        for s in range(1, length + 1)
    ]
    return [*idle, *busy]


def test_a_spike_begins_with_its_climb_and_ends_with_its_fall() -> None:
    assert peak(stages_of("spike")) == pytest.approx((70, 260))
    assert steady(stages_of("soak"), 1) == (300, 14_700)
    assert steady((Stage(5, 5),), 1) == (0, 0)


def test_a_spike_that_was_met_says_how_long_it_took() -> None:
    assert said("spike", run(range(80, 100), 450)) == [
        "spike: back within the thresholds after 29s, for 10 s in a row",
        "after the spike: within the thresholds (0 of 190 s broke them)",
    ]


def test_a_spike_that_was_not_met_says_so() -> None:
    assert said("spike", run(range(75, 300), 450)) == [
        "spike: NOT back within the thresholds while it lasted (186 of 190 s broke them)",
        "after the spike: back within the thresholds after 39s, for 10 s in a row",
    ]


def test_a_soak_tells_how_latency_moved() -> None:
    points = [Point(p.at, p.vus, p95=20.0 + p.at / 3600) for p in run(range(0), 15_000)]
    (line,) = said("soak", points)
    assert line.startswith("drift: p95 grew: 20.6")
    assert "+1\u00a0ms an hour" in line
    assert said("soak", run(range(0), 200)) == ["drift: p95: too short to say"]


def test_a_breaking_point_names_the_knee_and_what_broke_first() -> None:
    status = ThresholdStatus(
        "p(95)<500 over 10s",
        metric="http_req_duration",
        rule="p(95)<500 over 10s",
        unit="ms",
        first=WindowValue(95, 105, 612.4, "create", "503"),
    )
    other = ThresholdStatus(
        "",
        metric="http_req_failed",
        rule="rate<0.01 over 10s",
        unit="%",
        first=WindowValue(97, 107, 0.02),
    )
    final = msgspec.structs.replace(FINAL, thresholds=(status, other))
    failures = (Failure(40.0, "create", "503"), Failure(96.0, "list", "timeout"))
    texts = said("breakpoint", run(range(95, 200), 200), final, failures)
    assert [text.replace("\u00a0", " ") for text in texts] == [
        "knee: 10 VUs, 50.0 requests/s, 1m39s into the run",
        "first 503 on create: 40s into the run",
        "first timeout on list: 1m36s into the run",
        "broke first: http_req_duration p(95)<500 over 10s"
        " (was 612 ms from 1m35s to 1m45s; most of it create, failing with 503)",
        "then: http_req_failed rate<0.01 over 10s (was 2 % from 1m37s to 1m47s)",
    ]
    held = msgspec.structs.replace(FINAL, thresholds=(ThresholdStatus("a"), ThresholdStatus("b")))
    assert said("breakpoint", run(range(0), 200), held) == ["knee: none up to 10 VUs"]


def test_a_run_that_asks_nothing_more_says_nothing_more() -> None:
    assert said("load", run(range(0), 100)) == []
    assert said("spike", []) == []


def test_a_soak_tells_how_watched_processes_moved() -> None:
    trails = Trails()
    for at in range(6, 1000):
        trails.memory.add(float(at), 50e6 + at * 1000)
        trails.files.add(float(at), 40.0)
    soak = RampingVus((Stage(5, 5), Stage(900, 5)))
    made = with_profile(PLAIN, profile("soak"))
    entry = msgspec.structs.replace(made.scenarios[0], executor=soak)
    made = msgspec.structs.replace(made, scenarios=(entry,))
    found = list(findings(made, FINAL, run(range(0), 905), {"api": trails}))
    assert [each.text.replace("\u00a0", " ") for each in found] == [
        "drift: p95 stood still: 20.0 ms in the first quarter, 20.0 ms in the last"
        " (+0%, +0 ms an hour)",
        "drift: memory of api stood still: 50.1 MB in the first quarter, 50.8 MB in the last"
        " (+1%, +3.6 MB an hour)",
        "drift: open files of api stood still: 40 in the first quarter, 40 in the last"
        " (+0%, +0 an hour)",
    ]
    assert found[1].values["per_hour"] == pytest.approx(3.6e6, rel=0.01)
    short = list(findings(made, FINAL, run(range(0), 905), {"db": Trails()}))
    assert short[1].text == "drift: memory of db: too short to say"


def test_a_hand_over_the_plan_is_told_before_all_else() -> None:
    def act(number: int, at: float, what: str, kind: MarkerKind = "act") -> Marker:
        return Marker(number=number, at=at, kind=kind, what=what)

    plain = (act(1, 5, PLAN_BEGUN), act(2, 9, "slow on db", "fault"), act(3, 400, PLAN_OVER))
    texts: list[str] = []
    for markers, told in (
        ((*plain, act(4, 500, "VUs up")), 0),
        ((plain[0], act(2, 90, "load paused"), act(3, 95, "load resumed"), plain[2]), 1),
    ):
        final = msgspec.structs.replace(FINAL, markers=markers)
        texts = said("spike", run(range(0), 450), final)
        assert len(texts) == 2 + told
    assert texts[0] == (
        "by hand: load paused 1m30s into the run and 1 more,"
        " so the profile's moments may not be the run's"
    )
