"""The same plans, and the same flags over a plan: as many iterations, by as many VUs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.k6 import Ran, k6, loadtui, script
from tests.support.slow_server import SlowServer, slow_server

EXACT, AROUND = 0, 1
"""An arrival rate may reach its last moment or just miss it: k6 itself varies by one."""
VUS = {"preAllocatedVUs": 20, "maxVUs": 20}
PLANS: dict[str, tuple[dict[str, Any], int]] = {
    "shared": ({"executor": "shared-iterations", "vus": 3, "iterations": 10}, EXACT),
    "each its own": ({"executor": "per-vu-iterations", "vus": 3, "iterations": 4}, EXACT),
    "a rate": (
        {"executor": "constant-arrival-rate", "rate": 50, "duration": "2s", **VUS},
        AROUND,
    ),
    "a rate by the minute": (
        {
            "executor": "constant-arrival-rate",
            "rate": 600,
            "timeUnit": "1m",
            "duration": "2s",
            **VUS,
        },
        AROUND,
    ),
    "a rate that climbs and falls": (
        {
            "executor": "ramping-arrival-rate",
            "startRate": 10,
            "stages": [
                {"duration": "1s", "target": 60},
                {"duration": "0s", "target": 30},
                {"duration": "1s", "target": 30},
            ],
            **VUS,
        },
        AROUND,
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(20) as running:
        yield running


def ran(server: SlowServer, folder: Path, plan: dict[str, Any], *words: str) -> tuple[Ran, Ran]:
    """k6 and loadtui at once, with that plan and those flags."""
    scenarios = {"scenarios": {"default": plan}} if "executor" in plan else plan
    theirs = k6(folder, script(scenarios, f"http.get('{server.url}/x');"), *words)
    text = json.dumps({"target": server.url, "requests": [{"url": "/x"}], "load": plan})
    ours = loadtui(folder, text, *words)
    return theirs.end(), ours.end()


def due(each: Ran) -> int:
    """Iterations that ran, and those for which no VU was free."""
    return each.count("iterations") + each.count("dropped_iterations")


@pytest.mark.parametrize("name", PLANS)
def test_as_many_iterations_are_due(name: str, server: SlowServer, tmp_path: Path) -> None:
    plan, tolerance = PLANS[name]
    k6s, ours = ran(server, tmp_path, plan)
    assert (k6s.code, ours.code) == (0, 0), ours.err
    assert abs(due(ours) - due(k6s)) <= tolerance, (due(k6s), due(ours))


def test_a_ramp_has_as_many_vus(server: SlowServer, tmp_path: Path) -> None:
    stages = [
        {"duration": "500ms", "target": 4},
        {"duration": "2s", "target": 4},
        {"duration": "300ms", "target": 0},
    ]
    plan = {"executor": "ramping-vus", "startVUs": 1, "stages": stages}
    k6s, ours = ran(server, tmp_path, plan)
    for each in (k6s, ours):
        assert each.value("vus", "max") == 4
        assert each.value("vus_max", "max") == 4


@pytest.mark.parametrize(
    ("words", "iterations"),
    [
        (("--iterations", "7"), 7),
        (("--iterations", "9", "--vus", "3"), 9),
        (("--vus", "3", "--iterations", "3"), 3),
    ],
)
def test_flags_replace_the_plan(
    words: tuple[str, ...], iterations: int, server: SlowServer, tmp_path: Path
) -> None:
    k6s, ours = ran(server, tmp_path, {"vus": 1, "iterations": 2}, *words)
    assert due(k6s) == due(ours) == iterations


def test_environment_variables_are_flags(
    server: SlowServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("VUS", "2"), ("ITERATIONS", "6")):
        monkeypatch.setenv(f"K6_{name}", value)
        monkeypatch.setenv(f"LOADTUI_{name}", value)
    plan = {"vus": 1, "iterations": 2}
    assert [due(each) for each in ran(server, tmp_path, plan)] == [6, 6]
    assert [due(each) for each in ran(server, tmp_path, plan, "--iterations", "4")] == [4, 4]
