"""Measure the embedded Toxiproxy beside the real one, on this machine, now.

    python -m bench relay [--rounds 5] [--gigabytes 1]

The relay alone on the last core, clients and upstream on the first, both relays in turns. Linux
only. Rates depend on the machine: read the ratios. The last line says what others took of the
relays' core; where that is much, only the rows of CPU and memory tell anything. Ends with 1 where
a goal is missed: 1.3 × the real one's throughput, at most 1.5 × its added median latency at 1000
connections, as many new connections per second.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import IO

from bench.cores import SENDER, on_core
from bench.ports import free_port
from bench.reading import cpu_seconds
from bench.relay_peer import HEAD

CROWD = 1000
SIZE = 1024 * 1024
PINGS, DIALS = 4000, 1500
ROWS = (
    ("plain", "MB/s", 1.3),
    ("plain CPU", "ms/GB", 0.0),
    ("latency 20 ms", "MB/s", 1.3),
    ("latency CPU", "ms/GB", 0.0),
    ("new connections", "/s", 1.0),
    ("connection CPU", "µs", 0.0),
    ("added p50", "µs", -1.5),
    ("added p99", "µs", 0.0),
    ("memory", "KiB/connection", 0.0),
)
"""What is measured, its unit, and the goal as a ratio to the real one: at least, or (negative) at
most; 0: none.
"""


@dataclass(frozen=True)
class Relay:
    """A running server of either kind."""

    name: str
    port: int
    pid: int

    def call(self, method: str, path: str, body: object = None) -> dict[str, object]:
        """Ask its control API."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body))
            text = connection.getresponse().read()
            found: dict[str, object] = json.loads(text) if text else {}
            return found

    def memory(self) -> float:
        """Resident KiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])


class Core:
    """What a core does beside some processes, from now on."""

    def __init__(self, number: int, pids: Sequence[int]) -> None:
        self._number, self._pids = number, pids
        self._before = self._read()

    def others(self) -> float:
        """The share of the time since that somebody else used; a host that took it counts too."""
        total, idle, used = (
            now - before for now, before in zip(self._read(), self._before, strict=True)
        )
        return max(0.0, total - idle - used) / total

    def _read(self) -> tuple[float, float, float]:
        """Seconds in all, those idle, those that the processes used."""
        text = Path("/proc/stat").read_text()
        fields = text.partition(f"cpu{self._number} ")[2].partition("\n")[0].split()
        ticks = [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[:8]]
        return sum(ticks), ticks[3] + ticks[4], sum(map(cpu_seconds, self._pids))


@contextmanager
def running(name: str, command: list[str], port: int, core: int) -> Iterator[Relay]:
    """Run a server on one core."""
    with on_core(core):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Relay(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def measure(relay: Relay, upstream: int, gigabytes: float) -> dict[str, float]:
    """One round of everything, through a fresh proxy."""
    wanted = {"name": "b", "listen": "127.0.0.1:0", "upstream": f"127.0.0.1:{upstream}"}
    made = relay.call("POST", "/proxies", wanted)
    port = int(str(made["listen"]).rpartition(":")[2])
    found: dict[str, float] = {}
    found["plain"], found["plain CPU"] = _throughput(relay, port, gigabytes)
    toxic = {"type": "latency", "stream": "upstream", "attributes": {"latency": 20}}
    relay.call("POST", "/proxies/b/toxics", toxic)
    found["latency 20 ms"], found["latency CPU"] = _throughput(relay, port, gigabytes)
    relay.call("DELETE", "/proxies/b/toxics/latency_upstream")
    found["new connections"], found["connection CPU"] = _dials(relay, port)
    direct = _pings(upstream)
    before = relay.memory()
    through = _pings(port, crowded=lambda: found.update(memory=(relay.memory() - before) / CROWD))
    found["added p50"], found["added p99"] = through[0] - direct[0], through[1] - direct[1]
    relay.call("DELETE", "/proxies/b")
    return found


def _throughput(relay: Relay, port: int, gigabytes: float) -> tuple[float, float]:
    blocks = int(gigabytes * 1e9 / SIZE)
    with _block() as block, closing(_open(port, blocks * SIZE)) as connection:
        cpu, began = cpu_seconds(relay.pid), time.perf_counter()
        for _ in range(blocks):
            connection.sendfile(block)
        if not connection.recv(1):
            raise SystemExit(f"{relay.name} lost the connection")
        took, used = time.perf_counter() - began, cpu_seconds(relay.pid) - cpu
    size = blocks * SIZE
    return size / took / 1e6, used * 1000 / (size / 1e9)


@contextmanager
def _block() -> Iterator[IO[bytes]]:
    """Bytes that the kernel sends without copying them: the client must not be what is slow."""
    with os.fdopen(os.memfd_create("block"), "w+b") as block:
        block.write(bytes(SIZE))
        block.flush()
        yield block


def _dials(relay: Relay, port: int) -> tuple[float, float]:
    cpu, began = cpu_seconds(relay.pid), time.perf_counter()
    for _ in range(DIALS):
        with closing(_open(port, 0)) as connection:
            connection.recv(1)
    took, used = time.perf_counter() - began, cpu_seconds(relay.pid) - cpu
    return DIALS / took, used * 1e6 / DIALS


def _pings(port: int, crowded: Callable[[], None] | None = None) -> tuple[float, float]:
    """The median and the 99th percentile of a round trip, in µs, among a crowd taken in turn."""
    times: list[float] = []
    with ExitStack() as stack:
        crowd = [stack.enter_context(closing(_open(port, 0))) for _ in range(CROWD)]
        for connection in crowd:
            connection.recv(1)
        if crowded is not None:
            crowded()
        for number in range(PINGS):
            connection = crowd[number % CROWD]
            began = time.perf_counter()
            connection.sendall(b"x" * 64)
            connection.recv(64)
            times.append((time.perf_counter() - began) * 1e6)
    return median(times), quantiles(times, n=100)[98]


def _open(port: int, follows: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(follows.to_bytes(HEAD, "big"))
    return connection


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


def _commands() -> Iterator[tuple[str, list[str], int]]:
    port = free_port()
    flags = ["--host", "127.0.0.1", "--port", str(port)]
    yield "loadtui", [sys.executable, "-m", "loadtui.toxiproxy", *flags], port
    real = shutil.which("toxiproxy-server") or shutil.which(".tools/toxiproxy-server")
    if real is not None:
        port = free_port()
        yield "real", [real, "-host", "127.0.0.1", "-port", str(port)], port


def main(words: Sequence[str]) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m bench relay", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    options = parser.parse_args(words)
    upstream = free_port()
    peer = [sys.executable, "-m", "bench.relay_peer", str(upstream)]
    rounds: dict[str, list[dict[str, float]]] = {}
    with ExitStack() as stack:
        stack.enter_context(running("peer", peer, upstream, 0))
        relays = [
            stack.enter_context(running(name, command, port, SENDER))
            for name, command, port in _commands()
        ]
        stack.enter_context(on_core(0))
        core = Core(SENDER, [relay.pid for relay in relays])
        for number in range(options.rounds):
            for relay in relays if number % 2 == 0 else relays[::-1]:
                found = measure(relay, upstream, options.gigabytes)
                rounds.setdefault(relay.name, []).append(found)
        others = core.others()
    lines, missed = judge({name: _middle(found) for name, found in rounds.items()})
    lines.append(f"others took {others:.0%} of the relays' core meanwhile")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if missed else 0


def _middle(rounds: list[dict[str, float]]) -> dict[str, float]:
    first = [rounds[0]["memory"]]  # later rounds reuse what the first one left
    return {
        name: median(first if name == "memory" else [each[name] for each in rounds])
        for name in rounds[0]
    }


def judge(found: Mapping[str, Mapping[str, float]]) -> tuple[list[str], list[str]]:
    """The table of what was found for `loadtui` and, where it is there, `real`; goals missed."""
    ours, real = found["loadtui"], found.get("real")
    lines, missed = [f"{'':16} {'loadtui':>9} {'real':>9} {'ratio':>6}"], []
    for name, unit, goal in ROWS:
        if real is None:
            lines.append(f"{name:16} {ours[name]:9,.0f} {'':9} {'':6}  {unit}")
            continue
        ratio = ours[name] / real[name]
        met = not goal or (ratio >= goal if goal > 0 else ratio <= -goal)
        missed += [] if met else [name]
        words = f"goal {abs(goal):g} ×: {'met' if met else 'not met'}" if goal else ""
        line = f"{name:16} {ours[name]:9,.0f} {real[name]:9,.0f} {ratio:6.2f}  {unit:14} {words}"
        lines.append(line.rstrip())
    if real is None:
        lines.append("toxiproxy-server is not to be found: nothing to compare with")
    return lines, missed
