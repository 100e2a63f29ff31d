"""Journeys from the command line, in workers, to the summary and the exit code."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counting_server import CountingServer, counting_server
from tests.support.shell import shell

SCENARIO = """\
target: {target}
headers: {{x-api-key: key}}
journeys:
  browse: [{{name: list, url: /products}}]
  buy: shop.py:buy
scenarios:
  browse: {{executor: per-vu-iterations, exec: browse, vus: 1, iterations: 3}}
  shopping: {{executor: shared-iterations, exec: buy, vus: 2, iterations: 8}}
metrics: {{orders: counter, basket: trend}}
thresholds:
  checks: [rate==1]
  orders: [count==8]
  basket: [p(95)<{basket}]
  http_req_duration{{endpoint:order}}: [p(95)<5000]
  group_duration{{group:::checkout}}: [p(95)<5000]
"""
SHOP = """\
async def buy(vu):
    with vu.group("checkout"):
        r = await vu.http.post("/orders", json={"a": 1}, tags={"endpoint": "order"})
        assert vu.check(r, {"has id": lambda r: r.json()["id"], "who": vu.env["WHO"] == "me"})
    vu.metrics["orders"].add(1)
    vu.metrics["basket"].add(-2.5)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return shell(home, *words, "--headless", folder=home)


@pytest.mark.parametrize(("basket", "code"), [("-2", 0), ("-3", 99)])
def test_a_journey_beside_a_list_of_requests(
    tmp_path: Path, server: CountingServer, basket: str, code: int
) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    text = SCENARIO.format(target=server.url(""), basket=basket)
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path, "run", "shop.yaml", "-e", "WHO=me")
    assert done.returncode == code, done.stdout + done.stderr
    assert "POST /orders" in done.stdout
    assert "list" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_journey_alone_is_a_command(tmp_path: Path, server: CountingServer) -> None:
    (tmp_path / "look.py").write_text(
        "async def look(vu):\n    await vu.http.get('/a')\n", encoding="utf-8"
    )
    before = server.count()
    done = run(tmp_path, "look.py", "--target", server.url(""), "--iterations", "5")
    assert done.returncode == 0, done.stderr
    assert server.count() - before == 5


def test_what_a_file_raises_while_it_is_imported_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("import nothing_there\n" + SHOP, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        "target: http://127.0.0.1:1\njourney: shop.py\n", encoding="utf-8"
    )
    done = run(tmp_path, "run", "s.yaml", "--duration", "1s", "--workers", "2")
    assert done.returncode == 107
    assert done.stderr.splitlines()[-1] == (
        "loadtui: cannot run the scenario: s.yaml:2:10: journey shop.py: "
        "shop.py:1: ModuleNotFoundError: No module named 'nothing_there'"
    )
    assert "Traceback" not in done.stderr


WHOLE = """\
target: {target}
journey: shop.py
load: {{executor: per-vu-iterations, vus: 2, iterations: 4}}
metrics: {{balance: gauge, share: rate, drift: trend, done: counter}}
thresholds:
  checks{{check:raises}}: [rate==0]
  checks{{check:after it}}: [rate==1]
  checks{{check:a value}}: [rate==1]
  checks{{check:no value}}: [rate==0]
  balance: [value==-12.5]
  share: [rate==0.5]
  drift: [min==-0.004, max==-0.001, avg<-0.002, p(95)<0]
  done: [count==1.5]
  iterations: [count==8]
  iteration_failed: [rate==0.5]
  iteration_duration: [p(95)<5000]
"""
ALL = """\
async def run(vu):
    turn = vu.state["turn"] = vu.state.get("turn", 0) + 1
    r = await vu.http.get("/a")
    checks = {
        "raises": lambda r: r.json()["nope"],
        "after it": lambda r: r.status_code == 200,
        "a value": r.is_success,
        "no value": None,
    }
    assert not vu.check(r, checks)
    vu.metrics["balance"].add(-12.5)
    vu.metrics["share"].add(0.25)
    vu.metrics["share"].add(0)
    vu.metrics["drift"].add(-0.001 * turn)
    if turn == 1 and vu.id == 1:
        vu.metrics["done"].add(1.5)
    if turn % 2 == 0:
        raise KeyError("even")
"""


def test_checks_metrics_state_and_iterations_that_raise(
    tmp_path: Path, server: CountingServer
) -> None:
    (tmp_path / "shop.py").write_text(ALL, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(WHOLE.format(target=server.url("")), encoding="utf-8")
    done = run(tmp_path, "run", "s.yaml", "--workers", "2", "--summary-mode", "full")
    assert done.returncode == 0, done.stdout + done.stderr
    told = "journey shop.py:18: KeyError: 'even'; such an iteration counts as failed"
    assert done.stderr.count(told) == 1
    assert done.stderr.count("check 'raises' raised and counts as failed") == 1
    for index in (0, 1):
        (log,) = tmp_path.rglob(f"worker-{index}.log")
        assert log.read_text(encoding="utf-8").count("KeyError: 'even'") == 1


def test_99_where_a_threshold_on_iterations_that_raise_fails(
    tmp_path: Path, server: CountingServer
) -> None:
    (tmp_path / "shop.py").write_text(ALL, encoding="utf-8")
    text = WHOLE.format(target=server.url("")).replace(
        "rate==0.5]\n  iteration_d", "rate<0.5]\n  iteration_d"
    )
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path, "run", "s.yaml")
    assert done.returncode == 99
    assert "1 of 14 thresholds failed: iteration_failed rate<0.5" in done.stderr
