"""Every exit code, from the command line, with what is told beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.e2e.strangers import proxies, somebodys_server, within
from tests.support.slow_server import SlowServer, slow_server
from tests.support.tmux import environment, processes
from tests.support.toxiproxy_server import RealServer

JOURNEY = """\
target: {target}
journey: shop.py
load: {{vus: 2, iterations: 6}}
thresholds:
  http_req_duration: [p(95)<5000]
"""
LIST = """\
target: {target}
requests:
  - {{url: /, checks: {{status is 200: {{status: 200}}}}}}
load: {load}
metrics: {{lost: counter}}
thresholds:
  http_req_duration: [p(95)<{limit}, {{threshold: max<{limit}, abortOnFail: {abort}}}]
  "http_req_duration{{status:503}}": [p(95)<100]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(5) as running:
        yield running


def started(home: Path, *words: str, **given: Any) -> subprocess.Popen[str]:
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given}
    return subprocess.Popen(
        [sys.executable, "-m", "loadtui", *words, "--headless"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=home,
        **given,
    )


def run(home: Path, *words: str, **given: Any) -> tuple[int, str, str]:
    with started(home, *words, **given) as process:
        out, err = process.communicate(timeout=40)
    assert processes(home) == {}
    assert "Traceback" not in (err or "")
    return process.returncode, out, err


def journey(home: Path, server: SlowServer, body: str) -> str:
    (home / "shop.py").write_text(f"async def run(vu):\n{body}", encoding="utf-8")
    (home / "s.yaml").write_text(JOURNEY.format(target=server.url), encoding="utf-8")
    return "s.yaml"


def requests(
    home: Path, server: SlowServer, *, limit: int = 5000, load: str = "", abort: str = "false"
) -> str:
    load = load or "{vus: 2, iterations: 30}"
    text = LIST.format(target=server.url, limit=limit, load=load, abort=abort)
    (home / "s.yaml").write_text(text, encoding="utf-8")
    return "s.yaml"


def test_0_where_everything_held_with_every_file_written(
    tmp_path: Path, server: SlowServer
) -> None:
    file = requests(tmp_path, server)
    outs = ["--out", "summary=s.json", "--out", "junit=j.xml", "--summary-export", "k6.json"]
    code, out, err = run(tmp_path, "run", file, "-q", "--summary-mode", "full", *outs)
    assert code == 0, err
    assert "METRICS" in out
    assert "req/s" not in err  # no lines of progress
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["verdict"], found["exit_code"], found["never_fed"]) == ("passed", 0, ["lost"])
    assert found["metrics"]["http_reqs"]["values"]["count"] == 30
    assert found["metrics"]["http_req_waiting"]["values"]["p(99)"] > 4
    exported = json.loads((tmp_path / "k6.json").read_text())["metrics"]
    assert exported["http_reqs"]["count"] == exported["checks"]["passes"] == 30
    assert exported["http_req_duration"]["thresholds"]["p(95)<5000"] is False
    cases = ET.parse(tmp_path / "j.xml").getroot()  # noqa: S314 - our own text
    assert [cases.get(name) for name in ("tests", "failures", "skipped")] == ["5", "0", "1"]
    said = "no data for p(95)<100 {status:503}; --fail-on-no-data fails such a run"
    assert err.count(said) == 1


def test_99_where_a_threshold_saw_no_data_and_that_fails(
    tmp_path: Path, server: SlowServer
) -> None:
    code, out, err = run(tmp_path, "run", requests(tmp_path, server), "--fail-on-no-data")
    assert code == 99, err
    assert "– p(95)<100 {status:503}  no data" in out


def test_0_where_thresholds_are_left_out(tmp_path: Path, server: SlowServer) -> None:
    code, out, _ = run(tmp_path, "run", requests(tmp_path, server, limit=1), "--no-thresholds")
    assert code == 0
    assert "THRESHOLDS" not in out


def test_99_as_soon_as_a_threshold_asks_to_abort(tmp_path: Path, server: SlowServer) -> None:
    file = requests(tmp_path, server, limit=1, load="{vus: 2, duration: 60s}", abort="true")
    began = time.monotonic()
    code, out, err = run(tmp_path, "run", file)
    assert code == 99
    assert time.monotonic() - began < 20
    assert "✗ max<1" in out
    assert "2 of 3 thresholds failed: p(95)<1, max<1" in err


def test_104_before_anything_is_sent(tmp_path: Path, server: SlowServer) -> None:
    before = server.served()
    file = requests(tmp_path, server)
    for words, says in (
        (["--out", "junit=gone/j.xml"], "there is no folder gone"),
        (["--out", "jnit=j.xml"], "there is no output 'jnit'"),
        (["--out", "junit="], "names no file"),
        (["--summary-export", "."], "is a folder"),
        (["--out", "junit=a", "--summary-export", "a"], "two results"),
        (["--summary-trend-stats", "p(101)"], "'p(101)' is not a stat of a trend"),
        (["--summary-mode", "long"], "'long' is not one of"),
    ):
        code, _, err = run(tmp_path, "run", file, *words)
        assert code == 104, words
        assert says in err
        assert len(err.splitlines()) == 1
    assert server.served() == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_105_with_the_verdict_judged_and_told(
    number: signal.Signals, tmp_path: Path, server: SlowServer
) -> None:
    file = requests(tmp_path, server, limit=1, load="{vus: 2, duration: 60s}")
    before = server.served()
    with started(tmp_path, "run", file, "--out", "summary=s.json") as process:
        while server.served() < before + 20:
            time.sleep(0.05)
        asked = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 105
    assert time.monotonic() - asked < 5
    assert "✗ p(95)<1" in out
    assert "interrupted; 2 of 3 thresholds failed" in err
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["verdict"], found["exit_code"]) == ("interrupted", 105)
    told = found["metrics"]["http_reqs"]["values"]["count"] + found["cut"]
    assert told == server.served() - before
    assert processes(tmp_path) == {}


def test_107_where_every_iteration_of_a_journey_raised(tmp_path: Path, server: SlowServer) -> None:
    file = journey(tmp_path, server, "    await vu.http.get('/')\n    raise KeyError('x')\n")
    code, out, err = run(tmp_path, "run", file)
    assert code == 107
    assert "every iteration failed (6): the journey raised each time" in err
    assert "✓ p(95)<5000" in out


@pytest.mark.parametrize(
    "call",
    ["    vu.abort('out of stock')\n", "    async with TaskGroup() as g: g.create_task(_it(vu))\n"],
)
def test_108_where_a_journey_aborts_the_run(call: str, tmp_path: Path, server: SlowServer) -> None:
    body = f"    await vu.http.get('/')\n{call}"
    file = journey(tmp_path, server, body)
    with (tmp_path / "shop.py").open("a", encoding="utf-8") as shop:
        shop.write("\nfrom asyncio import TaskGroup\n")
        shop.write("\nasync def _it(vu):\n    vu.abort('out of stock')\n")
    code, out, err = run(tmp_path, "run", f"{file}", "--workers", "2")
    assert code == 108, err
    assert "the journey aborted the run: out of stock" in err
    assert "aborted by the journey; the one threshold held until then" in err
    assert "✓ p(95)<5000" in out


def faulty(home: Path, server: RealServer) -> subprocess.Popen[str]:
    """A session under load with a fault on the proxy alpha of somebody's server."""
    target = f"http://{proxies(server)['alpha']['listen']}/"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.scripted_fault", target, server.url, "alpha"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    within(20, lambda: proxies(server)["alpha"]["toxics"], "the fault on alpha")
    return process


@pytest.mark.timeout(60)
def test_111_where_a_fault_could_not_be_lifted(tmp_path: Path) -> None:
    with somebodys_server("embedded") as toxiproxy:
        with faulty(tmp_path, toxiproxy) as process:
            toxiproxy.pause()
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
            took = time.monotonic() - asked
        assert process.returncode == 111
        assert "NOT LIFTED" in err
        assert f"toxiproxy-cli --host {toxiproxy.url}" in err
        assert "http_reqs" in out
        assert took < 5
        toxiproxy.resume()
        within(20, lambda: not proxies(toxiproxy)["alpha"]["toxics"], "lifted by the watchdog")
        within(70, lambda: processes(tmp_path) == {}, "the watchdog's end")


@pytest.mark.timeout(60)
def test_a_second_signal_leaves_lifting_to_the_watchdog(tmp_path: Path) -> None:
    with somebodys_server("embedded") as toxiproxy:
        with faulty(tmp_path, toxiproxy) as process:
            toxiproxy.pause()  # so that the session itself cannot lift
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            asked = time.monotonic()
            process.communicate(timeout=10)
            took = time.monotonic() - asked
        assert process.returncode == 105
        assert took < 2
        toxiproxy.resume()
        within(20, lambda: not proxies(toxiproxy)["alpha"]["toxics"], "lifted by the watchdog")
        within(70, lambda: processes(tmp_path) == {}, "the watchdog's end")


def test_a_verdict_survives_a_stdout_that_takes_nothing(tmp_path: Path, server: SlowServer) -> None:
    file = requests(tmp_path, server, limit=1)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        code, _, err = run(tmp_path, "run", file, "--out", "junit=/dev/full", stdout=full)
    assert code == 99
    assert "the summary could not be printed: No space left on device" in err
    assert "/dev/full was not written: No space left on device; the verdict stands" in err
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        assert run(tmp_path, "run", file, stdout=full, stderr=full)[0] == 99


def test_a_second_signal_ends_the_run_at_once(tmp_path: Path) -> None:
    with slow_server(60_000) as stuck:
        file = requests(tmp_path, stuck, load="{vus: 2, duration: 60s}")
        with started(tmp_path, "run", file) as process:
            while not processes(tmp_path) or "VUs" not in process.stderr.readline():  # type: ignore[union-attr]
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            assert process.wait(2) == 105
    deadline = time.monotonic() + 10
    while processes(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes(tmp_path) == {}
