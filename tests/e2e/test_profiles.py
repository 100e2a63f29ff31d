"""Profiles on the command line, against real servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_headless import SCENARIO, requests_in
from tests.support.real import require_real
from tests.support.shell import shell
from tests.support.slow_server import slow_server
from tests.support.tmux import environment

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def orders_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `loadtui demo --serve`."""
    require_real("postgres")
    home = tmp_path_factory.mktemp("served")
    serving = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "demo", "--serve"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", serving.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
        serving.stdout.close()


@pytest.mark.parametrize(
    ("name", "scale"),
    [("smoke", 30), ("load", 180), ("stress", 460), ("soak", 5000), ("spike", 150)],
)
def test_the_tutorials_scenarios_rehearse_on_the_demo(
    name: str, scale: int, orders_system: str, tmp_path: Path
) -> None:
    words = ("run", str(SCENARIOS / f"{name}.yaml"), "--headless", "--time-scale", str(scale))
    done = shell(tmp_path, *words, "-e", f"BASE_URL={orders_system}", wait=90)
    assert done.returncode in {0, 99}, done.stderr
    assert f"REHEARSAL: the plan goes {scale} times as fast" in done.stderr
    assert requests_in(done.stdout) > 0
    assert "http_req_duration" in done.stdout


def chain(tmp_path: Path, target: str, limit: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "orders.yaml"
    file.write_text(SCENARIO.format(target=target, limit=limit))
    words = ("run", str(file), "--headless", "--profile", "smoke,load", "--time-scale", "300")
    return shell(tmp_path, *words)


def test_several_profiles_run_in_turn(tmp_path: Path) -> None:
    with slow_server(20) as server:
        done = chain(tmp_path, server.url, "5000")
        assert done.returncode == 0, done.stderr
        assert "── smoke (1 of 2)" in done.stderr
        assert "── load (2 of 2)" in done.stderr


def test_the_first_that_does_not_pass_is_the_last(tmp_path: Path) -> None:
    with slow_server(20) as server:
        done = chain(tmp_path, server.url, "1")
        assert done.returncode == 99
        assert "smoke did not pass; not run: load" in done.stderr
        assert "(2 of 2)" not in done.stderr
        assert server.served() == requests_in(done.stdout)


def test_a_climb_ends_where_the_system_breaks(tmp_path: Path) -> None:
    with slow_server(20) as server:
        file = tmp_path / "climb.yaml"
        file.write_text(
            f"target: {server.url}\nrequests: [{{url: /x}}]\n"
            "load: {profile: breakpoint, stages: [30s:30]}\n"
            "thresholds:\n  http_req_duration:\n"
            "    - {threshold: p(95)<5 over 2s, abortOnFail: true}\n"
        )
        done = shell(tmp_path, "run", str(file), "--headless")
        assert done.returncode == 99, done.stderr
        assert re.search(r"^knee: \d+ VUs?.* into the run$", done.stderr, re.MULTILINE)
        assert "broke first: http_req_duration p(95)<5 over 2s (was 2" in done.stderr
