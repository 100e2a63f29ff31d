"""A process watched beside the load, from the file to every place where it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from loadtui.session.recording import opened
from tests.support.grower import Grower, grower
from tests.support.shell import shell
from tests.support.slow_server import slow_server
from tests.support.tmux import environment

SCENARIO = """
target: {target}
requests: [{{url: /x}}]
load: {{vus: 1, duration: 2s}}
watch:
  api: {{pidfile: api.pid}}
thresholds:
  watch_memory{{process:api}}: [value<{limit}]
  watch_up{{process:api}}: [value==1]
"""


def scenario(folder: Path, target: str, watched: Grower, limit: int) -> Path:
    (folder / "api.pid").write_text(str(watched.pid))
    file = folder / "shop.yaml"
    file.write_text(SCENARIO.format(target=target, limit=limit))
    return file


def test_memory_and_files_are_judged_and_told_everywhere(tmp_path: Path) -> None:
    with slow_server(20) as server, grower() as watched:
        watched.take(60_000_000)
        watched.open(30)
        file = scenario(tmp_path, server.url, watched, 10_000_000)
        out = tmp_path / "s.json"
        outs = (f"--out=summary={out}", f"--out=csv={tmp_path / 'samples.csv'}")
        done = shell(tmp_path, "run", str(file), "--headless", *outs)
        assert done.returncode == 99, done.stderr
        assert " api 6" in done.stderr.replace("\u00a0", " ")
        assert f"api ({watched.pid})" in done.stdout
        assert "✗ watch_memory{process:api} value<10000000  6" in done.stdout
        told = json.loads(out.read_text())
        (api,) = told["watched"]
        assert (api["name"], api["pid"], api["gone"]) == ("api", watched.pid, None)
        assert 60e6 < api["memory"] < 100e6
        gauges = {name: each["values"] for name, each in told["metrics"].items()}
        assert gauges["watch_files{process:api}"]["max"] == api["files"] >= 30
        samples = (tmp_path / "samples.csv").read_text()
        assert samples.count("watch_memory,") >= 2
        assert "process=api" in samples
        journal = next((tmp_path / "share").rglob("*.ndjson"), None) or Path(told["journal"])
        with opened(journal) as recording:
            for index in (len(recording.times) // 2, len(recording.times) - 1):
                assert recording.screen(index).watched[0].pid == watched.pid


def test_a_process_that_is_not_there_ends_it_before_a_request(tmp_path: Path) -> None:
    with slow_server(20) as server, grower() as watched:
        file = scenario(tmp_path, server.url, watched, 10**9)
        watched.die()  # still there for whoever asks for its id alone
        done = shell(tmp_path, "run", str(file), "--headless")
        assert done.returncode == 104
        assert f"shop.yaml:6:18: no process {watched.pid} runs, which api.pid names" in done.stderr
        assert server.served() == 0


def test_a_process_that_ends_meanwhile_is_told_and_fails_what_asks_for_it(tmp_path: Path) -> None:
    with slow_server(20) as server, grower() as watched:
        file = scenario(tmp_path, server.url, watched, 10**9)
        running = subprocess.Popen(
            [sys.executable, "-m", "loadtui", "run", str(file), "--headless", "--duration", "3s"],
            env={**os.environ, **environment(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stderr is not None
        with running:
            while "  api " not in (line := running.stderr.readline()):
                assert line, "it ended before it looked"
            watched.kill()
            said, trouble = running.communicate(timeout=30)
        assert running.returncode == 99, trouble
        assert f"· api gone: process {watched.pid} has ended" in trouble
        assert "▲ api is gone since 0:0" in said
        assert "✗ watch_up{process:api} value==1" in said
        assert "✓ watch_memory{process:api}" in said
