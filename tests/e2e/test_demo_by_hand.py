"""The whole path, by hand: key → worker → TCP proxy → PostgreSQL → painted cell; nothing stands in."""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.real import require_real
from tests.support.tmux import Tmux, environment, processes

COMMAND = [sys.executable, "-m", "loadtui", "demo"]


def read(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
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
    return sum(n for route, statuses in counts.items() if "/api/" in route for n in statuses.values())


@pytest.mark.timeout(170)
def test_load_and_faults_by_hand_against_a_real_database(tmp_path: Path) -> None:
    require_real("toxiproxy-server")
    require_real("postgres")
    require_real("tmux")
    env = environment(tmp_path)
    with Tmux("demo", COMMAND, env=env, size=(160, 50)) as terminal:
        shown = terminal.wait(lambda s: "Nothing is running" in s, seconds=60, what="idle")
        found = re.search(r"(http://127\.0\.0\.1:\d+)", shown)
        assert found
        target = found[1]
        control = f"http://127.0.0.1:{number(r':(\d+)', shown[shown.index('toxiproxy'):])}"
        assert set(read(f"{control}/proxies")) == {"payments", "orders-db", "inventory"}

        terminal.press("+", "+")
        terminal.wait(lambda s: "target 10" in s, seconds=5, what="target 10 painted")
        terminal.wait(lambda s: total(s) > 100, seconds=30, what="requests counted")

        terminal.press("s")
        terminal.wait(lambda s: "spike" in s and "30" in s, seconds=5, what="the spike")
        terminal.wait(lambda s: "spike over" in s, seconds=15, what="the spike's return")

        terminal.press("Down", "Up", "Space")
        terminal.wait(lambda s: "FAULT ON" in s, seconds=5, what="the fault on screen")
        toxics = read(f"{control}/proxies/payments")["toxics"]
        assert [t["attributes"]["latency"] for t in toxics] == [2000]
        terminal.wait(
            lambda s: number(r"p95 ([\d\u00a0 ]+)", s) >= 1000, seconds=20, what="p95 over 1 s"
        )
        terminal.wait(lambda s: re.search(r"503 +\d", s), seconds=30, what="503 on the screen")
        assert read(f"{target}/health")["breaker"]["opened"] >= 1

        terminal.press("Space")
        terminal.wait(lambda s: "FAULT ON" not in s, seconds=8, what="the fault lifted")
        assert read(f"{control}/proxies/payments")["toxics"] == []

        terminal.press("0")
        shown = terminal.wait(lambda s: "IDLE" in s, seconds=40, what="nothing running")
        settled = served(target)
        shown = terminal.wait(
            lambda s: total(s) == settled, seconds=10, what=f"the server's own {settled} in all"
        )

        terminal.press("+", "Space")
        terminal.wait(lambda s: "FAULT ON" in s, seconds=8, what="a fault again")
        terminal.press("x")
        terminal.wait(lambda s: "PANIC LATCHED" in s, seconds=8, what="panic")
        end = time.monotonic() + 5
        while read(f"{control}/proxies/payments")["toxics"] and time.monotonic() < end:
            time.sleep(0.05)
        assert read(f"{control}/proxies/payments")["toxics"] == []

        terminal.press("q")
        terminal.wait(lambda s: "exit code: " in s, seconds=20, what="the end")
        assert "exit code: 0" in terminal.screen() or "exit code: 99" in terminal.screen()
        left = {pid: words for pid, words in processes(tmp_path).items() if "sleep" not in words}
        assert [words for words in left.values() if "exec sleep" not in words] == []
    assert list(tmp_path.glob("state/loadtui/ledger-*")) == []
    (journal,) = (tmp_path / "data" / "loadtui" / "sessions").glob("*.ndjson")
    kinds = {json.loads(line)["k"] for line in journal.read_text().splitlines()}
    assert kinds == {"header", "command", "marker", "second", "state"}
