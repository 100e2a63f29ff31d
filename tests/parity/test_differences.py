"""Every row of docs/differences-from-k6.md, in the real k6 and in loadtui."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.k6 import Ask, Ran, Traffic, both, k6, loadtui, script
from tests.support.real import ROOT
from tests.support.slow_server import SlowServer, slow_server
from tests.support.toxiproxy_server import free_port

PAGE = ROOT / "docs" / "differences-from-k6.md"
ONCE: dict[str, Any] = {"vus": 1, "iterations": 1}
NEVER_LISTENS = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def server() -> Iterator[SlowServer]:
    with slow_server(20) as running:
        yield running


def points(ran: Ran, metric: str) -> list[dict[str, Any]]:
    return [
        line["data"] for line in ran.lines if line["type"] == "Point" and line["metric"] == metric
    ]


def journey(folder: Path, target: str, body: str, *words: str, **more: Any) -> Ran:
    text = json.dumps({"target": target, "journey": "journey.py:run", "load": ONCE, **more})
    return loadtui(folder, text, *words, journey=f"async def run(vu):\n{body}\n").end()


def test_every_row_names_its_test() -> None:
    rows = re.findall(r"^\|.*\| `(test_\w+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    tests = {name for name in globals() if name.startswith("test_")} - {
        "test_every_row_names_its_test"
    }
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    assert len(rows) == len(table) - 1, "a row without a test"
    assert sorted(rows) == sorted(tests)


# -- measuring -------------------------------------------------------------------------------------


def test_refused_connections(server: SlowServer, tmp_path: Path) -> None:
    asks = (Ask("up", "/x"), Ask("down", f"{NEVER_LISTENS}/x", status=0))
    k6s, ours = both(tmp_path, Traffic(server.url, asks, ONCE))
    assert sorted(each["value"] > 0 for each in points(k6s, "http_req_duration")) == [False, True]
    assert [each["value"] > 0 for each in points(ours, "http_req_duration")] == [True]
    assert k6s.count("http_reqs") == ours.count("http_reqs") == 2
    told = [
        {each["tags"]["error"]: each["tags"]["error_code"]}
        for ran in (k6s, ours)
        for each in points(ran, "http_req_failed")
        if each["value"]
    ]
    assert told == [{"dial: connection refused": "1212"}, {"refused": "1212"}]


def test_percentiles(tmp_path: Path, server: SlowServer) -> None:
    rules = ["p(95)==38.5", "p(95)<38.7", "p(95)>38.3"]
    before = "const tt = new Trend('tt');"
    body = "[10, 20, 30, 40].forEach((value) => tt.add(value));"
    k6s = k6(tmp_path, script({**ONCE, "thresholds": {"tt": rules}}, body, before)).end()
    ours = journey(
        tmp_path,
        server.url,
        "    for value in (10, 20, 30, 40): vu.metrics['tt'].add(value)",
        metrics={"tt": "trend"},
        thresholds={"tt": rules},
    )
    assert k6s.verdicts["tt"] == dict.fromkeys(rules, False)
    assert ours.verdicts["tt"] == {rules[0]: True, rules[1]: False, rules[2]: False}


def test_late_starts(tmp_path: Path) -> None:
    plan = {
        "executor": "constant-arrival-rate",
        "rate": 20,
        "duration": "1s",
        "preAllocatedVUs": 1,
        "maxVUs": 1,
    }
    with slow_server(100) as server:
        options = {"scenarios": {"default": plan}}
        k6s = k6(tmp_path, script(options, f"http.get('{server.url}/x');")).end()
        ours = loadtui(
            tmp_path,
            json.dumps({"target": server.url, "requests": [{"url": "/x"}], "load": plan}),
        ).end()
    for each in (k6s, ours):
        assert each.count("dropped_iterations") >= 5
        assert each.count("dropped_iterations") + each.count("iterations") in {20, 21}
    assert "response_time" not in k6s.exported["metrics"]
    assert ours.value("response_time", "min") >= ours.value("http_req_duration", "min")


def test_requests_cut_by_a_stop(tmp_path: Path) -> None:
    with slow_server(60_000) as server:
        traffic = Traffic(server.url, (Ask("order", "/x"),), {"vus": 2, "duration": "60s"})
        ended = []
        for running in (
            k6(tmp_path, traffic.script()),
            loadtui(tmp_path, traffic.scenario(), "--out", "summary=summary.json"),
        ):
            before = server.served()
            deadline = time.monotonic() + 20
            while server.served() < before + 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            running.process.send_signal(signal.SIGINT)
            ended.append(running.end())
    assert [each.count("http_reqs") for each in ended] == [0, 0]
    told = json.loads((tmp_path / "loadtui" / "summary.json").read_text())
    assert told["cut"] == 2


# -- verdicts --------------------------------------------------------------------------------------


def test_a_target_that_never_answers(tmp_path: Path) -> None:
    traffic = Traffic(f"http://127.0.0.1:{free_port()}", (Ask("order", "/x"),), ONCE)
    k6s, ours = both(tmp_path, traffic)
    assert (k6s.code, ours.code) == (0, 107)
    assert "never answered (refused ×1); is it up?" in ours.err


def test_every_iteration_raises(tmp_path: Path, server: SlowServer) -> None:
    k6s = k6(tmp_path, script(ONCE, "throw new Error('x');")).end()
    ours = journey(tmp_path, server.url, "    raise KeyError('x')")
    assert (k6s.code, ours.code) == (0, 107)
    assert k6s.count("iterations") == ours.count("iterations") == 1
    assert ours.exported["metrics"]["iteration_failed"]["value"] == 1
    assert "iteration_failed" not in k6s.exported["metrics"]


def test_a_tag_that_no_sample_has(tmp_path: Path, server: SlowServer) -> None:
    thresholds = {"http_req_duration{name:odrer}": ["p(95)<0.001"]}
    k6s, ours = both(tmp_path, Traffic(server.url, (Ask("order", "/x"),), ONCE, thresholds))
    assert (k6s.code, ours.code) == (0, 104)
    assert "did you mean order?" in ours.err


def test_thresholds_without_data(tmp_path: Path, server: SlowServer) -> None:
    rule = {"http_req_duration{status:503}": ["p(95)<500"]}
    traffic = Traffic(server.url, (Ask("order", "/x"),), ONCE, rule)
    k6s, ours = both(tmp_path, traffic)
    assert (k6s.code, ours.code) == (0, 0)
    assert "no data for p(95)<500 {status:503}" in ours.err
    assert "no data" not in k6s.err + k6s.out
    strict = loadtui(tmp_path, traffic.scenario(), "--fail-on-no-data").end()
    assert strict.code == 99


def test_thresholds_over_a_window(tmp_path: Path, server: SlowServer) -> None:
    rule = {"http_req_duration": ["p(95)<5000 over 1s"]}
    k6s, ours = both(tmp_path, Traffic(server.url, (Ask("order", "/x"),), ONCE, rule))
    assert (k6s.code, ours.code) == (104, 0)


def test_a_check_that_raises(tmp_path: Path, server: SlowServer) -> None:
    checks = "{ 'bad': (r) => r.gone.x, 'good': (r) => r.status === 200 }"
    body = f"check(http.get('{server.url}/x'), {checks}); http.get('{server.url}/after');"
    k6s = k6(tmp_path, script(ONCE, body)).end()
    ours = journey(
        tmp_path,
        server.url,
        "    r = await vu.http.get('/x')\n"
        "    vu.check(r, {'bad': lambda r: r.gone, 'good': lambda r: r.status_code == 200})\n"
        "    await vu.http.get('/after')",
    )
    checked = {
        name: {
            check: each["passes"] for check, each in ran.exported["root_group"]["checks"].items()
        }
        for name, ran in (("k6", k6s), ("loadtui", ours))
    }
    assert checked == {"k6": {"bad": 0}, "loadtui": {"bad": 0, "good": 1}}
    assert (k6s.count("http_reqs"), ours.count("http_reqs")) == (1, 2)


# -- words and files -------------------------------------------------------------------------------


def test_bad_usage(tmp_path: Path, server: SlowServer) -> None:
    traffic = Traffic(server.url, (Ask("order", "/x"),), ONCE)
    for words in (("--nonsense",), ("--vus", "many")):
        k6s, ours = both(tmp_path, traffic, *words)
        assert (k6s.code, ours.code) == (255, 104), words


def test_vus_alone_over_a_plan(tmp_path: Path, server: SlowServer) -> None:
    plan = {"executor": "shared-iterations", "vus": 1, "iterations": 3}
    options = {"scenarios": {"default": plan}}
    k6s = k6(tmp_path, script(options, f"http.get('{server.url}/x');"), "--vus", "2").end()
    ours = loadtui(
        tmp_path,
        json.dumps({"target": server.url, "requests": [{"url": "/x"}], "load": plan}),
        "--vus",
        "2",
    ).end()
    assert (k6s.code, k6s.count("iterations"), ours.code) == (0, 3, 104)
    assert "say how long" in ours.err


def test_durations_without_a_unit(tmp_path: Path, server: SlowServer) -> None:
    load = {"vus": 1, "duration": 1000}
    k6s, ours = both(tmp_path, Traffic(server.url, (Ask("order", "/x"),), load))
    assert (k6s.code, ours.code) == (0, 104)
    assert k6s.count("iterations") > 10


def test_durations_below_a_second(tmp_path: Path, server: SlowServer) -> None:
    load = {"vus": 1, "duration": "500ms"}
    k6s, ours = both(tmp_path, Traffic(server.url, (Ask("order", "/x"),), load))
    assert (k6s.code, ours.code) == (104, 0)
    assert ours.count("iterations") > 1


def test_tags(tmp_path: Path, server: SlowServer) -> None:
    body = f"check(http.get('{server.url}/x', {{tags: {{part: 'a'}}}}), {{'is ok': (r) => true}});"
    k6s = k6(tmp_path, script(ONCE, body)).end()
    asked = {"url": "/x", "tags": {"part": "a"}, "checks": {"is ok": {"status": 200}}}
    ours = loadtui(
        tmp_path, json.dumps({"target": server.url, "requests": [asked], "load": ONCE})
    ).end()
    named = [points(ran, "http_reqs")[0]["tags"]["name"] for ran in (k6s, ours)]
    assert named == [f"{server.url}/x", "GET /x"]
    for metric in ("checks", "data_sent", "data_received"):
        tagged = ["part" in points(ran, metric)[0]["tags"] for ran in (k6s, ours)]
        assert tagged == [False, True], metric


def test_threshold_booleans(tmp_path: Path, server: SlowServer) -> None:
    rules = {"http_req_duration": ["p(95)<0.001"], "http_req_failed": ["rate<0.01"]}
    traffic = Traffic(server.url, (Ask("order", "/x"),), ONCE, rules)
    k6s = k6(tmp_path, traffic.script()).end()
    ours = loadtui(tmp_path, traffic.scenario(), "--out", "summary=summary.json").end()
    assert k6s.verdicts == ours.verdicts
    assert k6s.verdicts["http_req_duration"] == {"p(95)<0.001": True}
    told = json.loads((tmp_path / "loadtui" / "summary.json").read_text())["thresholds"]
    assert [(each["threshold"], each["ok"]) for each in told] == [
        ("p(95)<0.001", False),
        ("rate<0.01", True),
    ]


def test_scripts(tmp_path: Path, server: SlowServer) -> None:
    text = script(ONCE, f"http.get('{server.url}/x');")
    assert k6(tmp_path, text).end().code == 0
    ours = loadtui(tmp_path, text, file="scenario.js").end()
    assert ours.code == 104
    assert "loadtui import k6 scenario.js" in ours.err
