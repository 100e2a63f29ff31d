"""Runs in a job of GitHub Actions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.slow_server import SlowServer, slow_server
from tests.support.tmux import environment

SCENARIO = """\
target: {target}
headers: {{x-api-key: "${{API_KEY}}"}}
requests: [{{url: /x, checks: {{status is 200: {{status: 200}}}}}}]
load: {{vus: 1, iterations: 3}}
thresholds:
  http_req_failed: [rate<0.01]
  http_req_duration:
    - p(95)<{limit}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(5) as running:
        yield running


def run(
    checkout: Path, target: str, *words: str, limit: str = "1", on: bool = True
) -> subprocess.CompletedProcess[str]:
    """A step in `checkout` that runs tests/shop.yaml."""
    (checkout / "tests").mkdir(exist_ok=True)
    (checkout / "tests" / "shop.yaml").write_text(SCENARIO.format(target=target, limit=limit))
    job = {"GITHUB_WORKSPACE": str(checkout), "GITHUB_STEP_SUMMARY": str(checkout / "summary.md")}
    return subprocess.run(
        [sys.executable, "-m", "loadtui", "run", "shop.yaml", "--headless", *words],
        env={
            **os.environ,
            **environment(checkout),
            **({"GITHUB_ACTIONS": "true"} if on else {}),
            **job,
            "API_KEY": "hush-hush",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
        cwd=checkout / "tests",
    )


def commands(text: str) -> list[str]:
    return [line.replace("\u00a0", " ") for line in text.splitlines() if line.startswith("::")]


def test_a_failed_threshold_is_on_its_line_and_the_summary_grows(
    tmp_path: Path, server: SlowServer
) -> None:
    done = run(tmp_path, server.url)
    assert done.returncode == 99
    (told,) = commands(done.stdout)
    assert told.startswith(
        "::error file=tests/shop.yaml,line=8,col=7,title=shop::http_req_duration p(95)<1 failed: "
    )
    summary = tmp_path / "summary.md"
    assert summary.read_text().startswith("## ✗ shop: failed\n")
    assert run(tmp_path, server.url, limit="5000").returncode == 0
    assert "\n\n## ✓ shop: passed\n" in summary.read_text()
    assert "hush-hush" not in summary.read_text()


def test_a_stdout_of_samples_stays_one_and_a_full_summary_takes_no_more(
    tmp_path: Path, server: SlowServer
) -> None:
    (tmp_path / "summary.md").write_bytes(b"x" * (1024 * 1024 - 10))
    done = run(tmp_path, server.url, "--out", "json=-", "--summary-mode", "disabled")
    assert done.returncode == 99
    assert all(line.startswith("{") for line in done.stdout.splitlines())
    assert len(commands(done.stderr)) == 1
    assert (tmp_path / "summary.md").stat().st_size <= 1024 * 1024


def test_a_summary_that_cannot_be_written_changes_no_verdict(
    tmp_path: Path, server: SlowServer
) -> None:
    (tmp_path / "summary.md").mkdir()
    done = run(tmp_path, server.url)
    assert done.returncode == 99
    assert "loadtui: the job summary was not written: Is a directory" in done.stderr


def test_what_is_wrong_with_a_file_is_on_its_line(tmp_path: Path) -> None:
    done = run(tmp_path, "http://127.0.0.1:1", limit="5s")
    assert done.returncode == 104
    (told,) = commands(done.stdout)
    assert told.startswith("::error file=tests/shop.yaml,line=8,col=7::the limit '5s' has a unit;")
    assert not (tmp_path / "summary.md").exists()
    done = run(tmp_path, "http://127.0.0.1:1", "--vus", "2")
    assert commands(done.stdout)[0].startswith("::error::--vus 2 alone")


def test_nothing_of_this_anywhere_else(tmp_path: Path, server: SlowServer) -> None:
    done = run(tmp_path, server.url, on=False)
    assert done.returncode == 99
    assert commands(done.stdout + done.stderr) == []
    assert not (tmp_path / "summary.md").exists()
