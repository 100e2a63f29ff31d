"""`setup` and `teardown` of a journey's file, from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_lost_workers import fresh_worker, workers
from tests.support.hearing_server import HearingServer, hearing_server
from tests.support.shell import shell
from tests.support.tmux import environment, processes

SCENARIO = """\
target: {target}
journeys: {{buy: "shop.py:buy", look: "shop.py:look"}}
scenarios:
  buy: {{executor: shared-iterations, exec: buy, vus: 4, iterations: 20}}
  look: {{executor: per-vu-iterations, exec: look, vus: 2, iterations: 2}}
metrics: {{kept: counter}}
thresholds:
  http_reqs{{group:::setup}}: [count==1]
  http_reqs{{group:::teardown}}: [count==1]
  http_reqs{{scenario:buy}}: [count==20]
  iterations: [count==24]
  kept: [count==3]
  checks: [rate==1]
"""
SHOP = """\
async def setup(vu):
    r = await vu.http.post("/login", json={"who": vu.env["WHO"]})
    vu.check(r, {"logged in": r.status_code == 200})
    vu.metrics["kept"].add(3)
    return {"token": r.json()["id"], "seen": []}


async def buy(vu):
    vu.setup_data["seen"].append(vu.iteration)
    vu.check(vu, {"own copy": vu.setup_data["seen"] == list(range(vu.iteration + 1))})
    await vu.http.get("/buy", headers={"token": vu.setup_data["token"]})


async def look(vu):
    await vu.http.get("/look")


async def teardown(vu):
    await vu.http.delete(f"/logout/{vu.setup_data['token']}/{vu.id}")
"""
LONG = """\
import asyncio


async def setup(vu):
{setup}


async def run(vu):
    await vu.http.get("/run")
    await vu.sleep(0.05)


async def teardown(vu):
{teardown}
"""


@pytest.fixture(scope="module")
def running() -> Iterator[HearingServer]:
    with hearing_server() as server:
        yield server


@pytest.fixture
def server(running: HearingServer) -> HearingServer:
    running.forget()
    return running


def write(
    home: Path,
    server: HearingServer,
    setup: str = "return {'a': 1}",
    teardown: str = "await vu.http.get('/down')",
    load: str = "{vus: 2, iterations: 10}",
) -> str:
    text = LONG.format(setup=f"    {setup}", teardown=f"    {teardown}")
    (home / "shop.py").write_text(text, encoding="utf-8")
    (home / "s.yaml").write_text(
        f"target: {server.url}\njourney: shop.py\nload: {load}\n"
        "thresholds: {http_req_failed: [rate<0.5]}\n",
        encoding="utf-8",
    )
    return "s.yaml"


def run(home: Path, *words: str) -> tuple[int, str, str]:
    done = shell(home, "run", *words, "--headless", "--workers", "2", folder=home)
    assert "Traceback" not in done.stderr
    assert processes(home) == {}
    return done.returncode, done.stdout, done.stderr


def begun(home: Path, file: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "loadtui", "run", file, "--headless", "--workers", "2"],
        env={**os.environ, **environment(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
    )


def until(server: HearingServer, path: str, times: int = 1) -> None:
    deadline = time.monotonic() + 20
    while server.paths.count(path) < times:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_each_is_called_once_and_every_user_has_what_setup_returned(
    tmp_path: Path, server: HearingServer
) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO.format(target=server.url), encoding="utf-8")
    code, out, err = run(tmp_path, "s.yaml", "-e", "WHO=me")
    assert code == 0, out + err
    assert server.paths[0] == "/login"
    assert server.heard[0].body == '{"who":"me"}'
    assert server.paths[-1] == "/logout/A-7/0"
    assert server.paths.count("/login") == server.paths.count("/logout/A-7/0") == 1
    bought = [each.headers["token"] for each in server.heard if each.path == "/buy"]
    assert bought == ["A-7"] * 20
    assert "setup done" in out


def test_107_and_no_load_where_setup_raises(tmp_path: Path, server: HearingServer) -> None:
    code, _, err = run(tmp_path, write(tmp_path, server, "return {}['a']"))
    assert code == 107
    assert err.splitlines()[-1] == "loadtui: shop.py:setup: shop.py:5: KeyError: 'a'"
    assert server.paths == []
    log = "".join(each.read_text() for each in tmp_path.rglob("worker-*.log"))
    assert log.count("KeyError: 'a'") == 1


@pytest.mark.parametrize(
    ("setup", "says"),
    [
        (
            "return {1, 2, asyncio}",
            "setup: it returned what JSON has no form for (Encoding objects of type module is",
        ),
        ("raise asyncio.CancelledError", "CancelledError"),
        ("raise TimeoutError('slow')", "TimeoutError: slow"),
    ],
)
def test_107_where_setup_cannot_be_used(
    tmp_path: Path, server: HearingServer, setup: str, says: str
) -> None:
    code, _, err = run(tmp_path, write(tmp_path, server, setup))
    assert code == 107
    assert says in err.splitlines()[-1]
    assert server.paths == []


def test_107_where_the_worker_ends_in_the_middle_of_setup(
    tmp_path: Path, server: HearingServer
) -> None:
    code, _, err = run(tmp_path, write(tmp_path, server, "__import__('os')._exit(3)"))
    assert code == 107
    assert "loadtui: shop.py:setup: worker 0 ended while it ran" in err
    assert server.paths == []


def test_107_where_teardown_raises_with_the_verdict_told(
    tmp_path: Path, server: HearingServer
) -> None:
    code, out, err = run(tmp_path, write(tmp_path, server, teardown="vu.setup_data['b']"))
    assert code == 107
    assert "loadtui: shop.py:teardown: shop.py:14: KeyError: 'b'" in err
    assert server.paths.count("/run") == 10
    assert "✓ http_req_failed rate<0.5" in out


def test_108_where_setup_aborts_the_run(tmp_path: Path, server: HearingServer) -> None:
    code, _, err = run(tmp_path, write(tmp_path, server, "vu.abort('shop is closed')"))
    assert code == 108
    assert "the journey aborted the run: shop is closed" in err
    assert server.paths == []


def test_104_where_it_cannot_be_called(tmp_path: Path, server: HearingServer) -> None:
    file = write(tmp_path, server)
    text = (tmp_path / "shop.py").read_text(encoding="utf-8")
    (tmp_path / "shop.py").write_text(text.replace("async def setup(vu)", "def setup(vu)"))
    code, _, err = run(tmp_path, file)
    assert (code, err) == (
        104,
        "s.yaml:2:10: journey shop.py: setup is not async; write async def setup\n",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_teardown_is_called_after_a_signal(
    number: signal.Signals, tmp_path: Path, server: HearingServer
) -> None:
    file = write(tmp_path, server, load="{vus: 2, duration: 60s}")
    with begun(tmp_path, file) as process:
        until(server, "/run", 10)
        asked = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=10)
    assert time.monotonic() - asked < 5
    assert process.returncode == 105
    assert server.paths[-1] == "/down"
    assert server.paths.count("/down") == 1
    assert "interrupted; the one threshold held until then" in err


def test_a_teardown_without_end_does_not_hold_up_who_interrupts(
    tmp_path: Path, server: HearingServer
) -> None:
    file = write(
        tmp_path, server, teardown="await asyncio.sleep(60)", load="{vus: 2, duration: 60s}"
    )
    with begun(tmp_path, file) as process:
        until(server, "/run", 10)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    assert time.monotonic() - asked < 5
    assert process.returncode == 105
    assert "loadtui: shop.py:teardown: it did not end within 1.5 s" in err


def test_a_signal_while_setup_runs_ends_it_without_load(
    tmp_path: Path, server: HearingServer
) -> None:
    file = write(tmp_path, server, "await vu.http.get('/up'); await asyncio.sleep(60)")
    with begun(tmp_path, file) as process:
        until(server, "/up")
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    assert time.monotonic() - asked < 5
    assert process.returncode == 105
    assert "shop.py:setup runs, before the first virtual user" in err
    assert server.paths == ["/up"]


def test_a_fresh_worker_has_what_setup_returned(tmp_path: Path, server: HearingServer) -> None:
    file = write(tmp_path, server, load="{vus: 4, duration: 6s}")
    text = (tmp_path / "shop.py").read_text(encoding="utf-8")
    text = text.replace('"/run"', "f'/run/{vu.setup_data['a']}/{vu.id}'")
    (tmp_path / "shop.py").write_text(text.replace("vu.setup_data['a']", 'vu.setup_data["a"]'))
    with begun(tmp_path, file) as process:
        until(server, "/run/1/1", 5)
        known = set(workers(tmp_path).values())
        os.kill(workers(tmp_path)[0], signal.SIGKILL)
        fresh_worker(tmp_path, known)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    ran = [path for path in server.paths if path.startswith("/run")]
    assert all(path.startswith("/run/1/") for path in ran)
    assert len(set(ran)) > 4  # users of the fresh worker have numbers of their own
    assert server.paths[-1] == "/down"
