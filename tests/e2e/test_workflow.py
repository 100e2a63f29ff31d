"""The example workflow: its shell steps in a copy of the checkout, as GitHub's runner runs them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.real import ROOT, require_real
from tests.support.tmux import environment, processes

WORKFLOW = ROOT / "docs" / "ci" / "github-actions.yml"
IS_RUN = {
    "push": {None, "always()", "github.event_name == 'push'"},
    "schedule": {None, "always()", "github.event_name == 'schedule'"},
}


def workflow() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(WORKFLOW)
    return found


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workflow()["jobs"]["load"]["steps"]
    return found


class Runner:
    """One job in a checkout of its own."""

    def __init__(self, home: Path) -> None:
        self._home, self.checkout = home, home / "checkout"
        self.summary = home / "summary.md"
        self._files = {name: home / name for name in ("GITHUB_ENV", "GITHUB_PATH")}
        for file in (self.summary, *self._files.values()):
            file.touch()
        kept = {name: os.environ[name] for name in os.environ if not name.startswith("PYTHON")}
        self._environment = {
            **kept,
            **environment(home),
            **{name: str(file) for name, file in self._files.items()},
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.checkout),
            # The runner's set-up puts this Python first. Packages of these pins that are installed
            # here already satisfy pip; nothing is fetched again for each test.
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), kept["PATH"])),
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PIP_NO_INDEX": "1",
            "LOADTUI_TIME_SCALE": "200",
        }

    def check_out(self) -> None:
        """Every tracked file as it is here."""
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.checkout / name)

    def end_processes(self) -> None:
        """End what a step that failed has left behind."""
        for process in processes(self._home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """One step, in the shell that is a step's unless it names one."""
        set_by_steps = dict(
            line.split("=", 1) for line in self._files["GITHUB_ENV"].read_text().splitlines()
        )
        path = [*self._files["GITHUB_PATH"].read_text().splitlines(), self._environment["PATH"]]
        return subprocess.run(
            ["bash", "-e", "-c", script],
            env={**self._environment, **set_by_steps, "PATH": os.pathsep.join(path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            cwd=self.checkout,
        )


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A checkout in which the step before the services has run."""
    require_real("postgres")
    runner = Runner(tmp_path_factory.mktemp("job"))
    runner.check_out()
    (install,) = (step for step in steps() if step.get("name") == "Install loadtui")
    done = runner.run(install["run"])
    assert done.returncode == 0, done
    where = "import loadtui; print(loadtui.__file__)"
    found = runner.run(f"command -v loadtui; python -P -c '{where}'").stdout.splitlines()
    own = str(runner.checkout / ".venv")
    assert [each.startswith(own) for each in found] == [True, True], found
    return runner


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("event", "name", "codes"), [("push", "smoke", {0}), ("schedule", "load", {0, 99})]
)
def test_its_steps_serve_load_and_keep_results(
    event: str, name: str, codes: set[int], runner: Runner
) -> None:
    runner.summary.write_text("")
    ended = {}
    try:
        for step in steps()[3:]:
            if "run" in step and step.get("if") in IS_RUN[event]:
                done = runner.run(step["run"])
                ended[step["name"]] = done.returncode
                # On two busy cores the rehearsal of the load test may well break its thresholds.
                assert done.returncode in (codes if "test" in step["name"] else {0}), done
    finally:
        runner.end_processes()
    assert list(ended) == ["Start the services", f"{name.title()} test", "Stop the services"]
    results = runner.checkout / "results"
    told = json.loads((results / f"{name}.json").read_text())
    assert told["exit_code"] == ended[f"{name.title()} test"]
    assert told["metrics"]["http_reqs"]["values"]["count"] > 0
    assert (results / f"{name}.xml").read_text().startswith("<?xml")
    assert re.match(rf"## [✓✗] {name}: (passed|failed)\n", runner.summary.read_text())


def test_it_may_only_read_and_pins_what_it_uses() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    assert all(set(job) & {"permissions"} == set() for job in workflow()["jobs"].values())
    used = [step["uses"] for step in steps() if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used)
    last = steps()[-1]
    assert (last["if"], last["with"]["path"]) == ("always()", "results/")


def test_it_runs_on_push_to_main_and_every_night() -> None:
    # `on` is a word of YAML 1.1, and a key of 1.2, which is what is read here.
    asked = workflow()["on"]
    assert asked["push"] == {"branches": ["main"]}
    assert re.fullmatch(r"\d+ \d+ \* \* \*", asked["schedule"][0]["cron"])
