"""Data files from the command line: who gets which row, and what comes after the last one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_lost_workers import workers
from tests.support.hearing_server import HearingServer, hearing_server
from tests.support.shell import shell
from tests.support.tmux import environment

LIST = """\
target: {target}
data: {{users: {{file: users.csv, {data}}}}}
requests:
  - name: buy
    method: POST
    url: /u/${{users.id}}
    headers: {{x-name: "${{users.name}}", cookie: "n=${{users.name}}"}}
    json:
      id: ${{users.id}}
      name: ${{users.name}}
load: {load}
"""
JOURNEYS = """\
target: {target}
data: {{users: {{file: users.json, {data}}}}}
journeys:
  look: look.py:look
  buy: look.py:buy
scenarios:
  look: {{executor: per-vu-iterations, exec: look, vus: 2, iterations: 20}}
  buy: {{executor: constant-vus, exec: buy, vus: 3, duration: 30s}}
"""
LOOK = """\
async def look(vu):
    await vu.http.get("/look")


async def buy(vu):
    await vu.http.get("/before")
    user = vu.data.users
    assert vu.data["users"] is user
    try:
        vu.data.products
    except AttributeError as error:
        print(error)
    await vu.http.post("/buy", json={"id": user.id, "tags": user["tags"]})
"""


@pytest.fixture(scope="module")
def running() -> Iterator[HearingServer]:
    with hearing_server() as server:
        yield server


@pytest.fixture
def server(running: HearingServer) -> HearingServer:
    running.forget()
    return running


def write(home: Path, server: HearingServer, rows: int, data: str, load: str) -> str:
    text = "id,name\n" + "".join(f'{n},"Ann, {n}"\n' for n in range(rows))
    (home / "users.csv").write_text(text, encoding="utf-8")
    file = LIST.format(target=server.url, data=data, load=load)
    (home / "s.yaml").write_text(file, encoding="utf-8")
    return "s.yaml"


def run(home: Path, *words: str) -> tuple[int, str, str]:
    done = shell(home, "run", *words, "--headless", "--workers", "2", folder=home)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def ids(server: HearingServer) -> list[int]:
    return [int(path.removeprefix("/u/")) for path in server.paths]


@pytest.mark.parametrize(
    "load",
    ["{vus: 5, duration: 30s}", "{executor: constant-arrival-rate, rate: 200, duration: 30s,"
     " preAllocatedVUs: 5}"],
)  # fmt: skip
def test_each_row_is_given_once_and_the_run_ends_after_the_last(
    tmp_path: Path, server: HearingServer, load: str
) -> None:
    code, out, err = run(tmp_path, write(tmp_path, server, 50, "pick: unique", load))
    assert code == 0, err
    assert sorted(ids(server)) == list(range(50))
    assert "iterations .......... 50" in out
    assert err.count("default: all 50 rows of users (users.csv) are used; it ends here") == 1
    one = server.heard[0]
    number = one.path.removeprefix("/u/")
    assert json.loads(one.body) == {"id": int(number), "name": f"Ann, {number}"}
    assert one.headers["x-name"] == f"Ann, {number}"


def test_as_many_rows_as_iterations_suffice(tmp_path: Path, server: HearingServer) -> None:
    load = "{vus: 3, iterations: 31}"
    file = write(tmp_path, server, 31, "pick: unique, at_end: fail", load)
    code, _, err = run(tmp_path, file)
    assert (code, sorted(ids(server))) == (0, list(range(31))), err


def test_107_where_iterations_failed_for_want_of_a_row(
    tmp_path: Path, server: HearingServer
) -> None:
    file = write(tmp_path, server, 5, "pick: unique, at_end: fail", "{vus: 2, iterations: 8}")
    with (tmp_path / file).open("a", encoding="utf-8") as more:
        more.write("thresholds: {iteration_failed: [rate<0.4], iterations: [count==8]}\n")
    code, out, err = run(tmp_path, file)
    says = "default: all 5 rows of users (users.csv) are used; its iterations fail from here on"
    assert code == 107
    assert f"loadtui: {says}" in err
    assert err.count(f"· {says}") == 1
    assert "✓ iteration_failed rate<0.4" in out
    assert "✓ iterations count==8" in out
    assert sorted(ids(server)) == list(range(5))


def test_rows_come_in_order_and_again(tmp_path: Path, server: HearingServer) -> None:
    file = write(tmp_path, server, 4, "pick: in-order", "{vus: 1, iterations: 10}")
    code, _, err = run(tmp_path, file)
    assert (code, ids(server)) == (0, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]), err


def test_random_rows_are_those_of_the_seed(tmp_path: Path, server: HearingServer) -> None:
    file = write(tmp_path, server, 9, "pick: random", "{vus: 1, iterations: 30}")
    found = []
    for seed in ("7", "7", "8"):
        server.forget()
        assert run(tmp_path, file, "--seed", seed)[0] == 0
        found.append(ids(server))
    assert found[0] == found[1] != found[2]
    assert len(set(found[0])) > 3


def test_a_journey_takes_a_row_where_it_asks_for_one(tmp_path: Path, server: HearingServer) -> None:
    rows = [{"id": n, "tags": [n]} for n in range(30)]
    (tmp_path / "users.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
    text = JOURNEYS.format(target=server.url, data="pick: unique")
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    code, _, err = run(tmp_path, "s.yaml")
    assert code == 0, err
    bought = [json.loads(each.body) for each in server.heard if each.path == "/buy"]
    assert sorted(each["id"] for each in bought) == list(range(30))
    assert all(each["tags"] == [each["id"]] for each in bought)
    assert server.paths.count("/look") == 40
    assert "buy: all 30 rows of users (users.json) are used; it ends here" in err
    logs = "".join(log.read_text() for log in tmp_path.rglob("worker-*.log"))
    assert "the scenario declares no data products; known: users" in logs


def test_no_row_is_given_twice_although_a_worker_is_lost(
    tmp_path: Path, server: HearingServer
) -> None:
    server.delay = 0.02
    file = write(tmp_path, server, 400, "pick: unique", "{vus: 8, duration: 60s}")
    words = [sys.executable, "-m", "loadtui", "run", file, "--headless", "--workers", "2"]
    with subprocess.Popen(
        words,
        env={**os.environ, **environment(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        while len(server.heard) < 60:
            time.sleep(0.02)
        os.kill(workers(tmp_path)[1], signal.SIGKILL)
        _, err = process.communicate(timeout=40)
    assert process.returncode == 0, err
    assert "worker 1 lost" in err
    given = Counter(ids(server))
    assert max(given.values()) == 1
    assert len(given) >= 400 - 8  # those that the lost worker's VUs had taken and not yet sent


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (b"id,name\n1\n", "users.csv:2:1: this row has 1 value, and the header names 2"),
        (b"id,nmae\n1,2\n", "s.yaml:7:23: users.csv has no column name; did you mean nmae?"),
        (b"", "users.csv:1:1: the file is empty; write a header row and rows"),
    ],
)
def test_104_before_any_request_for_a_bad_file(
    tmp_path: Path, server: HearingServer, rows: bytes, says: str
) -> None:
    file = write(tmp_path, server, 1, "pick: unique", "{vus: 1, iterations: 1}")
    (tmp_path / "users.csv").write_bytes(rows)
    code, _, err = run(tmp_path, file)
    assert code == 104
    assert says in err
    assert not server.heard
