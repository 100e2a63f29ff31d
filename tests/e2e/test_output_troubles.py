"""Outputs in trouble: the load goes on, the verdict stands, and what is missing is told."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.test_headless import requests_in
from tests.e2e.test_outputs import points, scenario, summed
from tests.support.counting_server import counting_server
from tests.support.influx import influx
from tests.support.prometheus import NATIVE, RECEIVES, prometheus, victoria
from tests.support.shell import headless, shell
from tests.support.statsd import statsd
from tests.support.tmux import Tmux, environment, processes


def kill(home: Path, module: str) -> None:
    """End one process of a run as the kernel ends one that takes too much memory."""
    pid = next(pid for pid, words in processes(home).items() if module in words)
    os.kill(pid, signal.SIGKILL)


def test_every_database_has_what_the_summary_says(tmp_path: Path) -> None:
    """At once, from one run: otlp, statsd, and native histograms where they are taken and not."""
    with (
        counting_server() as server,
        victoria(tmp_path / "vm") as otlp,
        prometheus(tmp_path / "native", RECEIVES, NATIVE) as native,
        prometheus(tmp_path / "plain", RECEIVES) as plain,
        statsd() as receiver,
    ):
        file = scenario(tmp_path, server, rate=20, duration=2)
        outs = (
            f"otlp={otlp.otlp}",
            f"prometheus={native.url}?native=1",
            f"prometheus={plain.url}?native=1",
            f"statsd={receiver.place}",
        )
        words = [word for out in outs for word in ("--out", out)]
        done = shell(tmp_path, "run", file, "--headless", "--run-id", "build-7", *words)
        assert done.returncode == 0, done.stderr
        served = server.count()
        assert served == requests_in(done.stdout)
        assert (
            otlp.value('http_reqs{"loadtui.run.id"="build-7","service.name"="loadtui"}') == served
        )
        assert otlp.value('http_req_failed.total{condition="zero"}') == served
        assert otlp.value("http_req_duration_count") == served
        assert otlp.value('checks.total{check="is ok",condition="nonzero"}') == served
        assert otlp.value('checks.total{check="is a miracle",condition="zero"}') == served
        quantile = "histogram_quantile(0.95, sum by (vmrange) (http_req_duration_bucket))"
        p95 = _p95(done.stdout)
        assert otlp.value(quantile) == pytest.approx(p95, rel=0.03)
        duration = "k6_http_req_duration_seconds"
        assert native.value(f"histogram_count({duration})") == served
        assert native.value(f"histogram_quantile(0.95, {duration}) * 1e3") == pytest.approx(
            p95, rel=0.03
        )
        for database in (native, plain):
            assert database.value("k6_http_reqs_total") == served
        found = receiver.wait_for(
            lambda found: found.get("k6_http_req_duration_count", 0) >= served  # these come last
        )
        assert found["k6_check_is_a_miracle_fail"] == found["k6_orders"] == served
        assert found["k6_http_req_duration_count"] == found["k6_http_reqs"] == served
    assert "takes no native histograms" in done.stderr
    assert "UDP says nothing of their arrival" in done.stderr


def _p95(summary: str) -> float:
    """In ms, as printed; two digits of it are more than a histogram tells."""
    found = re.search(r"http_req_duration \.* .*?p95 ([\d.]+)\s(µs|ms|s)\b", summary)
    assert found, summary
    return float(found[1]) * {"µs": 1e-3, "ms": 1.0, "s": 1e3}[found[2]]


def test_a_sink_that_is_killed_is_told_of_and_the_run_goes_on(tmp_path: Path) -> None:
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=100, duration=3)
        with headless(tmp_path, "run", file, "--out", f"json={tmp_path / 'a.json'}") as process:
            server.count(100)
            kill(tmp_path, "loadtui.outputs.sink")
            stdout, stderr = process.communicate(timeout=30)
        assert process.returncode == 0, stderr
        assert server.count() == requests_in(stdout) == 301
    assert "sink is gone" in stderr
    assert "nobody knows what was written" in stderr
    assert processes(tmp_path) == {}


def test_a_lost_worker_takes_no_more_than_its_last_moment_along(tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=100, duration=4)
        with headless(tmp_path, "run", file, "--workers", "2", "--out", f"json={out}") as process:
            server.count(100)
            kill(tmp_path, "loadtui.load.worker 1")
            stdout, stderr = process.communicate(timeout=30)
        assert process.returncode == 0, stderr
        served = server.count()
    written = summed(points(out), "http_reqs")
    # Half of the load for a second: reports go four times a second, busy machines are slower.
    assert served - 50 <= written <= served
    assert served - 50 <= requests_in(stdout) <= served


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk of its own")
def test_a_disk_that_fills_up_is_told_and_what_fits_is_kept(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    keep = f'mount -t tmpfs -o size=200k tmpfs {disk} && "$@"; code=$?; cp {disk}/a.json {tmp_path}'
    before = ("unshare", "-m", "sh", "-c", f"{keep}; exit $code", "sh")
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=100, duration=2)
        out = f"json={disk / 'a.json'}"
        with headless(tmp_path, "run", file, "--out", out, before=before) as process:
            stdout, stderr = process.communicate(timeout=30)
        assert process.returncode == 0, stderr
        assert server.count() == requests_in(stdout) == 201
    assert "cannot be written: No space left on device" in stderr
    assert "NOT written" in stderr
    assert 100_000 < (tmp_path / "a.json").stat().st_size <= 200 * 1024


def test_a_wrong_database_is_told_before_any_request_and_no_password_is(tmp_path: Path) -> None:
    with influx(tmp_path / "db", signed=True) as database, counting_server() as server:
        database.order("CREATE USER boss WITH PASSWORD 'b' WITH ALL PRIVILEGES")
        for order in (
            "CREATE DATABASE load",
            "CREATE USER ci WITH PASSWORD 's3cret-of-ci'",
            "GRANT WRITE ON load TO ci",
        ):
            database.order(order, "boss", "b")
        place = database.url.replace("//", "//ci:s3cret-of-ci@")
        words = (server.url("/"), "--headless", "--iterations", "2", "--out")
        refused = shell(tmp_path, *words, f"influxdb={place}/others")
        assert refused.returncode == 104
        assert "database not found" in refused.stderr
        assert "written" not in refused.stderr
        assert server.count() == 0
        twice = (f"influxdb={place}/load", "--out", f"influxdb={place}/load")
        assert shell(tmp_path, *words, *twice).returncode == 104
        done = shell(tmp_path, *words, f"influxdb={place}/load")
        assert done.returncode == 0, done.stderr
        assert server.count() == 2
    said = [refused.stdout, refused.stderr, done.stdout, done.stderr]
    kept = [file.read_text() for name in ("data", "state") for file in _files(tmp_path / name)]
    assert kept
    assert not [text for text in (*said, *kept) if "s3cret-of-ci" in text]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in {".ndjson", ".log", ".json"}]


def test_the_screen_writes_samples_too(tmp_path: Path) -> None:
    out, summary = tmp_path / "a.json", tmp_path / "s.json"
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=50, duration=2)
        command = [sys.executable, "-m", "loadtui", "run", file, "--start"]
        command += ["--out", f"json={out}", "--out", f"summary={summary}"]
        env = environment(tmp_path)
        with Tmux(f"outputs-{os.getpid()}", command, env=env, size=(120, 40)) as terminal:
            server.count(101)
            terminal.wait(lambda shown: "plan over" in shown, seconds=20, what="the plan's end")
            terminal.press("q")
            shown = terminal.wait(lambda shown: "exit code" in shown, seconds=20, what="an end")
        assert "samples written" in shown
        assert "exit code: 0" in shown
        assert summed(points(out), "http_reqs") == server.count() == 101
