"""Somebody's Toxiproxy before a slow server, and a session that breaks things on it by keys."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.real import ROOT
from tests.support.slow_server import slow_server
from tests.support.terminal import Terminal
from tests.support.tmux import Tmux, environment, processes
from tests.support.toxiproxy_server import Kind, RealServer, free_port, real_server

THEIRS = {"name": "theirs", "type": "latency", "attributes": {"latency": 100, "jitter": 0}}
OWN = """
name: own
target: http://{listen}
requests:
  - url: /
chaos:
  proxies:
    alpha: {{listen: "{listen}", upstream: "{upstream}"}}
"""
COUNTERS = {"connections", "accepted", "bytes"}
_TMUX = {"enter": "Enter", "down": "Down", "space": "Space", "right": "Right"}
_PLAIN = {"enter": "\r", "down": "\x1b[B", "space": " ", "right": "\x1b[C"}


def proxies(server: RealServer) -> Any:  # noqa: ANN401 - JSON
    """The whole state of the server, as everybody would read it, but for what only counts."""
    status, text = server.raw("GET", "/proxies")
    assert status == 200
    found: dict[str, dict[str, object]] = json.loads(text)
    return {
        name: {key: value for key, value in each.items() if key not in COUNTERS}
        for name, each in found.items()
    }


def within(seconds: float, until: Callable[[], object], what: str) -> None:
    """Wait for a fact outside the screen."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@contextmanager
def somebodys_server(kind: Kind) -> Iterator[RealServer]:
    """Three proxies, alpha, beta and gamma; on gamma a toxic of theirs."""
    with slow_server(20) as upstream, real_server(kind=kind) as found:
        for name in ("alpha", "beta", "gamma"):
            fields = {
                "name": name,
                "listen": f"127.0.0.1:{free_port()}",
                "upstream": f"127.0.0.1:{upstream.port}",
            }
            assert found.raw("POST", "/proxies", json.dumps(fields))[0] == 201
        assert found.raw("POST", "/proxies/gamma/toxics", json.dumps(THEIRS))[0] == 200
        yield found


def command(server: RealServer) -> list[str]:
    """A session that loads alpha and sees all three."""
    target = proxies(server)["alpha"]["listen"]
    words = [sys.executable, "-m", "loadtui", f"http://{target}/", "--toxiproxy", server.url]
    return [*words, "--start", "--vus", "5"]


def session_pid(home: Path) -> int:
    """The process of the screen itself."""
    ways = ("-m loadtui http", "-m tests.support.own_server")
    found = processes(home).items()
    return min(pid for pid, words in found if any(way in words for way in ways))


def keys(screen: Tmux | Terminal) -> Callable[..., None]:
    """A function that presses keys by name, slowly enough for each to be one."""

    def press(*names: str) -> None:
        for name in names:
            if isinstance(screen, Tmux):
                screen.press(_TMUX.get(name, name))
                time.sleep(0.3)
            else:
                screen.press(_PLAIN.get(name, name))
                screen.pump(0.3)

    return press


def inject_on_alpha(screen: Tmux | Terminal, server: RealServer) -> None:
    """Add a fault through the dialog as it comes."""
    screen.wait(lambda s: "RUNNING" in s and "theirs" in s, seconds=20, what="the panel")
    keys(screen)("a", "enter")
    within(5, lambda: proxies(server)["alpha"]["toxics"], "a toxic on alpha")
    screen.wait(lambda s: "1 on" in s, seconds=5, what="the first fault on the screen")


def break_three_things(screen: Tmux | Terminal, server: RealServer) -> None:
    """A toxic on alpha, beta down, and their toxic on gamma changed: all by keys."""
    inject_on_alpha(screen, server)
    keys(screen)("down", "space")
    within(5, lambda: proxies(server)["beta"]["enabled"] is False, "beta down")
    keys(screen)("down", "right")

    def is_stronger() -> bool:
        return bool(proxies(server)["gamma"]["toxics"][0]["attributes"]["latency"] == 350)

    within(5, is_stronger, "their toxic stronger")
    screen.wait(lambda s: "3 on" in s, seconds=5, what="three faults on the screen")


@contextmanager
def start_with_a_fault(name: str, server: RealServer, home: Path) -> Iterator[Tmux]:
    """A running session in tmux that has injected one toxic on alpha."""
    with Tmux(name, command(server), env=environment(home), size=(160, 50)) as terminal:
        inject_on_alpha(terminal, server)
        yield terminal


@contextmanager
def session_with_its_own_server(kind: Kind, home: Path) -> Iterator[str]:
    """A session that started a server of this kind, with one toxic on; where its proxy listens.

    Nothing else can be found by it, whatever runs on this machine.
    """
    listen = f"127.0.0.1:{free_port()}"
    with slow_server(20) as upstream:
        file = home / "own.yaml"
        file.write_text(OWN.format(listen=listen, upstream=f"127.0.0.1:{upstream.port}"))
        words = [sys.executable, "-m", "tests.support.own_server", kind, "run", str(file)]
        env = {**environment(home), "PYTHONPATH": str(ROOT), "TOXIPROXY_URL": ""}
        start = [*words, "--start", "--vus", "5"]
        with Tmux(f"own-{kind}", start, env=env, size=(160, 50)) as terminal:
            terminal.wait(lambda s: "RUNNING" in s and "alpha" in s, seconds=20, what="the panel")
            keys(terminal)("a", "enter")
            terminal.wait(lambda s: "1 on" in s, seconds=5, what="the fault on the screen")
            yield listen


def nothing_left(home: Path) -> bool:
    """Whether every process of ours, the servers that we started among them, is gone."""
    ours = ("loadtui", "toxiproxy-server", "own_server")
    return not [w for w in processes(home).values() if any(each in w for each in ours)]
