"""What a run writes, sample by sample, is what its summary says and what the server has seen."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_headless import requests_in
from tests.support.counting_server import CountingServer, counting_server
from tests.support.influx import free_port, influx
from tests.support.prometheus import RECEIVES, prometheus
from tests.support.shell import shell

SCENARIO = """
name: orders
target: {target}
tags: {{team: web}}
requests:
  - name: order
    url: /slow/1
    tags: {{endpoint: orders}}
    checks:
      is ok: {{status: 200}}
      is a miracle: {{status: 201}}
    count: {{orders: is ok}}
load:
  {{executor: constant-arrival-rate, rate: {rate}, duration: {duration}s, preAllocatedVUs: {rate}}}
thresholds:
  http_req_duration: [p(95)<500]
"""


def scenario(folder: Path, server: CountingServer, *, rate: int, duration: int) -> str:
    file = folder / "orders.yaml"
    target = server.url("").rstrip("/")
    text = SCENARIO.format(target=target, rate=rate, duration=duration)
    file.write_text(text, encoding="utf-8")
    return str(file)


def points(file: Path) -> list[dict[str, Any]]:
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["type"] == "Point"]


def summed(found: list[dict[str, Any]], metric: str) -> float:
    return float(sum(each["data"]["value"] for each in found if each["metric"] == metric))


def test_json_and_csv_hold_every_request_once(tmp_path: Path) -> None:
    as_json, as_csv = tmp_path / "out.json", tmp_path / "out.csv"
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=50, duration=2)
        outs = ["--out", f"json={as_json}", "--out", f"csv={as_csv}", "--workers", "2"]
        done = shell(tmp_path, "run", file, "--headless", *outs)
        assert done.returncode == 0, done.stderr
        served = server.count()
    found = points(as_json)
    assert summed(found, "http_reqs") == served == requests_in(done.stdout)
    counts = Counter(each["metric"] for each in found)
    assert counts["http_req_duration"] == counts["response_time"] == served
    assert counts["checks"] == 2 * served
    assert summed(found, "checks") == summed(found, "orders") == served
    assert summed(found, "http_req_failed") == 0
    assert counts["iterations"] == counts["iteration_duration"] == served
    assert counts["vus"] >= 1
    assert {each["data"]["tags"].get("team") for each in found} == {"web"}
    with as_csv.open(encoding="utf-8", newline="") as lines:
        assert Counter(row["metric_name"] for row in csv.DictReader(lines)) == counts
    assert done.stderr.count("samples written") == 2


def test_failures_are_told_as_k6_tells_them(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    url = f"http://127.0.0.1:{free_port()}/"
    done = shell(
        tmp_path, url, "--headless", "--iterations", "3", "--vus", "1", "--out", f"json={out}"
    )
    assert done.returncode == 107, done.stderr
    found = points(out)
    assert summed(found, "http_reqs") == summed(found, "http_req_failed") == 3
    assert not [each for each in found if each["metric"] == "http_req_duration"]
    (tags,) = (each["data"]["tags"] for each in found[:1])
    assert (tags["status"], tags["error_code"], tags["expected_response"]) == ("0", "1212", "false")


def test_an_interrupted_run_has_written_what_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with counting_server() as server:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "loadtui", server.url("/slow/5"), "--headless"),
                *("--vus", "4", "--duration", "60s", "--out", f"json={out}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        server.count(200)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
        assert process.returncode == 105, stderr
        assert time.monotonic() - began < 5
    assert summed(points(out), "http_reqs") == requests_in(stdout) >= 190


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("jsn=a", "no output 'jsn'"),
        ("json=/no/such/folder/a.json", "no folder"),
        ("influxdb=localhost", "no http:// URL"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_request(
    out: str, words: str, tmp_path: Path
) -> None:
    with counting_server() as server:
        done = shell(tmp_path, server.url("/"), "--headless", "--iterations", "1", "--out", out)
        assert done.returncode == 104
        assert words in done.stderr
        assert server.count() == 0


def test_a_full_disk_is_told_and_changes_no_verdict(tmp_path: Path) -> None:
    with counting_server() as server:
        words = [server.url("/"), "--headless", "--vus", "1", "--iterations", "5"]
        done = shell(tmp_path, *words, "--out", "csv=/dev/full")
        assert done.returncode == 0
        assert server.count() == 5
    assert "No space left" in done.stderr
    assert "NOT written" in done.stderr


def test_a_reader_that_stalls_holds_nothing_up(tmp_path: Path) -> None:
    with counting_server() as server:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "loadtui", server.url("/slow/1"), "--headless"),
                *("--vus", "2", "--duration", "2s", "--out", "json=-"),
                *("--summary-mode", "disabled"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stderr is not None
            # Nobody reads stdout: the run ends all the same, and says what is missing.
            told = process.stderr.read()
            process.kill()
        assert server.count() > 500
    assert "NOT written (there was no time left)" in told


def test_influxdb_has_what_the_summary_says(tmp_path: Path) -> None:
    with influx(tmp_path / "db") as database, counting_server() as server:
        file = scenario(tmp_path, server, rate=20, duration=3)
        done = shell(tmp_path, "run", file, "--headless", "--out", f"influxdb={database.url}/load")
        assert done.returncode == 0, done.stderr
        served = server.count()

        def ask(query: str) -> float:
            return database.value(query, "load")

        assert served == requests_in(done.stdout) == ask("SELECT sum(value) FROM http_reqs")
        assert ask("SELECT count(value) FROM http_req_duration") == served
        assert ask("SELECT mean(value) FROM http_req_failed") == 0
        assert ask("SELECT sum(value) FROM orders") == served
        assert ask("SELECT mean(value) FROM checks") == 0.5
        assert ask("SELECT sum(value) FROM checks WHERE \"check\" = 'is ok'") == served
        assert ask("SELECT sum(value) FROM data_received") > 0
        low, high = _range(done.stdout)
        assert ask("SELECT min(value) FROM http_req_duration") == pytest.approx(
            low, rel=0.005, abs=0.01
        )
        assert ask("SELECT max(value) FROM http_req_duration") == pytest.approx(
            high, rel=0.005, abs=0.01
        )
        (row,) = database.rows("SELECT * FROM http_req_duration LIMIT 1", "load")
        assert (
            row.items()
            >= {
                "endpoint": "orders",
                "expected_response": "true",
                "method": "GET",
                "name": "order",
                "proto": "HTTP/1.1",
                "scenario": "default",
                "status": "200",
                "team": "web",
                "url": "order",
            }.items()
        )


def _range(summary: str) -> tuple[float, float]:
    """Shortest and longest duration in ms, as printed."""
    found = re.search(r"min ([\d.]+)\s(µs|ms|s)\b.*?max ([\d.]+)\s(µs|ms|s)\b", summary)
    assert found, summary
    scale = {"µs": 1e-3, "ms": 1.0, "s": 1e3}
    return float(found[1]) * scale[found[2]], float(found[3]) * scale[found[4]]


def test_a_database_that_comes_late_gets_everything(tmp_path: Path) -> None:
    port = free_port()
    with counting_server() as server:
        file = scenario(tmp_path, server, rate=50, duration=5)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "loadtui", "run", file, "--headless"),
                *("--out", f"influxdb=http://127.0.0.1:{port}/load"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        server.count(50)
        with influx(tmp_path / "db", port) as database:
            _, stderr = process.communicate(timeout=40)
            assert process.returncode == 0, stderr
            asked = database.value("SELECT sum(value) FROM http_reqs", "load")
            assert asked == server.count(), stderr
    assert "it is tried again" in stderr


def test_prometheus_has_what_the_summary_says(tmp_path: Path) -> None:
    with prometheus(tmp_path / "db", RECEIVES) as database, counting_server() as server:
        file = scenario(tmp_path, server, rate=20, duration=3)
        out = f"prometheus={database.url}/api/v1/write"
        done = shell(tmp_path, "run", file, "--headless", "--out", out)
        assert done.returncode == 0, done.stderr
        served = server.count()
        assert database.value("sum(k6_http_reqs_total)") == served == requests_in(done.stdout)
        assert database.value("k6_http_req_failed_rate") == 0
        assert database.value("sum(k6_orders_total)") == served
        assert database.value('k6_checks_rate{check="is ok"}') == 1
        assert database.value('k6_checks_rate{check="is a miracle"}') == 0
        low, high = _range(done.stdout)
        assert low <= database.value("k6_http_req_duration_p99") * 1e3 <= high
        ((found, _),) = database.series("k6_http_reqs_total")
        assert found == {
            "__name__": "k6_http_reqs_total",
            "endpoint": "orders",
            "expected_response": "true",
            "method": "GET",
            "name": "order",
            "proto": "HTTP/1.1",
            "scenario": "default",
            "status": "200",
            "team": "web",
            "url": "order",
        }


def test_a_prometheus_that_takes_no_writes_is_told_before_any_request(tmp_path: Path) -> None:
    with prometheus(tmp_path / "db") as database, counting_server() as server:
        out = f"prometheus={database.url}/api/v1/write"
        done = shell(tmp_path, server.url("/"), "--headless", "--iterations", "1", "--out", out)
        assert done.returncode == 104
        assert RECEIVES in done.stderr
        assert server.count() == 0
