"""Headless runs against a real server in a process of its own: its count is the truth."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.support.real import require_real
from tests.support.shell import headless, shell
from tests.support.slow_server import slow_server
from tests.support.tmux import processes

SCENARIO = """
name: orders
target: {target}
requests:
  - name: create_order
    method: POST
    url: /api/orders
    headers: {{x-api-key: secret-of-mine}}
    json: {{customer: cust-1}}
    checks:
      status is 200: {{status: 200}}
      has order id: {{json: id}}
    save: {{order_id: id}}
    count: {{order_created: status is 200}}
  - name: get_order
    url: /api/orders/${{order_id}}
thresholds:
  http_req_duration: [p(95)<{limit}]
  order_created: [count>=5]
"""


def figure(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(re.sub(r"\D", "", found[1]))


def requests_in(summary: str) -> int:
    return figure(r"http_reqs \.+ ([\d\u00a0 ]+?)(?:  |\n)", summary)


@pytest.mark.parametrize(("workers", "vus"), [("1", "4"), ("2", "9")])
def test_iterations_are_exact_and_equal_the_servers_count(
    workers: str, vus: str, tmp_path: Path
) -> None:
    with slow_server(2) as server:
        words = [server.url, "--headless", "--vus", vus, "--iterations", "53"]
        done = shell(tmp_path, *words, "--workers", workers)
        assert done.returncode == 0, done.stderr
        assert server.served() == requests_in(done.stdout) == 53


def test_a_timed_run_counts_every_request_once(tmp_path: Path) -> None:
    with slow_server(5) as server:
        done = shell(tmp_path, server.url, "--headless", "--vus", "20", "--duration", "2s")
        assert done.returncode == 0, done.stderr
        assert server.served() == requests_in(done.stdout) > 1000


def test_no_more_requests_a_second_than_the_limit(tmp_path: Path) -> None:
    with slow_server(5) as server:
        words = (server.url, "--headless", "--vus", "20", "--duration", "3s", "--rps", "50")
        done = shell(tmp_path, *words, "--out", f"summary={tmp_path / 's.json'}")
        assert done.returncode == 0, done.stderr
        # Those who wait for their turn at the end may still finish: at most one each.
        assert 100 <= server.served() == requests_in(done.stdout) <= 150 + 20 + 5
        assert "limited to 50/s" in done.stdout
        assert json.loads((tmp_path / "s.json").read_text())["rps_limit"] == 50


@pytest.mark.parametrize(("limit", "code"), [("500", 0), ("1", 99)])
def test_thresholds_alone_decide_the_exit_code(limit: str, code: int, tmp_path: Path) -> None:
    with slow_server(5) as server:
        file = tmp_path / "orders.yaml"
        file.write_text(SCENARIO.format(target=server.url, limit=limit))
        done = shell(tmp_path, "run", str(file), "--headless", "--iterations", "20")
        assert done.returncode == code, done.stderr
        assert server.served() == requests_in(done.stdout) == 40
        assert figure(r"order_created \.+ (\d+)", done.stdout) == 20


def test_what_is_written_never_holds_a_secret(tmp_path: Path) -> None:
    with slow_server(1) as server:
        file = tmp_path / "orders.yaml"
        file.write_text(SCENARIO.format(target=server.url, limit="500"))
        shell(tmp_path, "run", str(file), "--headless", "--iterations", "5")
    written = [p for p in tmp_path.rglob("*") if p.is_file() and p != file]
    assert any(p.suffix == ".ndjson" for p in written)
    assert [p for p in written if b"secret-of-mine" in p.read_bytes()] == []


def test_a_target_that_never_answers_is_a_failed_set_up(tmp_path: Path) -> None:
    done = shell(tmp_path, "http://127.0.0.1:9", "--headless", "--iterations", "2")
    assert done.returncode == 107
    assert "never answered (refused ×2); is it up?" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_with_its_summary(number: signal.Signals, tmp_path: Path) -> None:
    with slow_server(5) as server:
        with headless(tmp_path, server.url, "--vus", "2", "--duration", "60s") as process:
            while server.served() < 20:
                time.sleep(0.05)
            process.send_signal(number)
            out, _ = process.communicate(timeout=10)
        assert process.returncode == 105
        total = requests_in(out)
        cut = figure(r"cut \.+ (\d+)", out) if "cut ." in out else 0
        assert server.served() == total + cut
    assert processes(tmp_path) == {}


@pytest.mark.timeout(120)
def test_the_headless_demo_breaks_and_mends_itself(tmp_path: Path) -> None:
    require_real("postgres")
    done = shell(tmp_path, "demo", "--duration", "24s", wait=100)
    assert done.returncode == 0, done.stderr
    assert "latency payments" in done.stdout
    assert re.search(r"before +\d+", done.stdout)
    journal = Path(re.findall(r"journal (\S+)", done.stdout)[0])
    kinds = [json.loads(line)["k"] for line in journal.read_text().splitlines()]
    assert {"header", "command", "marker", "second", "screen", "end"} == set(kinds)
    assert processes(tmp_path) == {}
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []
