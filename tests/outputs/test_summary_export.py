from __future__ import annotations

import msgspec

from loadtui.model.result import Section
from loadtui.outputs.summary_export import document
from tests.outputs.verdicts import FINAL


def test_has_k6s_shape_with_its_inverted_booleans() -> None:
    found = document(FINAL)
    assert found["metrics"]["http_req_duration"] == {
        "avg": 21.0,
        "min": 1.0,
        "med": 20.0,
        "max": 900.0,
        "p(95)": 30.0,
        "thresholds": {"p(95)<500": False, "p(95)<500 over 10s": True},
    }
    assert found["metrics"]["checks"] == {"passes": 79, "fails": 1, "value": 0.9875}
    assert found["metrics"]["http_reqs"] == {"count": 40, "rate": 0.68}
    assert found["metrics"]["vus"] == {"value": 2, "min": 1, "max": 3}
    assert found["metrics"]["checks{check:gone}"] == {"thresholds": {"rate>0.9": False}}


def test_groups_checks_as_k6_does() -> None:
    root = document(FINAL)["root_group"]
    assert root["id"] == "d41d8cd98f00b204e9800998ecf8427e"
    assert root["checks"]["has id"]["path"] == "::has id"
    assert root["checks"]["status is 200"]["fails"] == 1


def test_groups_within_groups_have_their_own_checks() -> None:
    sections = (
        Section("group", "::shop::cart", {"status is 200": (9, 1)}),
        Section("group", "::shop", {"has id": (40, 0)}),
        Section("group", "(other)", {"status is 200": (1, 0)}),
        Section("scenario", "default", {"has id": (40, 0)}),
    )
    root = document(msgspec.structs.replace(FINAL, sections=sections))["root_group"]
    assert [*root["groups"]] == ["shop"]
    assert [*root["checks"]] == ["status is 200"]
    assert root["checks"]["status is 200"]["passes"] == 30
    shop = root["groups"]["shop"]
    assert shop["checks"]["has id"]["path"] == "::shop::has id"
    cart = shop["groups"]["cart"]
    assert (cart["name"], cart["path"]) == ("cart", "::shop::cart")
    assert (cart["checks"]["status is 200"]["passes"], cart["groups"]) == (9, {})


def test_shows_the_stats_that_were_asked_for() -> None:
    trend = document(FINAL, ("p(95)", "count"))["metrics"]["http_req_duration"]
    assert {name: value for name, value in trend.items() if name != "thresholds"} == {
        "p(95)": 30.0,
        "count": 40,
    }
