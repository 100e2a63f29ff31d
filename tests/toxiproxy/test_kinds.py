from __future__ import annotations

import random

import pytest

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.flow import Flow
from loadtui.toxiproxy.kinds import KINDS, numbers, refuse, start


@pytest.mark.parametrize(
    ("type_", "attributes", "said"),
    [
        ("bandwidth", {}, "rate must be at least 1, not 0"),
        ("bandwidth", {"rate": -1}, "rate must be at least 1, not -1"),
        ("slicer", {}, "average_size must be at least 1, not 0"),
        ("slicer", {"average_size": 1, "size_variation": 5}, "at most average_size, not 5"),
        ("slicer", {"average_size": 1, "size_variation": -1}, "size_variation must be at least 0"),
        ("latency", {"jitter": 2**62}, f"jitter must be below {2**62}"),
        ("latency", {"latency": 10**15, "jitter": 2**62 - 1}, ""),
        ("slicer", {"average_size": 100, "size_variation": 100}, ""),
        ("timeout", {}, ""),
        ("noop", {}, ""),
    ],
)
def test_what_would_crash_the_original_is_always_refused(
    type_: str, attributes: dict[str, int], said: str
) -> None:
    toxic = Toxic("t", type_, attributes=dict(attributes))
    for harmless in (True, False):
        answer = refuse(toxic, harmless=harmless)
        assert said in answer
        assert bool(answer) == bool(said)


@pytest.mark.parametrize(
    ("toxic", "said"),
    [
        (Toxic("t", "latency", attributes={"latency": -1}), "latency must be at least 0, not -1"),
        (Toxic("t", "timeout", attributes={"timeout": -1}), "timeout must be at least 0, not -1"),
        (Toxic("t", "noop", toxicity=1.5), "toxicity must be between 0 and 1, not 1.5"),
        (Toxic("t", "noop", toxicity=-0.1), "toxicity must be between 0 and 1, not -0.1"),
    ],
)
def test_what_means_nothing_is_refused_unless_the_originals_way_is_kept(
    toxic: Toxic, said: str
) -> None:
    assert refuse(toxic, harmless=True) == said
    assert refuse(toxic, harmless=False) == ""


def test_attributes_that_are_not_given_are_0_and_unknown_ones_are_dropped() -> None:
    assert numbers(Toxic("t", "latency", attributes={"jitter": 3, "x": 1})) == {
        "latency": 0,
        "jitter": 3,
    }


def test_toxicity_is_the_share_of_links_that_are_affected() -> None:
    dice = random.Random(3)
    toxic = Toxic("t", "timeout", toxicity=0.25, attributes={"timeout": 0})
    flows = [start(toxic, dice, passed=0, now=0.0) for _ in range(4000)]
    affected = sum(type(flow) is not Flow for flow in flows)
    assert 900 < affected < 1100


def test_every_type_can_begin_with_its_lowest_values() -> None:
    for name, kind in KINDS.items():
        lowest = {attribute: kind.lows.get(attribute, 0) for attribute in kind.attributes}
        toxic = Toxic("t", name, attributes=dict(lowest))
        assert refuse(toxic, harmless=True) == ""
        assert start(toxic, random.Random(1), passed=0, now=0.0).closed is False
