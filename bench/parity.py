"""The same plans in k6 and here: the VUs of every second, and how many iterations are due."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.contender import Failed
from bench.engine import following, run, until
from bench.figure import Figure
from bench.server import Server
from bench.tools import Tool
from loadtui.model.executor import ConstantRate, Entry, Executor, RampingRate, RampingVus, Stage
from loadtui.model.plan import end_of

RAMP = RampingVus((Stage(0.5, 1), Stage(4, 5), Stage(0.9, 5), Stage(2, 1), Stage(0.3, 1)))
"""No VU comes or goes within 0.3 s after a whole second, at which both are counted."""
REPORTED = 0.28
"""Seconds after which a worker has told what it runs."""
RATES: dict[str, Executor] = {
    "constant-arrival-rate": ConstantRate(50, 4.0, pre_allocated_vus=20, max_vus=20),
    "ramping-arrival-rate": RampingRate(
        (Stage(2.0, 90), Stage(1.5, 90), Stage(1.0, 7)), pre_allocated_vus=20, max_vus=20
    ),
}
AROUND = 1
"""Iterations by which k6 itself may differ from run to run."""

_SCRIPT = """
import http from 'k6/http';
export const options = { scenarios: { plan: %s } };
export default function () { http.get('%s/order'); }
export function handleSummary(data) {
  const count = (name) => (data.metrics[name] ? data.metrics[name].values.count : 0);
  return { stdout: `\\n${count('iterations') + count('dropped_iterations')}` };
}
"""


def measure_parity(k6: Tool, server: Server) -> list[Figure]:
    """Each plan in both; raises Failed when one of them does not run it."""
    mine, theirs = run(_vus(RAMP, server)), _k6(k6, RAMP, server)[0]
    seconds = f"ramping-vus, VUs at each second: {' '.join(map(str, mine))}"
    figures = [Figure(seconds, "k6: " + " ".join(map(str, theirs)), "the same", mine == theirs)]
    for name, plan in RATES.items():
        ours, its = run(_starts(plan, server)), _k6(k6, plan, server)[1]
        goal = f"within {AROUND}"
        figures.append(
            Figure(f"{name}, iterations due: {ours}", f"k6: {its}", goal, abs(ours - its) <= AROUND)
        )
    return figures


async def _vus(plan: RampingVus, server: Server) -> list[int]:
    entries = (Entry("plan", plan),)
    counts = []
    async with following(entries, server) as (pool, _, began):
        for second in range(1, int(end_of(plan) or 0.0) + 1):
            await until(began + second + REPORTED)
            counts.append(pool.active)
    return counts


async def _starts(plan: Executor, server: Server) -> int:
    entries = (Entry("plan", plan),)
    async with following(entries, server) as (_, heard, began):
        await until(began + (end_of(plan) or 0.0) + 0.5)
    return heard.ended + heard.dropped


def _k6(tool: Tool, plan: Executor, server: Server) -> tuple[list[int], int]:
    """VUs at each second, and iterations."""
    with tempfile.TemporaryDirectory() as folder:
        script, points = Path(folder, "plan.js"), Path(folder, "points.json")
        script.write_text(_SCRIPT % (json.dumps(_options(plan)), server.base))
        words = ["run", "--quiet", "--address", "", "--out", f"json={points}", str(script)]
        done = subprocess.run(
            [tool.path, *words],
            env={**os.environ, **tool.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        if done.returncode:
            raise Failed(f"k6 does not run the plan: {done.stderr[-300:]}")
        lines = [json.loads(line) for line in points.read_text().splitlines()]
    vus = [line["data"]["value"] for line in lines if _is_vus(line)]
    return vus, int(done.stdout.split()[-1])


def _is_vus(line: dict[str, str]) -> bool:
    return line["type"] == "Point" and line["metric"] == "vus"


def _options(plan: Executor) -> dict[str, object]:
    match plan:
        case RampingVus(stages=stages, start_vus=start):
            return {"executor": "ramping-vus", "startVUs": start, "stages": _stages(stages)}
        case RampingRate(stages=stages, start_rate=start, pre_allocated_vus=vus):
            rates = {"startRate": start, "stages": _stages(stages), "preAllocatedVUs": vus}
            return {"executor": "ramping-arrival-rate", **rates}
        case ConstantRate(rate=rate, duration=duration, pre_allocated_vus=vus):
            rates = {"rate": rate, "duration": f"{duration:g}s", "preAllocatedVUs": vus}
            return {"executor": "constant-arrival-rate", **rates}
        case _:
            raise Failed(f"{plan} is not put to k6")


def _stages(stages: tuple[Stage, ...]) -> list[dict[str, object]]:
    return [{"duration": f"{stage.duration:g}s", "target": stage.target} for stage in stages]
