"""Runs that end at once, or do not come to their end: the same verdicts and exit codes."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.k6 import Ask, Traffic, both, k6, loadtui, script
from tests.support.slow_server import SlowServer, slow_server

ASKS = (Ask("order", "/x"),)


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(20) as running:
        yield running


def test_a_run_of_an_instant_still_has_rates(tmp_path: Path) -> None:
    rates = {"http_reqs": ["rate>0", "count==1"], "iterations": ["rate>0"]}
    with slow_server() as at_once:
        traffic = Traffic(at_once.url, ASKS, {"vus": 1, "iterations": 1}, rates)
        k6s, ours = both(tmp_path, traffic)
    assert (k6s.code, ours.code) == (0, 0)
    assert ours.verdicts == k6s.verdicts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both_with_105_whatever_was_breached(
    number: signal.Signals, server: SlowServer, tmp_path: Path
) -> None:
    thresholds = {"http_req_duration": ["p(95)<0.001"], "http_req_failed": ["rate<0.5"]}
    traffic = Traffic(server.url, ASKS, {"vus": 1, "duration": "60s"}, thresholds)
    for running in (k6(tmp_path, traffic.script()), loadtui(tmp_path, traffic.scenario())):
        running.wait_for_lines()
        running.process.send_signal(number)
        ended = running.end()
        assert ended.code == 105, ended.err
        assert ended.verdicts["http_req_duration"] == {"p(95)<0.001": True}
        assert ended.verdicts["http_req_failed"] == {"rate<0.5": False}


@pytest.mark.parametrize(
    ("code", "theirs", "ours"),
    [
        (108, "exec.test.abort('enough');", "    vu.abort('enough')"),
        (0, "if (exec.vu.iterationInScenario) throw new Error('x');", "    if vu.iteration: 1 / 0"),
    ],
)
def test_code_ends_both_alike(
    code: int, theirs: str, ours: str, server: SlowServer, tmp_path: Path
) -> None:
    load = {"vus": 1, "iterations": 2}
    k6s = k6(tmp_path, script(load, theirs)).end()
    text = json.dumps({"target": server.url, "journey": "journey.py:run", "load": load})
    mine = loadtui(tmp_path, text, journey=f"async def run(vu):\n{ours}\n").end()
    assert (k6s.code, mine.code) == (code, code), mine.err


def test_code_that_cannot_even_be_read_ends_both_with_107(
    server: SlowServer, tmp_path: Path
) -> None:
    load = {"vus": 1, "iterations": 1}
    k6s = k6(tmp_path, script(load, "", before="throw new Error('x');")).end()
    text = json.dumps({"target": server.url, "journey": "journey.py:run", "load": load})
    mine = loadtui(tmp_path, text, journey="1 / 0\n\nasync def run(vu): pass\n").end()
    assert (k6s.code, mine.code) == (107, 107)
