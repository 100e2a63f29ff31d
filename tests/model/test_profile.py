"""Profiles over a scenario."""

from __future__ import annotations

import msgspec
import pytest

from loadtui.errors import BadInput
from loadtui.model.executor import ConstantVus, Entry, RampingVus, Stage
from loadtui.model.plan import most_at_once, plan_end
from loadtui.model.profile import PROFILES, profile, with_profile
from loadtui.model.scenario import Scenario
from loadtui.model.threshold import parse

PLAIN = Scenario(name="x", target="http://127.0.0.1:1")


def sources(scenario: Scenario) -> list[tuple[str, str]]:
    return [(each.metric, each.source) for each in scenario.thresholds]


@pytest.mark.parametrize(
    ("name", "seconds", "vus", "rules"),
    [
        ("smoke", 60, 1, ["rate<0.01"]),
        ("load", 540, 50, ["p(95)<500", "p(99)<1000", "rate<0.01"]),
        ("stress", 1380, 300, ["p(95)<2000"]),
        ("soak", 15_000, 50, ["p(95)<500"]),
        ("spike", 455, 500, ["p(95)<3000", "rate<0.05"]),
    ],
)
def test_each_profile_has_its_load_and_what_must_hold(
    name: str, seconds: float, vus: int, rules: list[str]
) -> None:
    made = with_profile(PLAIN, profile(name))
    assert plan_end(made.scenarios) == pytest.approx(seconds)
    assert most_at_once(made.scenarios) == vus
    assert [source for _, source in sources(made)] == rules
    executor = made.scenarios[0].executor
    assert isinstance(executor, ConstantVus) or executor.start_vus == 1  # type: ignore[union-attr]


def test_what_the_file_says_of_a_metric_stays_alone() -> None:
    own = (parse("http_req_duration", "p(95)<1"), parse("http_req_failed{name:a}", "rate<1"))
    made = with_profile(msgspec.structs.replace(PLAIN, thresholds=own), profile("load"))
    assert sources(made) == [
        ("http_req_duration", "p(95)<1"),
        ("http_req_failed", "rate<1"),
        ("http_req_failed", "rate<0.01"),
    ]


def test_a_second_profile_takes_the_first_ones_place() -> None:
    entry = Entry("shop", RampingVus((Stage(5, 5),)), exec="buy", start_time=3, tags={"a": "b"})
    first = with_profile(msgspec.structs.replace(PLAIN, scenarios=(entry,)), profile("load"))
    second = with_profile(first, profile("stress"))
    assert sources(second) == [("http_req_duration", "p(95)<2000")]
    assert second.profile == "stress"
    kept = second.scenarios[0]
    assert (kept.name, kept.exec, kept.tags, kept.start_time) == ("shop", "buy", {"a": "b"}, 0)


def test_what_cannot_be_a_profile_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no profile strees; did you mean stress\?"):
        profile("strees")
    entry = Entry("a", PROFILES["smoke"].executor)
    both = msgspec.structs.replace(PLAIN, scenarios=(entry, entry))
    with pytest.raises(BadInput, match="2 scenarios"):
        with_profile(both, profile("load"))


def test_breaking_point_ends_at_the_first_broken_threshold() -> None:
    made = with_profile(PLAIN, profile("breakpoint"))
    assert all(each.abort_on_fail and each.window == 10 for each in made.thresholds)


def test_the_files_own_thresholds_end_a_climb_as_well() -> None:
    own = (
        parse("http_req_duration", "p(95)<300"),
        parse("http_req_duration{name:a}", "p(95)<200 over 5s"),
        parse("http_req_failed", "rate<0.1"),
        parse("http_req_failed", "rate<0.1 over 10s"),
        parse("http_reqs", "count>10"),
    )
    filed = msgspec.structs.replace(PLAIN, thresholds=own)
    made = with_profile(filed, profile("breakpoint"))
    assert [(each.source, each.abort_on_fail) for each in made.thresholds] == [
        ("p(95)<300", False),
        ("p(95)<300 over 10s", True),
        ("p(95)<200 over 5s", True),
        ("rate<0.1", False),
        ("rate<0.1 over 10s", True),
        ("count>10", False),
    ]
    assert sources(with_profile(made, profile("load"))) == sources(filed)
