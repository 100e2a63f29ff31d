"""The whole path by hand: key → worker → TCP proxy → PostgreSQL → painted cell; no stand-ins."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.real import require_real
from tests.support.tmux import Tmux, environment, processes

COMMAND = [sys.executable, "-m", "loadtui", "demo"]


def read(url: str) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


def number(pattern: str, screen: str) -> int:
    """The number that `pattern` captures, its thousands joined; -1 when it is not on the screen."""
    found = re.search(pattern, screen)
    return int(re.sub(r"\D", "", found[1])) if found else -1


def total(screen: str) -> int:
    return number(r"([\d\u00a0 ]+) in all", screen)


def served(target: str) -> int:
    """The orders API's own count of what it answered on its three routes."""
    counts = read(f"{target}/health")["requests"]
    return sum(
        n for route, statuses in counts.items() if "/api/" in route for n in statuses.values()
    )


@pytest.mark.timeout(170)
def test_load_and_faults_by_hand_against_a_real_database(tmp_path: Path) -> None:
    for name in ("postgres", "tmux"):
        require_real(name)
    env = environment(tmp_path)
    with Tmux("demo", COMMAND, env=env, size=(160, 50)) as terminal:
        shown = terminal.wait(lambda s: "Nothing is running" in s, seconds=60, what="idle")
        target = re.findall(r"(http://127\.0\.0\.1:\d+)", shown)[0]
        port = number(r"toxiproxy [\d.]+ :(\d+)", shown)
        control = f"http://127.0.0.1:{port}/proxies"
        assert set(read(control)) == {"payments", "orders-db", "inventory"}
        ramp_and_spike(terminal)
        slow_payments_down_and_lift(terminal, f"{control}/payments", target)
        compare_with_the_servers_own_count(terminal, target)
        panic_and_quit(terminal, f"{control}/payments")
        left = [words for words in processes(tmp_path).values() if "loadtui" in words]
        assert [words for words in left if "sleep 600" not in words] == []
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []
    (journal,) = (tmp_path / "data" / "loadtui" / "sessions").glob("*.ndjson")
    kinds = {json.loads(line)["k"] for line in journal.read_text().splitlines()}
    assert kinds == {"header", "command", "marker", "second", "screen", "end"}


def ramp_and_spike(terminal: Tmux) -> None:
    terminal.press("+", "+")
    terminal.wait(lambda s: "target 10" in s, seconds=5, what="target 10 painted")
    terminal.wait(lambda s: total(s) > 100, seconds=30, what="requests counted")
    terminal.press("s")
    terminal.wait(lambda s: "spike" in s and "30" in s, seconds=5, what="the spike")
    terminal.wait(lambda s: "spike over" in s, seconds=15, what="the spike's return")
    counters = r"payments .* [1-9]\d* conn +[1-9][\d.]* kB/s"
    terminal.wait(lambda s: re.search(counters, s), seconds=5, what="what passes the proxy")


def slow_payments_down_and_lift(terminal: Tmux, payments: str, target: str) -> None:
    terminal.press("Down", "Up", "Space")
    terminal.wait(lambda s: "FAULT ON" in s, seconds=5, what="the fault on screen")
    assert [t["attributes"]["latency"] for t in read(payments)["toxics"]] == [2000]
    over = r"[2-9]\.\d× the SLO of 500 ms"
    terminal.wait(lambda s: re.search(over, s), seconds=20, what="p95 twice its limit")
    terminal.wait(lambda s: re.search(r"503 \d+/s", s), seconds=30, what="503 on the screen")
    assert read(f"{target}/health")["breaker"]["opened"] >= 1
    terminal.press("Space")
    terminal.wait(lambda s: "FAULT ON" not in s, seconds=8, what="the fault lifted")
    assert read(payments)["toxics"] == []


def compare_with_the_servers_own_count(terminal: Tmux, target: str) -> None:
    terminal.press("0")
    terminal.wait(lambda s: "IDLE" in s, seconds=40, what="nothing running")
    settled = served(target)
    what = f"the server's own {settled} in all"
    terminal.wait(lambda s: total(s) == settled, seconds=10, what=what)


def panic_and_quit(terminal: Tmux, payments: str) -> None:
    terminal.press("+", "Space")
    terminal.wait(lambda s: "FAULT ON" in s, seconds=8, what="a fault again")
    terminal.press("x")
    terminal.wait(lambda s: "fault lifted, verified" in s, seconds=8, what="panic")
    assert read(payments)["toxics"] == []
    terminal.press("q")
    terminal.wait(lambda s: "exit code: 0" in s, seconds=20, what="the end")
