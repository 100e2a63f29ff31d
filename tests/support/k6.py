"""The real k6 and loadtui on the same traffic, each told in its own words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.support.real import require_real
from tests.support.tmux import environment

Thresholds = Mapping[str, Sequence[Any]]

SCRIPT = """\
import http from 'k6/http';
import exec from 'k6/execution';
import {{ check, group, sleep }} from 'k6';
import {{ Counter, Gauge, Rate, Trend }} from 'k6/metrics';
export const options = {options};
{before}
export default function () {{
{body}
}}
"""


class Ask(NamedTuple):
    """One request; a `status` is checked where it is not 0. `think`: seconds after it."""

    name: str
    url: str
    method: str = "GET"
    json: Any = None
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    think: float = 0.0


class Traffic(NamedTuple):
    """What both are to do. `load`: `vus` with `duration` or `iterations`, in words of both."""

    target: str
    requests: tuple[Ask, ...]
    load: Mapping[str, Any]
    thresholds: Thresholds = MappingProxyType({})

    def script(self) -> str:
        """For k6."""
        lines = [line for each in self.requests for line in _asked(self.target, each)]
        return script({**self.load, "thresholds": dict(self.thresholds)}, "\n".join(lines))

    def scenario(self) -> str:
        """For loadtui: JSON is YAML."""
        return json.dumps(
            {
                "target": self.target,
                "requests": [_written(each) for each in self.requests],
                "load": self.load,
                "thresholds": dict(self.thresholds),
            }
        )


def script(options: Mapping[str, Any], body: str, before: str = "") -> str:
    """A k6 script around that body."""
    return SCRIPT.format(options=json.dumps(options), body=body, before=before)


def _asked(target: str, ask: Ask) -> list[str]:
    body = "null" if ask.json is None else f"JSON.stringify({json.dumps(ask.json)})"
    kind = {} if ask.json is None else {"Content-Type": "application/json"}
    settings = {"tags": {"name": ask.name}, "headers": {**kind, **ask.headers}}
    url = ask.url if ask.url.startswith("http") else target + ask.url
    words = ", ".join((json.dumps(ask.method), json.dumps(url), body, json.dumps(settings)))
    call = f"http.request({words})"
    if ask.status:
        name = json.dumps(f"status is {ask.status}")
        call = f"check({call}, {{ {name}: (r) => r.status === {ask.status} }})"
    return [f"  {call};", *([f"  sleep({ask.think:g});"] if ask.think else [])]


def _written(ask: Ask) -> dict[str, Any]:
    out: dict[str, Any] = {"name": ask.name, "url": ask.url, "method": ask.method}
    if ask.headers:
        out["headers"] = dict(ask.headers)
    if ask.json is not None:
        out["json"] = ask.json
    if ask.status:
        out["checks"] = {f"status is {ask.status}": {"status": ask.status}}
    if ask.think:
        out["think"] = f"{ask.think:g}s"
    return out


class Ran(NamedTuple):
    """A run that has ended. `exported`: its --summary-export, `lines`: its --out json."""

    code: int
    out: str
    err: str
    exported: dict[str, Any]
    lines: list[dict[str, Any]]

    @property
    def verdicts(self) -> dict[str, dict[str, bool]]:
        """Metric → threshold → whether it was breached."""
        metrics = self.exported.get("metrics", {})
        return {name: each["thresholds"] for name, each in metrics.items() if "thresholds" in each}

    def value(self, metric: str, name: str) -> float:
        """One number of one metric."""
        return float(self.exported["metrics"][metric][name])

    def count(self, metric: str) -> int:
        """A counter's sum, 0 where there is none."""
        return int(self.exported.get("metrics", {}).get(metric, {}).get("count", 0))


class Running:
    """One of them, started in a folder of its own."""

    def __init__(self, folder: Path, command: Sequence[str], given: Mapping[str, str]) -> None:
        self._folder = folder
        self.process = subprocess.Popen(
            [*command, "--summary-export", "exported.json", "--out", "json=lines.json"],
            env={**os.environ, **environment(folder), **given},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )

    def wait_for_lines(self) -> None:
        """Wait until it has written samples."""
        lines = self._folder / "lines.json"
        deadline = time.monotonic() + 30
        while not (lines.exists() and lines.stat().st_size):
            assert time.monotonic() < deadline, "no sample was written in 30 s"
            time.sleep(0.05)

    def end(self, patience: float = 40) -> Ran:
        """Wait for its end."""
        with self.process:
            try:
                out, err = self.process.communicate(timeout=patience)
            finally:
                self.process.kill()
        exported = self._folder / "exported.json"
        written = json.loads(exported.read_text()) if exported.exists() else {}
        lines = self._folder / "lines.json"
        found = lines.read_text().splitlines() if lines.exists() else []
        return Ran(self.process.returncode, out, err, written, [json.loads(line) for line in found])


def k6(folder: Path, text: str, *words: str) -> Running:
    """Start the real one on a script; it reports to nobody and opens no port."""
    (folder / "k6").mkdir(exist_ok=True)
    (folder / "k6" / "script.js").write_text(text, encoding="utf-8")
    command = [str(require_real("k6")), "run", "--address", "", *words, "script.js"]
    return Running(folder / "k6", command, {"K6_NO_USAGE_REPORT": "true"})


def loadtui(
    folder: Path, text: str, *words: str, journey: str = "", file: str = "scenario.yaml"
) -> Running:
    """Start loadtui on a scenario, which may name `journey.py`."""
    (folder / "loadtui").mkdir(exist_ok=True)
    (folder / "loadtui" / file).write_text(text, encoding="utf-8")
    (folder / "loadtui" / "journey.py").write_text(journey, encoding="utf-8")
    command = [sys.executable, "-m", "loadtui", "run", file, "--headless", *words]
    return Running(folder / "loadtui", command, {})


def both(folder: Path, traffic: Traffic, *words: str) -> tuple[Ran, Ran]:
    """k6 and loadtui at once, with the same flags, for what does not depend on their speed."""
    theirs = k6(folder, traffic.script(), *words)
    ours = loadtui(folder, traffic.scenario(), *words)
    return theirs.end(), ours.end()
