"""The tutorial's scenarios on the demo: its own count of answers is the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtui.cli.main import run
from loadtui.scenario.load import load
from tests.support.demo_system import DemoSystem, demo_system
from tests.support.real import ROOT
from tests.support.shell import shell

SCENARIOS = ROOT / "scenarios"
PARTS_1 = """\
target: ${BASE_URL:-http://127.0.0.1:3000}
headers:
  x-api-key: ${API_KEY:-test-key}
  x-request-id: ${uuid}
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSystem]:
    with demo_system(tmp_path_factory.mktemp("served")) as served:
        yield served


def rehearsed(
    name: str, scale: int, system: DemoSystem, home: Path, *more: str
) -> tuple[int, str, dict[str, Any], dict[str, int]]:
    """Exit code, what was printed, the summary's JSON, and what the system answered meanwhile."""
    before = system.answered()
    words = ("run", str(SCENARIOS / name), "--headless", "--time-scale", str(scale))
    outs = ("-e", f"BASE_URL={system.url}", "--out", "summary=s.json", *more)
    done = shell(home, *words, *outs, folder=home, wait=60)
    assert "Traceback" not in done.stderr
    assert f"REHEARSAL: the plan goes {scale} times as fast" in done.stderr
    served = {name: n - before.get(name, 0) for name, n in system.answered().items()}
    return done.returncode, done.stdout, json.loads((home / "s.json").read_text()), served


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("smoke.yaml", 30),
        ("load.yaml", 180),
        ("stress.yaml", 460),
        ("soak.yaml", 5000),
        ("spike.yaml", 200),
        ("tracing.yaml", 20),
    ],
)
def test_each_runs_and_counts_what_was_answered(
    name: str, scale: int, system: DemoSystem, tmp_path: Path
) -> None:
    code, out, found, served = rehearsed(name, scale, system, tmp_path)
    assert code == (99 if "    ✗ " in out.split("█ TOTALS")[0] else 0)
    counted = found["metrics"]["http_reqs"]["values"]["count"]
    assert 0 < counted <= sum(served.values()) <= counted + found["cut"]
    assert served["POST /api/orders 201"] > 0


def test_orders_is_what_the_format_says_and_counts_orders(
    system: DemoSystem, tmp_path: Path
) -> None:
    assert PARTS_1 in (SCENARIOS / "orders.yaml").read_text(encoding="utf-8")
    code, out, found, served = rehearsed("orders.yaml", 10, system, tmp_path)
    # 10 VUs think for a second: three seconds are not enough for a hundred orders.
    assert code == 99
    assert "✗ order_created count>100" in out
    created = found["metrics"]["order_created"]["values"]["count"]
    assert 10 <= created <= 40
    assert served["POST /api/orders 201"] == created
    assert found["metrics"]["checks"]["values"]["fails"] == 0


def test_chaos_breaks_each_part_of_the_system(system: DemoSystem, tmp_path: Path) -> None:
    words = ("-e", f"TOXIPROXY_URL={system.toxiproxy}")
    code, out, found, served = rehearsed("chaos.yaml", 15, system, tmp_path, *words)
    assert code in {0, 99}
    planned = {each["name"]: each["state"] for each in found["timed_faults"]}
    assert planned == dict.fromkeys(("slow-payments", "unsteady-inventory", "no-database"), "over")
    assert len(found["faults"]) == 3
    assert out.count(" · failed ") >= 3
    assert sum(n for route, n in served.items() if route.endswith((" 500", " 503"))) > 0


def test_all_of_them_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(path) for path in SCENARIOS.glob("*.yaml"))
    assert run(["validate", *files]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert [line.partition(":")[0] for line in said.out.splitlines()] == files
    plan = load(SCENARIOS / "orders.yaml", env={})
    assert [each.source for each in plan.thresholds][-1] == "count>100"
    assert plan.target == "http://127.0.0.1:3000"
